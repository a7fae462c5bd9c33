// SPDX-License-Identifier: MIT
// stdlib/_ssl/ssl.h: what the files of the module share.
#ifndef BATON_STDLIB_SSL_SSL_H
#define BATON_STDLIB_SSL_SSL_H

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/exception.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"
#include "stdlib/stream_lock.h"

enum Protocol { PROTOCOL_TLS = 2, PROTOCOL_TLSv1, PROTOCOL_TLSv1_1, PROTOCOL_TLSv1_2, PROTOCOL_TLS_CLIENT = 16, PROTOCOL_TLS_SERVER };
enum ErrorNumber { NUMBER_NONE, NUMBER_SSL, NUMBER_WANT_READ, NUMBER_WANT_WRITE, NUMBER_WANT_X509_LOOKUP, NUMBER_SYSCALL, NUMBER_ZERO_RETURN, NUMBER_WANT_CONNECT, NUMBER_EOF, NUMBER_NO_SOCKET, NUMBER_INVALID };

typedef struct Context {
    Object head;
    SSL_CTX *ctx;
    enum Protocol protocol;
    bool check_hostname, post_handshake_auth;
    unsigned host_flags;
    unsigned char *protocols;            // for ALPN, as they go over the wire
    unsigned protocols_length;
    Value sni_callback, message_callback, keylog_filename;     // UNBOUND: none
    BIO *keylog;
    pthread_mutex_t keylog_lock;
    bool has_lock;
} Context;

typedef struct MemoryBio { Object head; BIO *bio; bool eof_written; } MemoryBio;

// What the BIO of a socket works on: the descriptor for the call under way, and the errno that it met.
typedef struct Wire { int fd, failed; } Wire;

typedef struct Connection {
    Object head;
    Context *context;                    // owned
    SSL *ssl;
    Value socket;                        // weak reference to a _socket.socket; NONE: over MemoryBIOs
    Value owner;                         // weak reference, or NONE
    Value hostname;                      // str or NONE
    MemoryBio *incoming, *outgoing;      // owned, or NULL
    Wire wire;                           // [lock]
    bool server_side, shutdown_seen_zero, has_lock;
    Value callback_error;                // raised in a callback, to be raised when the call is over [GIL]
    pthread_mutex_t lock;                // recursive: a callback may ask its own connection
} Connection;

typedef struct Session { Object head; SSL_SESSION *session; Context *context; } Session;
typedef struct Certificate { Object head; X509 *cert; } Certificate;

extern Type ssl_context_type, ssl_connection_type, ssl_memory_bio_type, ssl_session_type, ssl_certificate_type, ssl_error_type;
extern const TypeSpec ssl_context_spec, ssl_connection_spec, ssl_memory_bio_spec, ssl_session_spec, ssl_certificate_spec;
static inline Context *as_context(Value v) { return (Context *)as_object(v); }
static inline Connection *as_connection(Value v) { return (Connection *)as_object(v); }

// errors.c
NEEDS_GIL MAY_RAISE bool ssl_errors_start(Thread *t, Value module);
NEEDS_GIL COLD Value raise_ssl(Thread *t, int slot, enum ErrorNumber number, const char *text, unsigned long code, Connection *c);
NEEDS_GIL COLD Value raise_ssl_library(Thread *t);      // what is on OpenSSL's stack; clears it
#define RAISE_PLAIN(...) raise_error(t, &ssl_error_type, __VA_ARGS__)

// certificate.c
NEEDS_GIL NEW_REF Value certificate_decode(Thread *t, X509 *cert);       // the dict of getpeercert()
NEEDS_GIL NEW_REF Value certificate_der(Thread *t, X509 *cert);
NEEDS_GIL NEW_REF Value certificate_new(Thread *t, X509 *cert);
NEEDS_GIL NEW_REF Value module_decode_cert(Thread *t, Value self, const Value *args);

// connection.c
NEEDS_GIL NEW_REF Value connection_new(Thread *t, Context *context, Value socket, MemoryBio *incoming, MemoryBio *outgoing, bool server_side, Value hostname, Value owner, Value session);
NEEDS_GIL MAY_RAISE bool connection_start(Thread *t);                    // the BIO method of sockets
NEEDS_GIL MAY_RAISE bool context_name_set(Thread *t, Connection *c, Value hostname);
NEEDS_GIL NEW_REF Value ssl_cipher_value(Thread *t, const SSL_CIPHER *cipher);

// context.c: callbacks of OpenSSL, which may come without the GIL
void context_keylog(const SSL *ssl, const char *line);
void context_message(int writes, int version, int kind, const void *data, size_t length, SSL *ssl, void *argument);

#endif
