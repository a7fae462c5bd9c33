// SPDX-License-Identifier: MIT
// stdlib/_ssl/bio.c: MemoryBIO: bytes on their way from or to a connection; and SSLSession.
#include <limits.h>

#include "stdlib/_ssl/ssl.h"

Type ssl_memory_bio_type, ssl_session_type;
static MemoryBio *as_bio(Value v) { return (MemoryBio *)as_object(v); }

static Value bio_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER MemoryBio *b = (MemoryBio *)object_new(t, type);
    if (!b) return ERROR;
    b->bio = BIO_new(BIO_s_mem());
    if (!b->bio) return RAISE_PLAIN("failed to allocate BIO");
    BIO_set_retry_read(b->bio);
    BIO_set_mem_eof_return(b->bio, -1);              // empty is not the end: more may be written
    return object_value(MOVE_POINTER(b));
}
static void bio_finish(Thread *t, Object *o) { BIO_free(((MemoryBio *)o)->bio); }
static Value bio_read(Thread *t, Value self, const Value *args)
{
    ptrdiff_t size;
    if (!object_as_index(t, args[0], &size, &exc_OverflowError)) return ERROR;
    size_t there = BIO_ctrl_pending(as_bio(self)->bio);
    if (size < 0 || (size_t)size > there) size = (ptrdiff_t)there;
    if (size > INT_MAX) size = INT_MAX;
    OWN Value data = bytes_from(t, NULL, (size_t)size);
    if (is_error(data) || size == 0) return MOVE(data);
    int got = BIO_read(as_bio(self)->bio, bytes_data(data), (int)size);
    return got < 0 ? raise_ssl_library(t) : bytes_cut(t, MOVE(data), (size_t)got);
}
static Value bio_write(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    if (data.length > INT_MAX) return raise_error(t, &exc_OverflowError, "string longer than %d bytes", INT_MAX);
    if (as_bio(self)->eof_written) return RAISE_PLAIN("cannot write() after write_eof()");
    int put = data.length ? BIO_write(as_bio(self)->bio, data.data, (int)data.length) : 0;
    return put < 0 ? raise_ssl_library(t) : small_int(put);
}
static Value bio_write_eof(Thread *t, Value self, const Value *args)
{
    as_bio(self)->eof_written = true;
    BIO_clear_retry_flags(as_bio(self)->bio);
    BIO_set_mem_eof_return(as_bio(self)->bio, 0);
    return NONE;
}
static Value bio_pending(Thread *t, Value self) { return int_value(t, (int64_t)BIO_ctrl_pending(as_bio(self)->bio)); }
static Value bio_eof(Thread *t, Value self) { return bool_value(as_bio(self)->eof_written && BIO_ctrl_pending(as_bio(self)->bio) == 0); }
static const Method bio_methods[] = {
    {"read", bio_read, "(self, size=-1, /)", "Read up to so many bytes."}, {"write", bio_write, "(self, b, /)", "Write bytes: how many."},
    {"write_eof", bio_write_eof, "(self)", "Write an end: reading comes to it when all has been read."}, {0},
};
static const GetSet bio_getsets[] = {{"pending", bio_pending, NULL, "bytes that wait"}, {"eof", bio_eof, NULL, "whether the end has been reached"}, {0}};
const TypeSpec ssl_memory_bio_spec = {
    .name = "_ssl.MemoryBIO", .size = sizeof(MemoryBio), .slots = {.finish = bio_finish}, .methods = bio_methods, .getsets = bio_getsets, .new_signature = "()", .construct = bio_construct,
};

// ---- Sessions
static Session *as_session(Value v) { return (Session *)as_object(v); }
static void session_finish(Thread *t, Object *o)
{
    SSL_SESSION_free(((Session *)o)->session);
    drop_pointer(MOVE_POINTER(((Session *)o)->context));
}
static void session_visit(Object *o, VisitFn visit, void *context)
{
    if (((Session *)o)->context) visit(object_value(((Session *)o)->context), context);
}
static const unsigned char *session_id(Value v, unsigned *length) { return SSL_SESSION_get_id(as_session(v)->session, length); }
static bool session_hash(Thread *t, Value self, int64_t *hash)
{
    unsigned length;
    const unsigned char *id = session_id(self, &length);
    uint64_t sum = 0;
    for (unsigned i = 0; i < length; i++) sum = sum * 1000003 ^ id[i];
    *hash = (int64_t)(sum == UINT64_MAX ? 1 : sum);
    return true;
}
static Value session_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (type_of(a) != type_of(b) || (op != CMP_EQ && op != CMP_NE)) return NOT_IMPLEMENTED;
    unsigned m, n;
    const unsigned char *x = session_id(a, &m), *y = session_id(b, &n);
    bool equal = m == n && memcmp(x, y, m) == 0;
    return bool_value(equal == (op == CMP_EQ));
}
static Value get_id(Thread *t, Value self)
{
    unsigned length;
    const unsigned char *id = session_id(self, &length);
    return bytes_from(t, (const char *)id, length);
}
static Value get_time(Thread *t, Value self) { return int_value(t, SSL_SESSION_get_time(as_session(self)->session)); }
static Value get_timeout(Thread *t, Value self) { return int_value(t, SSL_SESSION_get_timeout(as_session(self)->session)); }
static Value get_hint(Thread *t, Value self) { return int_value(t, (int64_t)SSL_SESSION_get_ticket_lifetime_hint(as_session(self)->session)); }
static Value get_has_ticket(Thread *t, Value self) { return bool_value(SSL_SESSION_has_ticket(as_session(self)->session)); }
static const GetSet session_getsets[] = {
    {"id", get_id, NULL, "Session id"}, {"time", get_time, NULL, "Session creation time (seconds since epoch)."}, {"timeout", get_timeout, NULL, "Session timeout (delta in seconds)."},
    {"ticket_lifetime_hint", get_hint, NULL, "Ticket life time hint."}, {"has_ticket", get_has_ticket, NULL, "Does the session contain a ticket?"}, {0},
};
const TypeSpec ssl_session_spec = {
    .name = "_ssl.SSLSession", .size = sizeof(Session), .flags = TYPE_NO_NEW | TYPE_GC, .slots = {.visit = session_visit, .finish = session_finish, .hash = session_hash, .compare = session_compare}, .getsets = session_getsets,
};
