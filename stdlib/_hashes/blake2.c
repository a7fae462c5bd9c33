// SPDX-License-Identifier: MIT
// stdlib/_hashes/blake2.c: the module _blake2: BLAKE2b and BLAKE2s (RFC 7693), with all the parameters of the algorithm, which
// OpenSSL does not offer. One code for both: BLAKE2s is the same in words of 32 bits, with other rotations and ten rounds.
#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"

typedef struct Blake { Object head; bool wide, last_node; uint64_t h[8], count[2]; uint8_t block[128]; size_t filled, digest_size; } Blake;
static Type blake2b_type, blake2s_type;
static Blake *as_blake(Value v) { return (Blake *)as_object(v); }

static const uint64_t initial_wide[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3}, {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8}, {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10}, {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};
static uint64_t word_mask(bool wide) { return wide ? UINT64_MAX : UINT32_MAX; }
static uint64_t initial_word(bool wide, int i) { return wide ? initial_wide[i] : initial_wide[i] >> 32; }
static uint64_t read_word(const uint8_t *from, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++) word |= (uint64_t)from[i] << (8 * i);
    return word;
}
static uint64_t rotated(uint64_t x, unsigned by, bool wide)
{
    return wide ? x >> by | x << (64 - by) : ((uint32_t)x >> by | (uint32_t)x << (32 - by)) & UINT32_MAX;
}
static void mix(uint64_t *v, const int *at, uint64_t x, uint64_t y, bool wide)
{
    uint64_t *a = &v[at[0]], *b = &v[at[1]], *c = &v[at[2]], *d = &v[at[3]], mask = word_mask(wide);
    *a = (*a + *b + x) & mask;
    *d = rotated(*d ^ *a, wide ? 32 : 16, wide);
    *c = (*c + *d) & mask;
    *b = rotated(*b ^ *c, wide ? 24 : 12, wide);
    *a = (*a + *b + y) & mask;
    *d = rotated(*d ^ *a, wide ? 16 : 8, wide);
    *c = (*c + *d) & mask;
    *b = rotated(*b ^ *c, wide ? 63 : 7, wide);
}
static void compress(Blake *s, size_t added, bool last)
{
    static const int places[8][4] = {{0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15}, {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13}, {3, 4, 9, 14}};
    uint64_t v[16], m[16], mask = word_mask(s->wide);
    size_t size = s->wide ? 8 : 4;
    s->count[0] = (s->count[0] + added) & mask;
    if (s->count[0] < added) s->count[1]++;
    for (int i = 0; i < 16; i++) m[i] = read_word(s->block + (size_t)i * size, size);
    for (int i = 0; i < 8; i++) {
        v[i] = s->h[i];
        v[i + 8] = initial_word(s->wide, i);
    }
    v[12] ^= s->count[0];
    v[13] ^= s->count[1];
    if (last) v[14] ^= mask;
    if (last && s->last_node) v[15] ^= mask;
    for (int round = 0; round < (s->wide ? 12 : 10); round++)
        for (int i = 0; i < 8; i++) mix(v, places[i], m[sigma[round % 10][2 * i]], m[sigma[round % 10][2 * i + 1]], s->wide);
    for (int i = 0; i < 8; i++) s->h[i] ^= v[i] ^ v[i + 8];
}
static void feed(Blake *s, const uint8_t *data, size_t length)
{
    size_t block = s->wide ? 128 : 64;
    while (length > 0) {
        if (s->filled == block) {
            compress(s, block, false);
            s->filled = 0;
        }
        size_t part = length < block - s->filled ? length : block - s->filled;
        memcpy(s->block + s->filled, data, part);
        s->filled += part;
        data += part;
        length -= part;
    }
}
static bool feed_value(Thread *t, Blake *s, Value data)
{
    if (is_str(data)) return error_false(raise_type_error(t, "Strings must be encoded before hashing"));
    if (!is_buffer(data)) return error_false(raise_type_error(t, "object supporting the buffer API required"));
    OWN_BUFFER Buffer buffer = {0};
    if (!buffer_get(t, data, &buffer, 0)) return false;
    feed(s, (const uint8_t *)buffer.data, (size_t)buffer.length);
    return true;
}

