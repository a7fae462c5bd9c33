// SPDX-License-Identifier: MIT
// stdlib/_ssl/connection.c: one TLS connection: over a socket, or over two MemoryBIOs.
//
// Over a socket OpenSSL never waits: our BIO makes each recv and send with MSG_DONTWAIT, whatever the descriptor's mode is. So the
// connection's lock is held for short whiles only, two threads can read and write one connection, and the wait itself is a poll()
// without lock and GIL. Over MemoryBIOs nothing can wait, and the GIL is kept: it guards their buffers.
#include <poll.h>
#include <sys/socket.h>

#include "runtime/types/weakref.h"
#include "stdlib/_socket/socket.h"
#include "stdlib/_ssl/ssl.h"

Type ssl_connection_type;
static BIO_METHOD *socket_method;

// ---- The BIO of a socket
static int wire_write(BIO *bio, const char *data, int length)
{
    Wire *w = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t put = send(w->fd, data, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL);
    w->failed = put < 0 ? errno : 0;
    if (put < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
    return (int)put;
}
static int wire_read(BIO *bio, char *data, int length)
{
    Wire *w = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t got = recv(w->fd, data, (size_t)length, MSG_DONTWAIT);
    w->failed = got < 0 ? errno : 0;
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
    if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)got;
}
static long wire_control(BIO *bio, int command, long number, void *pointer)
{
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP;
}
static int wire_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}
bool connection_start(Thread *t)
{
    if (socket_method) return true;
    socket_method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket of Python");
    return (socket_method && BIO_meth_set_write(socket_method, wire_write) && BIO_meth_set_read(socket_method, wire_read) && BIO_meth_set_ctrl(socket_method, wire_control) &&
            BIO_meth_set_create(socket_method, wire_create)) || error_false(raise_memory_error(t));
}

