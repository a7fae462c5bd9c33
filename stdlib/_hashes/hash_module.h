// SPDX-License-Identifier: MIT
// stdlib/_hashes/hash_module.h: a hash module over OpenSSL, included by one C file for each module, which says what is in it:
//     #define HASHES(HASH, ARG) HASH(ARG, python name, OpenSSL's name, bytes of a block, is it extendable)
//     #define HASH_MODULE _md5
//
// Always: a context is used inside its object's lock, since large data are hashed without the GIL.
#include <openssl/evp.h>
#include <pthread.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"

#define LARGE 2048             // bytes from which on the GIL is let go
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define JOINED_OF(a, b) a##b
#define JOINED(a, b) JOINED_OF(a, b)

typedef struct Algorithm { const char *name, *openssl_name; int block; bool extendable; } Algorithm;
typedef struct Hash { Object head; const Algorithm *algorithm; EVP_MD_CTX *context; pthread_mutex_t lock; bool has_lock; } Hash;
static Hash *as_hash(Value v) { return (Hash *)as_object(v); }

static void lock_hash(Thread *t, Hash *h)
{
    if (pthread_mutex_trylock(&h->lock) == 0) return;
    BLOCKING(t, GIL_HASH, pthread_mutex_lock(&h->lock));
}
static void hash_finish(Thread *t, Object *o)
{
    Hash *h = (Hash *)o;
    EVP_MD_CTX_free(h->context);
    if (h->has_lock) pthread_mutex_destroy(&h->lock);
}
static Value hash_blank(Thread *t, Type *type, const Algorithm *algorithm)
{
    Hash *h = (Hash *)object_new(t, type);
    if (!h) return ERROR;
    OWN Value made = object_value(h);
    h->algorithm = algorithm;
    pthread_mutex_init(&h->lock, NULL);
    h->has_lock = true;
    h->context = EVP_MD_CTX_new();
    return h->context ? MOVE(made) : raise_memory_error(t);
}
static bool hash_feed(Thread *t, Hash *h, Value data)
{
    if (is_str(data)) return error_false(raise_type_error(t, "Strings must be encoded before hashing"));
    if (!is_buffer(data)) return error_false(raise_type_error(t, "object supporting the buffer API required"));
    OWN_BUFFER Buffer buffer = {0};
    if (!buffer_get(t, data, &buffer, 0)) return false;
    int done;
    lock_hash(t, h);
    if (buffer.length >= LARGE) BLOCKING(t, GIL_HASH, done = EVP_DigestUpdate(h->context, buffer.data, (size_t)buffer.length));
    else done = EVP_DigestUpdate(h->context, buffer.data, (size_t)buffer.length);
    pthread_mutex_unlock(&h->lock);
    return done == 1 || error_false(raise_value_error(t, "the digest cannot be computed"));
}
static Value hash_start(Thread *t, Type *type, const Algorithm *algorithm, Value data)
{
    OWN Value made = hash_blank(t, type, algorithm);
    if (is_error(made)) return ERROR;
    EVP_MD *method = EVP_MD_fetch(NULL, algorithm->openssl_name, NULL);
    int started = method ? EVP_DigestInit_ex(as_hash(made)->context, method, NULL) : 0;
    EVP_MD_free(method);
    if (started != 1) return raise_value_error(t, "unsupported hash type %s", algorithm->name);
    return is_unbound(data) || hash_feed(t, as_hash(made), data) ? MOVE(made) : ERROR;
}
static Value hash_update(Thread *t, Value self, const Value *args) { return hash_feed(t, as_hash(self), args[0]) ? NONE : ERROR; }
static Value hash_copy(Thread *t, Value self, const Value *args)
{
    OWN Value made = hash_blank(t, type_of(self), as_hash(self)->algorithm);
    if (is_error(made)) return ERROR;
    lock_hash(t, as_hash(self));
    int copied = EVP_MD_CTX_copy_ex(as_hash(made)->context, as_hash(self)->context);
    pthread_mutex_unlock(&as_hash(self)->lock);
    return copied == 1 ? MOVE(made) : raise_memory_error(t);
}
static Value digest_of(Thread *t, Value self, Value wanted)
{
    Hash *h = as_hash(self);
    size_t length = (size_t)EVP_MD_CTX_get_size(h->context);
    if (h->algorithm->extendable) {
        OWN Value index = object_index(t, wanted);
        if (is_error(index)) return ERROR;
        if (int_sign(index) < 0) return raise_value_error(t, "value must be positive");
        if (!int_as_size(t, index, &length)) return ERROR;
        if (length >= (size_t)1 << 29) return raise_value_error(t, "length is too large");
    }
    OWN Value digest = bytes_from(t, NULL, length);
    OWN Value copy = is_error(digest) ? ERROR : hash_copy(t, self, NULL);
    if (is_error(copy)) return ERROR;
    EVP_MD_CTX *context = as_hash(copy)->context;
    if (length == 0) return MOVE(digest);
    int done = h->algorithm->extendable ? EVP_DigestFinalXOF(context, (unsigned char *)bytes_data(digest), length) : EVP_DigestFinal_ex(context, (unsigned char *)bytes_data(digest), NULL);
    return done == 1 ? MOVE(digest) : raise_value_error(t, "the digest cannot be computed");
}
static Value hex_of(Thread *t, Value digest)
{
    if (is_error(digest)) return ERROR;
    size_t length = bytes_length(digest);
    OWN_MEMORY char *text = mem_allocate(t, length * 2 + 1);
    if (!text) return ERROR;
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = (uint8_t)bytes_data(digest)[i];
        text[2 * i] = "0123456789abcdef"[byte >> 4];
        text[2 * i + 1] = "0123456789abcdef"[byte & 15];
    }
    return str_from_ascii(t, text, length * 2);
}
UNUSED static Value hash_digest(Thread *t, Value self, const Value *args) { return digest_of(t, self, UNBOUND); }
UNUSED static Value hash_digest_sized(Thread *t, Value self, const Value *args) { return digest_of(t, self, args[0]); }
UNUSED static Value hash_hexdigest(Thread *t, Value self, const Value *args)
{
    OWN Value digest = digest_of(t, self, UNBOUND);
    return hex_of(t, digest);
}
UNUSED static Value hash_hexdigest_sized(Thread *t, Value self, const Value *args)
{
    OWN Value digest = digest_of(t, self, args[0]);
    return hex_of(t, digest);
}
static Value hash_name(Thread *t, Value self) { return str_from_text(t, as_hash(self)->algorithm->name); }
static Value hash_block_size(Thread *t, Value self) { return small_int(as_hash(self)->algorithm->block); }
static Value hash_digest_size(Thread *t, Value self) { return small_int(as_hash(self)->algorithm->extendable ? 0 : EVP_MD_CTX_get_size(as_hash(self)->context)); }