static bool limited(Thread *t, Value v, uint64_t low, uint64_t high, const char *message, uint64_t *number)
{
    OWN Value index = object_index(t, v);
    if (is_error(index)) return false;
    if (int_sign(index) < 0 || !int_as_u64(t, index, number)) {
        if (error_pending(t)) error_clear(t);
        return error_false(raise_value_error(t, "%s", message));
    }
    return (*number >= low && *number <= high) || error_false(raise_value_error(t, "%s", message));
}
// Not negative, and not above `high`.
static bool sized(Thread *t, Value v, uint64_t high, const char *name, uint64_t *number)
{
    OWN Value index = object_index(t, v);
    if (is_error(index)) return false;
    if (int_sign(index) < 0) return error_false(raise_value_error(t, "value must be positive"));
    if (int_as_u64(t, index, number) && *number <= high) return true;
    if (error_pending(t)) error_clear(t);
    return error_false(raise_error(t, &exc_OverflowError, "%s is too large", name));
}
static bool part_into(Thread *t, Value v, uint8_t *to, size_t room, const char *name, size_t *length)
{
    if (is_unbound(v)) return true;
    OWN_BUFFER Buffer buffer = {0};
    if (!buffer_get(t, v, &buffer, 0)) return false;
    if ((size_t)buffer.length > room) return error_false(raise_value_error(t, "maximum %s length is %zu bytes", name, room));
    if (buffer.length > 0) memcpy(to, buffer.data, (size_t)buffer.length);
    *length = (size_t)buffer.length;
    return true;
}
static void put_word(uint8_t *to, uint64_t word, size_t size)
{
    for (size_t i = 0; i < size; i++) to[i] = (uint8_t)(word >> (8 * i));
}
// data, digest_size, key, salt, person, fanout, depth, leaf_size, node_offset, node_depth, inner_size, last_node, usedforsecurity
static Value construct(Thread *t, Type *type, const Value *args, bool wide)
{
    Blake *s = (Blake *)object_new(t, type);
    if (!s) return ERROR;
    OWN Value made = object_value(s);
    size_t most = wide ? 64 : 32, half = wide ? 16 : 8, key_length = 0, unused = 0;
    uint8_t p[64] = {0}, key[128] = {0};
    uint64_t digest_size, fanout, depth, leaf, offset, node_depth, inner;
    if (!limited(t, args[1], 1, most, wide ? "digest_size for blake2b must be between 1 and 64 bytes, here it is not" : "digest_size for blake2s must be between 1 and 32 bytes, here it is not", &digest_size) ||
        !part_into(t, args[2], key, most, "key", &key_length) || !part_into(t, args[3], p + (wide ? 32 : 16), half, "salt", &unused) ||
        !part_into(t, args[4], p + (wide ? 48 : 24), half, "person", &unused) || !limited(t, args[5], 0, 255, "fanout must be between 0 and 255", &fanout) ||
        !limited(t, args[6], 1, 255, "depth must be between 1 and 255", &depth) || !sized(t, args[7], UINT32_MAX, "leaf_size", &leaf) ||
        !sized(t, args[8], wide ? UINT64_MAX : ((uint64_t)1 << 48) - 1, "node_offset", &offset) ||
        !limited(t, args[9], 0, 255, "node_depth must be between 0 and 255", &node_depth) || !limited(t, args[10], 0, most, wide ? "inner_size must be between 0 and is 64" : "inner_size must be between 0 and is 32", &inner))
        return ERROR;
    int last_node = object_truth(t, args[11]);
    if (last_node < 0) return ERROR;
    p[0] = (uint8_t)digest_size;
    p[1] = (uint8_t)key_length;
    p[2] = (uint8_t)fanout;
    p[3] = (uint8_t)depth;
    put_word(p + 4, leaf, 4);
    put_word(p + 8, offset, wide ? 8 : 6);
    p[wide ? 16 : 14] = (uint8_t)node_depth;
    p[wide ? 17 : 15] = (uint8_t)inner;
    s->wide = wide;
    s->last_node = last_node;
    s->digest_size = digest_size;
    for (int i = 0; i < 8; i++) s->h[i] = initial_word(wide, i) ^ read_word(p + (size_t)i * (wide ? 8 : 4), wide ? 8 : 4);
    if (key_length > 0) feed(s, key, wide ? 128 : 64);
    return is_unbound(args[0]) || feed_value(t, s, args[0]) ? MOVE(made) : ERROR;
}
static Value construct_wide(Thread *t, Type *type, const Value *args) { return construct(t, type, args, true); }
static Value construct_narrow(Thread *t, Type *type, const Value *args) { return construct(t, type, args, false); }