// ---- Making
static void connection_visit(Object *o, VisitFn visit, void *context)
{
    Connection *c = (Connection *)o;
    Value owned[] = {c->socket, c->owner, c->callback_error};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        if (is_object(owned[i])) visit(owned[i], context);
    if (c->context) visit(object_value(c->context), context);
}
static void connection_unlink(Thread *t, Object *o)
{
    Connection *c = (Connection *)o;
    Value *owned[] = {&c->socket, &c->owner, &c->callback_error};
    for (size_t i = 0; i < COUNT_OF(owned); i++) clear(owned[i]);
}
static void connection_finish(Thread *t, Object *o)
{
    Connection *c = (Connection *)o;
    if (c->ssl) SSL_free(c->ssl);
    if (c->has_lock) pthread_mutex_destroy(&c->lock);
    connection_unlink(t, o);
    clear(&c->hostname);
    drop_pointer(MOVE_POINTER(c->incoming));
    drop_pointer(MOVE_POINTER(c->outgoing));
    drop_pointer(MOVE_POINTER(c->context));
}
static bool is_address(const char *name, ASN1_OCTET_STRING **ip)
{
    *ip = a2i_IPADDRESS(name);
    if (!*ip) ERR_clear_error();
    return *ip != NULL;
}
// What the peer must be called, and asks for it in the handshake; an address is not asked for.
static bool set_hostname(Thread *t, Connection *c, Value hostname)
{
    OWN_MEMORY char *name = NULL;
    if (!host_text(t, hostname, true, &name)) return false;
    if (!*name || *name == '.') return error_false(raise_value_error(t, "server_hostname cannot be an empty string or start with a leading dot."));
    ASN1_OCTET_STRING *ip;
    bool numeric = is_address(name, &ip);
    X509_VERIFY_PARAM *parameters = SSL_get0_param(c->ssl);
    int done = 1;
    if (!numeric) done = (int)SSL_set_tlsext_host_name(c->ssl, name);
    if (done && c->context->check_hostname)
        done = numeric ? X509_VERIFY_PARAM_set1_ip(parameters, ASN1_STRING_get0_data(ip), (size_t)ASN1_STRING_length(ip)) : X509_VERIFY_PARAM_set1_host(parameters, name, strlen(name));
    if (numeric) ASN1_OCTET_STRING_free(ip);
    if (!done) return error_false(raise_ssl_library(t));
    assign(&c->hostname, str_from_text(t, name));
    return !is_error(c->hostname) || (c->hostname = NONE, false);
}
static bool attach_bios(Thread *t, Connection *c)
{
    if (c->incoming) {
        BIO_up_ref(c->incoming->bio);
        BIO_up_ref(c->outgoing->bio);
        SSL_set_bio(c->ssl, c->incoming->bio, c->outgoing->bio);
        return true;
    }
    BIO *bio = BIO_new(socket_method);
    if (!bio) return error_false(raise_memory_error(t));
    BIO_set_data(bio, &c->wire);
    SSL_set_bio(c->ssl, bio, bio);
    return true;
}
static bool set_session(Thread *t, Connection *c, Value v)
{
    if (type_of(v) != &ssl_session_type) return error_false(raise_type_error(t, "Value is not a SSLSession."));
    Session *s = (Session *)as_object(v);
    if (s->context->ctx != c->context->ctx) return error_false(raise_value_error(t, "Session refers to a different SSLContext."));
    if (c->server_side) return error_false(raise_value_error(t, "Cannot set session for server-side SSLSocket."));
    if (SSL_is_init_finished(c->ssl)) return error_false(raise_value_error(t, "Cannot set session after handshake."));
    SSL_SESSION *copy = SSL_SESSION_dup(s->session);      // the library writes to the one in use
    int done = copy && SSL_set_session(c->ssl, copy);
    SSL_SESSION_free(copy);
    return done || error_false(raise_ssl_library(t));
}
static bool weak_to(Thread *t, Value v, Value *slot)
{
    Value reference = is_none(v) ? NONE : weakref_new(t, &weakref_type, v, UNBOUND);
    if (is_error(reference)) return false;
    assign(slot, reference);
    return true;
}
Value connection_new(Thread *t, Context *context, Value socket, MemoryBio *incoming, MemoryBio *outgoing, bool server_side, Value hostname, Value owner, Value session)
{
    OWN_POINTER Connection *c = (Connection *)object_new(t, &ssl_connection_type);
    if (!c) return ERROR;
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&c->lock, &kind);
    pthread_mutexattr_destroy(&kind);
    c->has_lock = true;
    c->context = RETAIN(context);
    c->incoming = RETAIN(incoming);
    c->outgoing = RETAIN(outgoing);
    c->server_side = server_side;
    c->socket = c->owner = c->hostname = NONE;
    if (context->protocol == PROTOCOL_TLS_CLIENT && server_side) return raise_ssl(t, -1, NUMBER_SSL, "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context", 0, NULL);
    if (context->protocol == PROTOCOL_TLS_SERVER && !server_side) return raise_ssl(t, -1, NUMBER_SSL, "Cannot create a client socket with a PROTOCOL_TLS_SERVER context", 0, NULL);
    c->ssl = SSL_new(context->ctx);
    if (!c->ssl) return raise_ssl_library(t);
    SSL_set_app_data(c->ssl, c);
    SSL_set_mode(c->ssl, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY | SSL_MODE_ENABLE_PARTIAL_WRITE);
    if (!is_unbound(context->message_callback)) SSL_set_msg_callback(c->ssl, context_message);
    if (!server_side && context->post_handshake_auth) SSL_set_post_handshake_auth(c->ssl, 1);
    if (!is_none(hostname) && !set_hostname(t, c, hostname)) return ERROR;
    if (!attach_bios(t, c) || !weak_to(t, socket, &c->socket) || !weak_to(t, owner, &c->owner)) return ERROR;
    if (server_side) SSL_set_accept_state(c->ssl);
    else SSL_set_connect_state(c->ssl);
    if (!is_none(session) && !set_session(t, c, session)) return ERROR;
    return object_value(MOVE_POINTER(c));
}