#define COMMON_METHODS \
    {"update", hash_update, "(self, obj, /)", "Update this hash object's state with the provided string."}, \
    {"copy", hash_copy, "(self)", "Return a copy of the hash object."}
UNUSED static const Method fixed_methods[] = {
    COMMON_METHODS,
    {"digest", hash_digest, "(self)", "Return the digest value as a bytes object."},
    {"hexdigest", hash_hexdigest, "(self)", "Return the digest value as a string of hexadecimal digits."},
    {0},
};
UNUSED static const Method extendable_methods[] = {
    COMMON_METHODS,
    {"digest", hash_digest_sized, "(self, length, /)", "Return the digest value as a bytes object."},
    {"hexdigest", hash_hexdigest_sized, "(self, length, /)", "Return the digest value as a string of hexadecimal digits."},
    {0},
};
#ifdef HASH_SPONGE
// Of its 1600 bits of state a sponge takes in the bits of a block at a time; the suffix tells its kinds apart.
static Value hash_rate(Thread *t, Value self) { return small_int(8 * as_hash(self)->algorithm->block); }
static Value hash_capacity(Thread *t, Value self) { return small_int(1600 - 8 * as_hash(self)->algorithm->block); }
static Value hash_suffix(Thread *t, Value self) { return bytes_from(t, as_hash(self)->algorithm->extendable ? "\x1f" : "\x06", 1); }
#define SPONGE_GETSETS {"_rate_bits", hash_rate, NULL, NULL}, {"_capacity_bits", hash_capacity, NULL, NULL}, {"_suffix", hash_suffix, NULL, NULL},
#else
#define SPONGE_GETSETS
#endif
static const GetSet getsets[] = {
    {"name", hash_name, NULL, "the algorithm"}, {"block_size", hash_block_size, NULL, "bytes of a block"}, {"digest_size", hash_digest_size, NULL, "bytes of the digest"}, SPONGE_GETSETS {0},
};

#define DEFINE_HASH(unused, id, openssl, block, extendable) \
    static Type id##_type; \
    static const Algorithm id##_algorithm = {#id, openssl, block, extendable}; \
    static const TypeSpec id##_spec = { \
        .name = TEXT(HASH_MODULE) "." #id, .size = sizeof(Hash), .flags = TYPE_NO_NEW, .slots = {.finish = hash_finish}, \
        .methods = extendable ? extendable_methods : fixed_methods, .getsets = getsets, \
    }; \
    static Value id##_new(Thread *t, Value self, const Value *args) { return hash_start(t, &id##_type, &id##_algorithm, args[0]); }
HASHES(DEFINE_HASH, )

#define LIST_HASH(unused, id, openssl, block, extendable) {#id, id##_new, "(string=<unset>, *, usedforsecurity=True)", "Return a new " #id " hash object."},
static const Method functions[] = {HASHES(LIST_HASH, ) {0}};
static bool start(Thread *t, Value module)
{
#define PREPARE_HASH(unused, id, openssl, block, extendable) \
    if (id##_type.version == 0 && !type_prepare(t, &id##_type, &id##_spec)) return false;
    HASHES(PREPARE_HASH, )
    return true;
}
extern const ModuleSpec JOINED(HASH_MODULE, _spec);
const ModuleSpec JOINED(HASH_MODULE, _spec) = {.name = TEXT(HASH_MODULE), .doc = "Hash functions of OpenSSL.", .functions = functions, .start = start};