static Value blake_digest(Thread *t, Value self, const Value *args)
{
    Blake s = *as_blake(self);
    size_t size = s.wide ? 8 : 4;
    memset(s.block + s.filled, 0, sizeof s.block - s.filled);
    compress(&s, s.filled, true);
    uint8_t digest[64];
    for (size_t i = 0; i < 8; i++) put_word(digest + i * size, s.h[i], size);
    return bytes_from(t, (const char *)digest, s.digest_size);
}
static Value blake_hexdigest(Thread *t, Value self, const Value *args)
{
    OWN Value digest = blake_digest(t, self, NULL);
    if (is_error(digest)) return ERROR;
    char text[128];
    for (size_t i = 0; i < bytes_length(digest); i++) {
        uint8_t byte = (uint8_t)bytes_data(digest)[i];
        text[2 * i] = "0123456789abcdef"[byte >> 4];
        text[2 * i + 1] = "0123456789abcdef"[byte & 15];
    }
    return str_from_ascii(t, text, bytes_length(digest) * 2);
}
static Value blake_update(Thread *t, Value self, const Value *args) { return feed_value(t, as_blake(self), args[0]) ? NONE : ERROR; }
static Value blake_copy(Thread *t, Value self, const Value *args)
{
    Blake *copy = (Blake *)object_new(t, as_blake(self)->wide ? &blake2b_type : &blake2s_type);
    if (!copy) return ERROR;
    Object head = copy->head;
    *copy = *as_blake(self);
    copy->head = head;
    return object_value(copy);
}
static Value blake_name(Thread *t, Value self) { return str_from_text(t, as_blake(self)->wide ? "blake2b" : "blake2s"); }
static Value blake_block_size(Thread *t, Value self) { return small_int(as_blake(self)->wide ? 128 : 64); }
static Value blake_digest_size(Thread *t, Value self) { return small_int((int64_t)as_blake(self)->digest_size); }
static const Method methods[] = {
    {"update", blake_update, "(self, data, /)", "Update this hash object's state with the provided bytes-like object."},
    {"copy", blake_copy, "(self)", "Return a copy of the hash object."},
    {"digest", blake_digest, "(self)", "Return the digest value as a bytes object."},
    {"hexdigest", blake_hexdigest, "(self)", "Return the digest value as a string of hexadecimal digits."},
    {0},
};
static const GetSet getsets[] = {
    {"name", blake_name, NULL, "the algorithm"}, {"block_size", blake_block_size, NULL, "bytes of a block"}, {"digest_size", blake_digest_size, NULL, "bytes of the digest"}, {0},
};
#define SIGNATURE(size) "(data=<unset>, /, *, digest_size=" size ", key=<unset>, salt=<unset>, person=<unset>, fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True)"
static const TypeSpec blake2b_spec = {.name = "_blake2.blake2b", .doc = "Return a new BLAKE2b hash object.", .size = sizeof(Blake), .methods = methods, .getsets = getsets, .new_signature = SIGNATURE("64"), .construct = construct_wide};
static const TypeSpec blake2s_spec = {.name = "_blake2.blake2s", .doc = "Return a new BLAKE2s hash object.", .size = sizeof(Blake), .methods = methods, .getsets = getsets, .new_signature = SIGNATURE("32"), .construct = construct_narrow};
// The type, and what its parameters may be at most, as its attributes.
static bool prepare(Thread *t, Type *type, const TypeSpec *spec, int64_t half)
{
    if (type->version) return true;
    bool done = type_prepare(t, type, spec) && dict_set_text(t, type->dict, "SALT_SIZE", small_int(half)) && dict_set_text(t, type->dict, "PERSON_SIZE", small_int(half)) &&
                dict_set_text(t, type->dict, "MAX_KEY_SIZE", small_int(4 * half)) && dict_set_text(t, type->dict, "MAX_DIGEST_SIZE", small_int(4 * half));
    if (done) type_keep(type);
    return done;
}
static bool start(Thread *t, Value module)
{
    if (!prepare(t, &blake2b_type, &blake2b_spec, 16) || !prepare(t, &blake2s_type, &blake2s_spec, 8)) return false;
    return module_add_type(t, module, &blake2b_type) && module_add_type(t, module, &blake2s_type);
}
extern const ModuleSpec _blake2_spec;
const ModuleSpec _blake2_spec = {.name = "_blake2", .doc = "The BLAKE2 hash functions.", .start = start};