// ---- Working
typedef enum Work { WORK_HANDSHAKE, WORK_READ, WORK_WRITE, WORK_SHUTDOWN } Work;
typedef struct Job { Work work; char *data; size_t length, done; int result, failed, code; unsigned long error; } Job;

static void do_job(SSL *ssl, Job *job)
{
    ERR_clear_error();
    errno = 0;
    switch (job->work) {
    case WORK_HANDSHAKE: job->result = SSL_do_handshake(ssl); break;
    case WORK_READ: job->result = SSL_read_ex(ssl, job->data, job->length, &job->done); break;
    case WORK_WRITE: job->result = SSL_write_ex(ssl, job->data, job->length, &job->done); break;
    case WORK_SHUTDOWN: job->result = SSL_shutdown(ssl); break;
    }
    job->code = job->result > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl, job->result);
    job->error = ERR_peek_last_error();
}
// The socket of a connection; UNBOUND over MemoryBIOs; ERROR where it has gone.
static Value socket_of(Thread *t, Connection *c)
{
    if (is_none(c->socket)) return UNBOUND;
    Value socket = weakref_target(c->socket);
    if (!is_none(socket)) return socket;
    return raise_ssl(t, -1, NUMBER_NO_SOCKET, "Underlying socket connection gone", 0, NULL);
}
// One try, under the lock; without the GIL where there is a socket. False: a callback raised.
static bool try_job(Thread *t, Connection *c, Value socket, Job *job)
{
    static const GilReason reasons[] = {[WORK_HANDSHAKE] = GIL_CONNECT, [WORK_READ] = GIL_READ, [WORK_WRITE] = GIL_WRITE, [WORK_SHUTDOWN] = GIL_WRITE};
    HOLD_STREAM(t, &c->lock, GIL_LOCK);
    SSL *ssl = c->ssl;
    c->wire.failed = 0;
    if (is_unbound(socket)) {
        do_job(ssl, job);
    } else {
        c->wire.fd = as_socket(socket)->fd;
        BLOCKING(t, reasons[job->work], do_job(ssl, job));
    }
    job->failed = c->wire.failed;
    if (is_unbound(c->callback_error)) return true;
    ERR_clear_error();
    return error_restore(t, MOVE(c->callback_error)), false;
}
static Value raise_system(Thread *t, Connection *c, Value socket, const Job *job)
{
    if (job->error) return raise_ssl(t, SLOT_SSL_SYSCALL, NUMBER_SYSCALL, NULL, job->error, c);
    // A connection that breaks while it is read or written has come to its end, too: a client that leaves right after the handshake has not
    // taken the tickets that the server sent, so that the server is told of a reset. In the handshake (-1) the system's error is the reason.
    if (job->result < 0 && !is_unbound(socket) && job->failed) return raise_errno(t, job->failed);
    return raise_ssl(t, SLOT_SSL_EOF, NUMBER_EOF, "EOF occurred in violation of protocol", 0, NULL);
}
static Value raise_job(Thread *t, Connection *c, Value socket, const Job *job)
{
    switch (job->code) {
    case SSL_ERROR_ZERO_RETURN: return raise_ssl(t, SLOT_SSL_ZERO_RETURN, NUMBER_ZERO_RETURN, "TLS/SSL connection has been closed (EOF)", 0, NULL);
    case SSL_ERROR_WANT_READ: return raise_ssl(t, SLOT_SSL_WANT_READ, NUMBER_WANT_READ, "The operation did not complete (read)", 0, NULL);
    case SSL_ERROR_WANT_WRITE: return raise_ssl(t, SLOT_SSL_WANT_WRITE, NUMBER_WANT_WRITE, "The operation did not complete (write)", 0, NULL);
    case SSL_ERROR_WANT_X509_LOOKUP: return raise_ssl(t, -1, NUMBER_WANT_X509_LOOKUP, "The operation did not complete (X509 lookup)", 0, NULL);
    case SSL_ERROR_WANT_CONNECT: return raise_ssl(t, -1, NUMBER_WANT_CONNECT, "The operation did not complete (connect)", 0, NULL);
    case SSL_ERROR_SYSCALL: return raise_system(t, c, socket, job);
    case SSL_ERROR_SSL: break;
    default: return raise_ssl(t, -1, NUMBER_INVALID, "Invalid error code", job->error, NULL);
    }
    if (ERR_GET_LIB(job->error) == ERR_LIB_SSL && ERR_GET_REASON(job->error) == SSL_R_CERTIFICATE_VERIFY_FAILED) return raise_ssl(t, SLOT_SSL_CERT_VERIFICATION, NUMBER_SSL, NULL, job->error, c);
    if (ERR_GET_LIB(job->error) == ERR_LIB_SSL && ERR_GET_REASON(job->error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return raise_ssl(t, SLOT_SSL_EOF, NUMBER_EOF, "EOF occurred in violation of protocol", job->error, c);
    return raise_ssl(t, -1, NUMBER_SSL, job->error ? NULL : "A failure in the SSL library occurred", job->error, c);
}
// Tries until the work is done; waits for the socket as its timeout allows. 1: done, 0: the peer has closed (reading), -1: raised.
static int work(Thread *t, Connection *c, Job *job)
{
    static const char *const late[] = {"The handshake operation timed out", "The read operation timed out", "The write operation timed out", "The read operation timed out"};
    OWN Value socket = socket_of(t, c);
    if (is_error(socket)) return -1;
    uint64_t deadline = is_unbound(socket) ? UINT64_MAX : socket_deadline(as_socket(socket));
    for (;;) {
        if (!is_unbound(socket) && as_socket(socket)->fd < 0) return error_minus(raise_ssl(t, -1, NUMBER_NO_SOCKET, "Underlying socket has been closed.", 0, NULL));
        if (!try_job(t, c, socket, job) || !signals_poll(t)) return -1;
        if (job->result > 0) return 1;
        if (job->work == WORK_SHUTDOWN && job->result == 0) return 0;
        if (job->code == SSL_ERROR_ZERO_RETURN && job->work == WORK_READ && SSL_get_shutdown(c->ssl) == SSL_RECEIVED_SHUTDOWN) return 0;
        bool waits = job->code == SSL_ERROR_WANT_READ || job->code == SSL_ERROR_WANT_WRITE;
        if (!waits || is_unbound(socket) || as_socket(socket)->timeout_ns == 0) return error_minus(raise_job(t, c, socket, job));
        int ready = socket_wait(t, as_socket(socket), job->code == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline);
        if (ready < 0) return -1;
        if (ready == 0) return error_minus(raise_error(t, &exc_TimeoutError, "%s", job->work == WORK_SHUTDOWN && job->code == SSL_ERROR_WANT_WRITE ? late[WORK_WRITE] : late[job->work]));
    }
}
static Value connection_handshake(Thread *t, Value self, const Value *args)
{
    return work(t, as_connection(self), &(Job){.work = WORK_HANDSHAKE}) < 0 ? ERROR : NONE;
}
static Value connection_write(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer data = {0};
    if (!buffer_get(t, args[0], &data, 0)) return ERROR;
    if (data.length == 0) return small_int(0);
    size_t sent = 0;
    do {                         // a blocking socket takes all
        Job job = {.work = WORK_WRITE, .data = data.data + sent, .length = (size_t)data.length - sent};
        if (work(t, as_connection(self), &job) < 0) {
            if (sent == 0 || error_matches(t, &exc_TimeoutError)) return ERROR;
            if (!error_clear_if(t, as_type(t->interp->module_slots[SLOT_SSL_WANT_WRITE])) && !error_clear_if(t, as_type(t->interp->module_slots[SLOT_SSL_WANT_READ]))) return ERROR;
            break;               // part of it is on the way
        }
        sent += job.done;
    } while (sent < (size_t)data.length);
    return int_value(t, (int64_t)sent);
}
static Value connection_read(Thread *t, Value self, const Value *args)
{
    ptrdiff_t length;
    OWN_BUFFER Buffer room = {0};
    OWN Value data = UNBOUND;
    Job job = {.work = WORK_READ};
    if (!object_as_index(t, args[0], &length, &exc_OverflowError)) return ERROR;
    if (is_unbound(args[1])) {
        if (length < 0) return raise_value_error(t, "size should not be negative");
        data = bytes_from(t, NULL, (size_t)length);
        if (is_error(data) || length == 0) return MOVE(data);
        job.data = bytes_data(data);
    } else {
        if (!buffer_get(t, args[1], &room, BUFFER_WRITABLE)) return ERROR;
        if (length <= 0 || length > room.length) length = room.length;
        if (length == 0) return small_int(0);
        job.data = room.data;
    }
    job.length = (size_t)length;
    if (work(t, as_connection(self), &job) < 0) return ERROR;
    return is_unbound(data) ? int_value(t, (int64_t)job.done) : bytes_cut(t, MOVE(data), job.done);
}
static Value connection_pending(Thread *t, Value self, const Value *args)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    return int_value(t, SSL_pending(as_connection(self)->ssl));
}
// Says goodbye; then waits for the peer's, so that the socket can be used further. The socket, or None.
static Value connection_shutdown(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    for (int zeros = 0;;) {
        int done = work(t, c, &(Job){.work = WORK_SHUTDOWN});
        if (done < 0) return ERROR;
        if (done > 0) break;
        if (++zeros > 1) break;
        c->shutdown_seen_zero = true;
    }
    return is_none(c->socket) ? NONE : weakref_target(c->socket);
}

// ---- Asking
static Value connection_getpeercert(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    int binary = object_truth(t, args[0]);
    if (binary < 0) return ERROR;
    HOLD_STREAM(t, &c->lock, GIL_LOCK);
    if (!SSL_is_init_finished(c->ssl)) return raise_value_error(t, "handshake not done yet");
    X509 *cert = SSL_get1_peer_certificate(c->ssl);
    if (!cert) return NONE;
    Value result;
    if (binary) {
        result = certificate_der(t, cert);
    } else if (SSL_CTX_get_verify_mode(SSL_get_SSL_CTX(c->ssl)) & SSL_VERIFY_PEER) {
        result = certificate_decode(t, cert);
    } else {
        Dict *empty = dict_new(t);
        result = empty ? object_value(empty) : ERROR;
    }
    X509_free(cert);
    return result;
}
Value ssl_cipher_value(Thread *t, const SSL_CIPHER *cipher)
{
    OWN Value name = str_from_text(t, SSL_CIPHER_get_name(cipher));
    OWN Value version = is_error(name) ? ERROR : str_from_text(t, SSL_CIPHER_get_version(cipher));
    return is_error(version) ? ERROR : tuple_of(t, 3, name, version, small_int(SSL_CIPHER_get_bits(cipher, NULL)));
}
static Value connection_cipher(Thread *t, Value self, const Value *args)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    const SSL_CIPHER *cipher = SSL_get_current_cipher(as_connection(self)->ssl);
    return cipher ? ssl_cipher_value(t, cipher) : NONE;
}
static Value connection_shared_ciphers(Thread *t, Value self, const Value *args)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    SSL *ssl = as_connection(self)->ssl;
    STACK_OF(SSL_CIPHER) *known = SSL_get_ciphers(ssl);
    if (!known) return NONE;
    OWN Value list = list_new(t, 8);
    for (int i = 0; !is_error(list) && i < sk_SSL_CIPHER_num(known); i++)
        if (!list_append_owned(t, list, ssl_cipher_value(t, sk_SSL_CIPHER_value(known, i)))) return ERROR;
    return MOVE(list);
}
static Value connection_version(Thread *t, Value self, const Value *args)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    SSL *ssl = as_connection(self)->ssl;
    return SSL_is_init_finished(ssl) ? str_from_text(t, SSL_get_version(ssl)) : NONE;
}
static Value connection_alpn(Thread *t, Value self, const Value *args)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    const unsigned char *name;
    unsigned length;
    SSL_get0_alpn_selected(as_connection(self)->ssl, &name, &length);
    return name ? str_from_utf8(t, (const char *)name, length) : NONE;
}
static Value connection_compression(Thread *t, Value self, const Value *args)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    const COMP_METHOD *method = SSL_get_current_compression(as_connection(self)->ssl);
    const char *name = method ? SSL_COMP_get_name(method) : NULL;
    return name ? str_from_text(t, name) : NONE;
}
static Value connection_channel_binding(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    char data[128];
    if (!is_str(args[0])) return raise_type_error(t, "get_channel_binding() argument 'cb_type' must be str, not %T", args[0]);
    if (!str_equal_text(as_str(args[0]), "tls-unique")) return raise_value_error(t, "'%S' channel binding type not implemented", args[0]);
    HOLD_STREAM(t, &c->lock, GIL_LOCK);
    bool own = (SSL_session_reused(c->ssl) != 0) != !c->server_side;
    size_t length = own ? SSL_get_finished(c->ssl, data, sizeof data) : SSL_get_peer_finished(c->ssl, data, sizeof data);
    return length ? bytes_from(t, data, length < sizeof data ? length : sizeof data) : NONE;
}
static Value connection_verify_post_handshake(Thread *t, Value self, const Value *args)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    ERR_clear_error();
    return SSL_verify_client_post_handshake(as_connection(self)->ssl) ? NONE : raise_ssl_library(t);
}
static Value chain_value(Thread *t, STACK_OF(X509) *chain)
{
    OWN Value list = list_new(t, 4);
    for (int i = 0; !is_error(list) && i < sk_X509_num(chain); i++)
        if (!list_append_owned(t, list, certificate_new(t, sk_X509_value(chain, i)))) return ERROR;
    return MOVE(list);
}
static Value connection_verified_chain(Thread *t, Value self, const Value *args)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    STACK_OF(X509) *chain = SSL_get0_verified_chain(as_connection(self)->ssl);
    return chain ? chain_value(t, chain) : NONE;
}
static Value connection_unverified_chain(Thread *t, Value self, const Value *args)
{
    Connection *c = as_connection(self);
    HOLD_STREAM(t, &c->lock, GIL_LOCK);
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(c->ssl);
    if (!chain) return NONE;
    OWN Value list = chain_value(t, chain);
    X509 *peer = c->server_side ? SSL_get0_peer_certificate(c->ssl) : NULL;       // a server's view of the chain lacks it
    if (!is_error(list) && peer) {
        OWN Value own = certificate_new(t, peer);
        if (is_error(own) || !list_insert(t, list, 0, own)) return ERROR;
    }
    return MOVE(list);
}

// ---- Attributes
static Value get_context(Thread *t, Value self) { return retain(object_value(as_connection(self)->context)); }
static bool put_context(Thread *t, Value self, Value v)
{
    Connection *c = as_connection(self);
    if (is_unbound(v) || !is_instance_of(v, &ssl_context_type)) return error_false(raise_type_error(t, "The value must be a SSLContext"));
    HOLD_STREAM(t, &c->lock, GIL_LOCK);
    if (SSL_set_SSL_CTX(c->ssl, as_context(v)->ctx) == NULL) return error_false(raise_ssl_library(t));
    Context *old = c->context;
    c->context = RETAIN(as_context(v));
    SSL_set_msg_callback(c->ssl, is_unbound(c->context->message_callback) ? NULL : context_message);
    drop_pointer(old);
    return true;
}
static Value get_server_side(Thread *t, Value self) { return bool_value(as_connection(self)->server_side); }
static Value get_hostname(Thread *t, Value self) { return retain(as_connection(self)->hostname); }
static Value get_owner(Thread *t, Value self) { return is_none(as_connection(self)->owner) ? NONE : weakref_target(as_connection(self)->owner); }
static bool put_owner(Thread *t, Value self, Value v) { return weak_to(t, is_unbound(v) ? NONE : v, &as_connection(self)->owner); }
static Value get_session_reused(Thread *t, Value self)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    return bool_value(SSL_session_reused(as_connection(self)->ssl));
}
static Value get_session(Thread *t, Value self)
{
    Connection *c = as_connection(self);
    HOLD_STREAM(t, &c->lock, GIL_LOCK);
    SSL_SESSION *session = SSL_get0_session(c->ssl);
    if (!session || (SSL_version(c->ssl) < TLS1_3_VERSION && !SSL_SESSION_has_ticket(session) && !SSL_is_init_finished(c->ssl))) return NONE;
    Session *s = (Session *)object_new(t, &ssl_session_type);
    if (!s) return ERROR;
    OWN Value made = object_value(s);
    s->context = RETAIN(c->context);
    s->session = SSL_SESSION_dup(session);
    return s->session ? MOVE(made) : raise_memory_error(t);
}
static bool put_session(Thread *t, Value self, Value v)
{
    HOLD_STREAM(t, &as_connection(self)->lock, GIL_LOCK);
    return set_session(t, as_connection(self), is_unbound(v) ? NONE : v);
}
static const Method methods[] = {
    {"do_handshake", connection_handshake, "(self)", "Do the handshake."}, {"write", connection_write, "(self, b, /)", "Write bytes: how many."},
    {"read", connection_read, "(self, size, buffer=<unset>, /)", "Read at most so many bytes, or into a buffer."}, {"pending", connection_pending, "(self)", "Bytes that are read already."},
    {"getpeercert", connection_getpeercert, "(self, der=False, /)", "The peer's certificate: a dict, or DER bytes."}, {"cipher", connection_cipher, "(self)", "(name, protocol, bits) of the cipher."},
    {"shared_ciphers", connection_shared_ciphers, "(self)", "The ciphers that the connection may use."}, {"version", connection_version, "(self)", "The protocol."},
    {"selected_alpn_protocol", connection_alpn, "(self)", "The application's protocol that both agreed on."}, {"compression", connection_compression, "(self)", "The compression."},
    {"shutdown", connection_shutdown, "(self)", "End the TLS connection: the socket below."}, {"get_channel_binding", connection_channel_binding, "(self, cb_type='tls-unique')", "Data to bind a channel with."},
    {"verify_client_post_handshake", connection_verify_post_handshake, "(self)", "Ask a TLS 1.3 client for its certificate."},
    {"get_verified_chain", connection_verified_chain, "(self)", "The peer's chain as verified."}, {"get_unverified_chain", connection_unverified_chain, "(self)", "The peer's chain as sent."}, {0},
};
static const GetSet getsets[] = {
    {"context", get_context, put_context, "its SSLContext"}, {"server_side", get_server_side, NULL, "whether it is the server's"}, {"server_hostname", get_hostname, NULL, "the peer's name"},
    {"owner", get_owner, put_owner, "the Python-level object"}, {"session", get_session, put_session, "its session"}, {"session_reused", get_session_reused, NULL, "whether a session was taken up again"}, {0},
};
const TypeSpec ssl_connection_spec = {
    .name = "_ssl._SSLSocket", .size = sizeof(Connection), .flags = TYPE_NO_NEW | TYPE_GC, .slots = {.visit = connection_visit, .unlink = connection_unlink, .finish = connection_finish}, .methods = methods, .getsets = getsets,
};
