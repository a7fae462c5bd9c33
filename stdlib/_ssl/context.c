// SPDX-License-Identifier: MIT
// stdlib/_ssl/context.c: SSLContext: certificates, what is verified, which ciphers, and Python's callbacks.
//
// OpenSSL calls back inside a handshake, which runs without the GIL where there is a socket: each callback takes it.
#include <limits.h>
#include <openssl/dh.h>
#include <openssl/pem.h>

#include "runtime/types/weakref.h"
#include "stdlib/_socket/socket.h"
#include "stdlib/_ssl/ssl.h"

Type ssl_context_type;

// ---- Making
static Value context_construct(Thread *t, Type *type, const Value *args)
{
    int protocol;
    if (!int_as_int(t, args[0], &protocol)) return ERROR;
    static const struct { int protocol, version; const char *deprecated; } known[] = {
        {PROTOCOL_TLS, 0, "ssl.PROTOCOL_TLS is deprecated"}, {PROTOCOL_TLSv1, TLS1_VERSION, "ssl.PROTOCOL_TLSv1 is deprecated"}, {PROTOCOL_TLSv1_1, TLS1_1_VERSION, "ssl.PROTOCOL_TLSv1_1 is deprecated"},
        {PROTOCOL_TLSv1_2, TLS1_2_VERSION, "ssl.PROTOCOL_TLSv1_2 is deprecated"}, {PROTOCOL_TLS_CLIENT, 0, NULL}, {PROTOCOL_TLS_SERVER, 0, NULL},
    };
    size_t k = 0;
    while (k < COUNT_OF(known) && known[k].protocol != protocol) k++;
    if (k == COUNT_OF(known)) return raise_value_error(t, "invalid or unsupported protocol version %d", protocol);
    if (known[k].deprecated && !warn(t, &exc_DeprecationWarning, 2, "%s", known[k].deprecated)) return ERROR;
    OWN_POINTER Context *c = (Context *)object_new(t, type);
    if (!c) return ERROR;
    pthread_mutex_init(&c->keylog_lock, NULL);
    c->has_lock = true;
    c->protocol = (enum Protocol)protocol;
    c->host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    c->ctx = SSL_CTX_new(protocol == PROTOCOL_TLS_CLIENT ? TLS_client_method() : protocol == PROTOCOL_TLS_SERVER ? TLS_server_method() : TLS_method());
    if (!c->ctx) return raise_ssl_library(t);
    if (known[k].version && (!SSL_CTX_set_min_proto_version(c->ctx, known[k].version) || !SSL_CTX_set_max_proto_version(c->ctx, known[k].version))) return raise_ssl_library(t);
    SSL_CTX_set_app_data(c->ctx, c);
    SSL_CTX_set_options(c->ctx, (SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS) | SSL_OP_NO_SSLv3 | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(c->ctx, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(c->ctx, (const unsigned char *)"Python", 6);
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(c->ctx);
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_TRUSTED_FIRST);
    X509_VERIFY_PARAM_set_hostflags(parameters, c->host_flags);
    SSL_CTX_set_post_handshake_auth(c->ctx, 0);
    c->check_hostname = protocol == PROTOCOL_TLS_CLIENT;
    SSL_CTX_set_verify(c->ctx, c->check_hostname ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE, NULL);
    return object_value(MOVE_POINTER(c));
}
static void context_visit(Object *o, VisitFn visit, void *context)
{
    Context *c = (Context *)o;
    Value owned[] = {c->sni_callback, c->message_callback};
    for (size_t i = 0; i < 2; i++)
        if (is_object(owned[i])) visit(owned[i], context);
}
static void context_unlink(Thread *t, Object *o)
{
    Context *c = (Context *)o;
    if (c->ctx) SSL_CTX_set_tlsext_servername_callback(c->ctx, NULL);
    clear(&c->sni_callback);
    clear(&c->message_callback);
}
static void context_finish(Thread *t, Object *o)
{
    Context *c = (Context *)o;
    context_unlink(t, o);
    clear(&c->keylog_filename);
    SSL_CTX_free(c->ctx);
    BIO_free(c->keylog);
    OPENSSL_free(c->protocols);
    if (c->has_lock) pthread_mutex_destroy(&c->keylog_lock);
}

// ---- Callbacks
static Value named_owner(Thread *t, Connection *c)
{
    Value found = is_none(c->owner) ? NONE : weakref_target(c->owner);
    return is_none(found) && !is_none(c->socket) ? weakref_target(c->socket) : found;
}
// The alert for a client that asked for `name`, as Python's callback says; 0: go on.
static int ask_sni(Thread *t, Connection *c, Context *context, const char *name)
{
    OWN Value callback = retain(context->sni_callback);
    OWN Value owner = named_owner(t, c);
    OWN Value text = name ? str_from_text(t, name) : NONE;
    if (is_error(text)) {
        error_unraisable(t, NULL, callback);
        return SSL_AD_INTERNAL_ERROR;
    }
    OWN Value kept = retain(object_value(context));
    OWN Value answer = call3(t, callback, owner, text, kept);
    if (is_error(answer)) {
        error_unraisable(t, NULL, callback);
        return SSL_AD_HANDSHAKE_FAILURE;
    }
    int alert;
    if (is_none(answer)) return 0;
    if (int_as_int(t, answer, &alert)) return alert;
    error_unraisable(t, NULL, answer);
    return SSL_AD_INTERNAL_ERROR;
}
MOVES_GIL static int on_servername(SSL *ssl, int *alert, void *argument)
{
    Thread *t = thread_current();
    Context *context = argument;
    Connection *c = SSL_get_app_data(ssl);
    bool outside = !t->gil.holds;
    if (outside) gil_acquire(t, GIL_FFI);
    *alert = is_unbound(context->sni_callback) ? 0 : ask_sni(t, c, context, SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
    if (outside) gil_release(t, GIL_FFI);
    return *alert ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_OK;
}
static void tell_message(Thread *t, Connection *c, Value callback, int writes, int version, int kind, const unsigned char *data, size_t length)
{
    int what = -1;
    switch (kind) {
    case SSL3_RT_CHANGE_CIPHER_SPEC: what = SSL3_MT_CHANGE_CIPHER_SPEC; break;
    case SSL3_RT_ALERT: what = length > 1 ? data[1] : -1; break;
    case SSL3_RT_HEADER: what = length > 0 ? data[0] : -1; break;
    case SSL3_RT_INNER_CONTENT_TYPE: case SSL3_RT_HANDSHAKE: what = length > 0 ? data[0] : -1; break;
    }
    if (kind == SSL3_RT_HEADER && length >= 3) version = data[1] << 8 | data[2];
    OWN Value owner = named_owner(t, c);
    OWN Value direction = str_from_text(t, writes ? "write" : "read");
    OWN Value bytes = is_error(direction) ? ERROR : bytes_from(t, (const char *)data, length);
    if (is_error(bytes)) return error_clear(t);
    OWN Value result = call(t, callback, (const Value[]){owner, direction, small_int(version), small_int(kind), small_int(what), bytes}, 6, UNBOUND);
    if (is_error(result)) assign(&c->callback_error, error_take(t));
}
MOVES_GIL void context_message(int writes, int version, int kind, const void *data, size_t length, SSL *ssl, void *argument)
{
    Thread *t = thread_current();
    Connection *c = SSL_get_app_data(ssl);
    bool outside = !t->gil.holds;
    if (outside) gil_acquire(t, GIL_FFI);
    if (!error_pending(t) && is_unbound(c->callback_error) && !is_unbound(c->context->message_callback)) {
        OWN Value callback = retain(c->context->message_callback);
        tell_message(t, c, callback, writes, version, kind, data, length);
    }
    if (outside) gil_release(t, GIL_FFI);
}
void context_keylog(const SSL *ssl, const char *line)
{
    Context *c = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    pthread_mutex_lock(&c->keylog_lock);
    if (c->keylog) {
        BIO_printf(c->keylog, "%s\n", line);
        (void)BIO_flush(c->keylog);
    }
    pthread_mutex_unlock(&c->keylog_lock);
}
static int on_alpn(SSL *ssl, const unsigned char **chosen, unsigned char *length, const unsigned char *offered, unsigned offered_length, void *argument)
{
    Context *c = argument;
    if (!c->protocols) return SSL_TLSEXT_ERR_NOACK;
    int found = SSL_select_next_proto((unsigned char **)chosen, length, c->protocols, c->protocols_length, offered, offered_length);
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// ---- Connections
static Value context_wrap_socket(Thread *t, Value self, const Value *args)
{
    int server_side = object_truth(t, args[1]);
    if (server_side < 0) return ERROR;
    if (!is_instance_of(args[0], &socket_type)) return raise_type_error(t, "_wrap_socket() argument 'sock' must be _socket.socket, not %T", args[0]);
    return connection_new(t, as_context(self), args[0], NULL, NULL, server_side, args[2], args[3], args[4]);
}
static Value context_wrap_bio(Thread *t, Value self, const Value *args)
{
    int server_side = object_truth(t, args[2]);
    if (server_side < 0) return ERROR;
    for (size_t i = 0; i < 2; i++)
        if (!is_instance_of(args[i], &ssl_memory_bio_type)) return raise_type_error(t, "_wrap_bio() argument '%s' must be _ssl.MemoryBIO, not %T", i ? "outgoing" : "incoming", args[i]);
    return connection_new(t, as_context(self), NONE, (MemoryBio *)as_object(args[0]), (MemoryBio *)as_object(args[1]), server_side, args[3], args[4], args[5]);
}

// ---- Ciphers and protocols
static bool text_from(Thread *t, Value v, const char *function, char **text)
{
    if (!is_str(v)) return error_false(raise_type_error(t, "%s() argument must be str, not %T", function, v));
    *text = str_to_utf8(t, as_str(v), NULL);
    return *text != NULL;
}
static Value context_set_ciphers(Thread *t, Value self, const Value *args)
{
    OWN_MEMORY char *list = NULL;
    if (!text_from(t, args[0], "set_ciphers", &list)) return ERROR;
    if (SSL_CTX_set_cipher_list(as_context(self)->ctx, list)) return NONE;
    ERR_clear_error();               // a selection that selects nothing is no error of the library's
    return RAISE_PLAIN("No cipher can be selected.");
}
static bool put_id(Thread *t, Dict *d, const char *key, int id) { return dict_set_text(t, d, key, id == NID_undef || !OBJ_nid2ln(id) ? NONE : str_from_text(t, OBJ_nid2ln(id))); }
static Value cipher_dict(Thread *t, const SSL_CIPHER *cipher)
{
    char description[512];
    int bits, used = SSL_CIPHER_get_bits(cipher, &bits);
    OWN_POINTER Dict *d = dict_new(t);
    SSL_CIPHER_description(cipher, description, sizeof description);
    size_t length = strlen(description);
    if (length && description[length - 1] == '\n') description[length - 1] = '\0';
    if (!d || !dict_set_text(t, d, "id", int_value(t, (int64_t)SSL_CIPHER_get_id(cipher))) || !dict_set_text(t, d, "name", str_from_text(t, SSL_CIPHER_get_name(cipher))) ||
        !dict_set_text(t, d, "protocol", str_from_text(t, SSL_CIPHER_get_version(cipher))) || !dict_set_text(t, d, "description", str_from_text(t, description)) ||
        !dict_set_text(t, d, "strength_bits", small_int(used)) || !dict_set_text(t, d, "alg_bits", small_int(bits)) || !dict_set_text(t, d, "aead", bool_value(SSL_CIPHER_is_aead(cipher))) ||
        !put_id(t, d, "symmetric", SSL_CIPHER_get_cipher_nid(cipher)) || !put_id(t, d, "digest", SSL_CIPHER_get_digest_nid(cipher)) || !put_id(t, d, "kea", SSL_CIPHER_get_kx_nid(cipher)) ||
        !put_id(t, d, "auth", SSL_CIPHER_get_auth_nid(cipher))) return ERROR;
    return object_value(MOVE_POINTER(d));
}
static Value context_get_ciphers(Thread *t, Value self, const Value *args)
{
    SSL *ssl = SSL_new(as_context(self)->ctx);
    if (!ssl) return raise_ssl_library(t);
    STACK_OF(SSL_CIPHER) *ciphers = SSL_get_ciphers(ssl);
    OWN Value list = list_new(t, 32);
    for (int i = 0; ciphers && !is_error(list) && i < sk_SSL_CIPHER_num(ciphers); i++)
        if (!list_append_owned(t, list, cipher_dict(t, sk_SSL_CIPHER_value(ciphers, i)))) assign(&list, ERROR);
    SSL_free(ssl);
    return MOVE(list);
}
static Value context_set_alpn(Thread *t, Value self, const Value *args)
{
    Context *c = as_context(self);
    OWN_BUFFER Buffer names_list = {0};
    if (!buffer_get(t, args[0], &names_list, 0)) return ERROR;
    if (names_list.length > UINT_MAX) return raise_error(t, &exc_OverflowError, "protocols longer than %u bytes", UINT_MAX);
    unsigned char *copy = OPENSSL_malloc((size_t)names_list.length + 1);
    if (!copy) return raise_memory_error(t);
    if (names_list.length) memcpy(copy, names_list.data, (size_t)names_list.length);
    unsigned char *old = c->protocols;
    c->protocols = copy;
    c->protocols_length = (unsigned)names_list.length;
    OPENSSL_free(old);
    if (SSL_CTX_set_alpn_protos(c->ctx, copy, c->protocols_length)) return raise_memory_error(t);
    SSL_CTX_set_alpn_select_cb(c->ctx, on_alpn, c);
    return NONE;
}
static Value context_set_curve(Thread *t, Value self, const Value *args)
{
    OWN Value encoded = is_str(args[0]) ? str_encode(t, as_str(args[0]), "utf-8", "surrogateescape") : retain(args[0]);
    if (is_error(encoded)) return ERROR;
    if (!is_bytes(encoded)) return raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", args[0]);
    int id = OBJ_sn2nid(bytes_data(encoded));
    if (id == NID_undef) return raise_value_error(t, "unknown elliptic curve name %R", args[0]);
    return SSL_CTX_set1_groups(as_context(self)->ctx, &id, 1) ? NONE : raise_ssl_library(t);
}

// ---- Certificates
static bool path_from_value(Thread *t, Value v, const char *complaint, Value *path)
{
    Value name = is_str(v) || is_bytes(v) ? retain(v) : call_special(t, v, NAME(__fspath__), NULL, 0);
    if (is_str(name)) assign(&name, str_encode(t, as_str(name), "utf-8", "surrogateescape"));
    if (is_error(name)) return false;
    if (!is_bytes(name)) {
        drop(name);
        return error_false(raise_type_error(t, "%s", complaint));
    }
    *path = name;
    return memchr(bytes_data(name), 0, bytes_length(name)) == NULL || error_false(raise_value_error(t, "embedded null byte"));
}
typedef struct Password { Thread *t; Value source, text; bool failed; } Password;    // source: a callable, or UNBOUND
static bool password_text(Thread *t, Password *p, Value v, const char *complaint)
{
    OWN Value text = is_str(v) ? str_encode(t, as_str(v), "utf-8", NULL) : is_bytes(v) ? retain(v) : is_bytearray(v) ? bytes_from(t, as_bytearray(v)->data, as_bytearray(v)->length) : UNBOUND;
    if (is_error(text)) return false;
    if (is_unbound(text)) return error_false(raise_type_error(t, "%s", complaint));
    if (bytes_length(text) > INT_MAX) return error_false(raise_value_error(t, "password cannot be longer than %d bytes", INT_MAX));
    assign(&p->text, MOVE(text));
    return true;
}
// Called by the library while the GIL is held.
static int on_password(char *room, int size, int writing, void *argument)
{
    Password *p = argument;
    Thread *t = p->t;
    if (!is_unbound(p->source)) {
        OWN Value answer = call0(t, p->source);
        p->failed = is_error(answer) || !password_text(t, p, answer, "password callback must return a string");
        if (p->failed) return -1;
    }
    if (bytes_length(p->text) > (size_t)size) {
        raise_value_error(t, "password cannot be longer than %d bytes", size);
        p->failed = true;
        return -1;
    }
    memcpy(room, bytes_data(p->text), bytes_length(p->text));
    return (int)bytes_length(p->text);
}
static Value loading_error(Thread *t, const Password *p)
{
    if (p && p->failed) return ERR_clear_error(), ERROR;
    int code = errno;
    unsigned long error = ERR_peek_last_error();
    if (code && ERR_GET_LIB(error) != ERR_LIB_PEM && ERR_GET_LIB(error) != ERR_LIB_ASN1 && (ERR_SYSTEM_ERROR(ERR_peek_error()) || ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_SYS || ERR_GET_REASON(error) == ERR_R_SYS_LIB))
        return ERR_clear_error(), raise_errno(t, code);
    return raise_ssl_library(t);
}
static Value load_chain(Thread *t, Context *c, const char *cert, const char *key, Password *p)
{
    errno = 0;
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(c->ctx, cert) != 1) return loading_error(t, p);
    errno = 0;
    if (SSL_CTX_use_PrivateKey_file(c->ctx, key, SSL_FILETYPE_PEM) != 1) return loading_error(t, p);
    return SSL_CTX_check_private_key(c->ctx) == 1 ? NONE : raise_ssl_library(t);
}
static Value context_load_cert_chain(Thread *t, Value self, const Value *args)
{
    Context *c = as_context(self);
    OWN Value cert = UNBOUND;
    OWN Value key = UNBOUND;
    OWN Value text = UNBOUND;
    if (!path_from_value(t, args[0], "certfile should be a valid filesystem path", &cert)) return ERROR;
    if (!is_none(args[1]) && !path_from_value(t, args[1], "keyfile should be a valid filesystem path", &key)) return ERROR;
    pem_password_cb *kept_callback = SSL_CTX_get_default_passwd_cb(c->ctx);
    void *kept_data = SSL_CTX_get_default_passwd_cb_userdata(c->ctx);
    Password p = {.t = t, .source = object_is_callable(args[2]) ? args[2] : UNBOUND};
    if (!is_none(args[2])) {
        if (is_unbound(p.source) && !password_text(t, &p, args[2], "password should be a string or callable")) return ERROR;
        SSL_CTX_set_default_passwd_cb(c->ctx, on_password);
        SSL_CTX_set_default_passwd_cb_userdata(c->ctx, &p);
    }
    Value result = load_chain(t, c, bytes_data(cert), is_unbound(key) ? bytes_data(cert) : bytes_data(key), &p);
    SSL_CTX_set_default_passwd_cb(c->ctx, kept_callback);
    SSL_CTX_set_default_passwd_cb_userdata(c->ctx, kept_data);
    clear(&p.text);
    return result;
}
// Adds all certificates of PEM or DER data to the store.
static Value add_certificates(Thread *t, Context *c, const char *data, size_t length, bool pem)
{
    if (length == 0) return raise_value_error(t, "Empty certificate data");
    if (length > INT_MAX) return raise_error(t, &exc_OverflowError, "Certificate data is too long.");
    BIO *bio = BIO_new_mem_buf(data, (int)length);
    if (!bio) return raise_memory_error(t);
    X509_STORE *store = SSL_CTX_get_cert_store(c->ctx);
    int loaded = 0;
    bool failed = false;
    ERR_clear_error();
    for (X509 *cert; !failed && (cert = pem ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : d2i_X509_bio(bio, NULL)); X509_free(cert)) {
        failed = !X509_STORE_add_cert(store, cert) && !(ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509 && ERR_GET_REASON(ERR_peek_last_error()) == X509_R_CERT_ALREADY_IN_HASH_TABLE);
        if (!failed) ERR_clear_error();
        loaded++;
    }
    unsigned long error = ERR_peek_last_error();
    bool at_end = pem ? ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE
                      : ERR_GET_LIB(error) == ERR_LIB_ASN1 && ERR_GET_REASON(error) == ASN1_R_HEADER_TOO_LONG && BIO_eof(bio);
    BIO_free(bio);
    if (!failed && !loaded) return raise_ssl(t, -1, NUMBER_SSL, pem ? "no start line: cadata does not contain a certificate" : "not enough data: cadata does not contain a certificate", error, NULL);
    if (failed || (!at_end && error)) return raise_ssl_library(t);
    ERR_clear_error();
    return NONE;
}
static Value context_load_locations(Thread *t, Value self, const Value *args)
{
    Context *c = as_context(self);
    OWN Value file = UNBOUND;
    OWN Value folder = UNBOUND;
    if (is_none(args[0]) && is_none(args[1]) && is_none(args[2])) return raise_type_error(t, "cafile, capath and cadata cannot be all omitted");
    if (!is_none(args[0]) && !path_from_value(t, args[0], "cafile should be a valid filesystem path", &file)) return ERROR;
    if (!is_none(args[1]) && !path_from_value(t, args[1], "capath should be a valid filesystem path", &folder)) return ERROR;
    if (is_str(args[2])) {
        if (!str_is_ascii(as_str(args[2]))) return raise_type_error(t, "cadata should be an ASCII string or a bytes-like object");
        OWN Value done = add_certificates(t, c, str_text(as_str(args[2])), as_str(args[2])->length, true);
        if (is_error(done)) return ERROR;
    } else if (!is_none(args[2])) {
        OWN_BUFFER Buffer data = {0};
        if (!is_buffer(args[2])) return raise_type_error(t, "cadata should be an ASCII string or a bytes-like object");
        if (!buffer_get(t, args[2], &data, 0)) return ERROR;
        OWN Value done = add_certificates(t, c, data.data, (size_t)data.length, false);
        if (is_error(done)) return ERROR;
    }
    if (is_unbound(file) && is_unbound(folder)) return NONE;
    const char *file_text = is_unbound(file) ? NULL : bytes_data(file), *folder_text = is_unbound(folder) ? NULL : bytes_data(folder);
    SSL_CTX *ctx = c->ctx;
    int done, code;
    BLOCKING(t, GIL_READ, { errno = 0; ERR_clear_error(); done = SSL_CTX_load_verify_locations(ctx, file_text, folder_text); code = errno; });
    errno = code;
    if (done != 1) return code ? (ERR_clear_error(), raise_errno(t, code)) : raise_ssl_library(t);
    return NONE;
}
static Value context_default_paths(Thread *t, Value self, const Value *args)
{
    SSL_CTX *ctx = as_context(self)->ctx;
    int done;
    BLOCKING(t, GIL_READ, done = SSL_CTX_set_default_verify_paths(ctx));
    return done ? NONE : raise_ssl_library(t);
}
static Value context_load_dh(Thread *t, Value self, const Value *args)
{
    OWN Value path = UNBOUND;
    if (!path_from_value(t, args[0], "expected str, bytes or os.PathLike object", &path)) return ERROR;
    BIO *bio = BIO_new_file(bytes_data(path), "r");
    if (!bio) {
        int code = errno;
        ERR_clear_error();
        return raise_errno_path(t, code, args[0], UNBOUND);
    }
    ERR_clear_error();
    EVP_PKEY *parameters = PEM_read_bio_Parameters(bio, NULL);
    BIO_free(bio);
    if (!parameters) return raise_ssl_library(t);
    if (SSL_CTX_set0_tmp_dh_pkey(as_context(self)->ctx, parameters)) return NONE;
    EVP_PKEY_free(parameters);
    return raise_ssl_library(t);
}
static Value context_store_stats(Thread *t, Value self, const Value *args)
{
    int certificates = 0, lists = 0, authorities = 0;
    X509_STORE *store = SSL_CTX_get_cert_store(as_context(self)->ctx);
    X509_STORE_lock(store);
    STACK_OF(X509_OBJECT) *all = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(all); i++) {
        const X509_OBJECT *one = sk_X509_OBJECT_value(all, i);
        if (X509_OBJECT_get_type(one) == X509_LU_X509) {
            certificates++;
            authorities += X509_check_ca(X509_OBJECT_get0_X509(one)) != 0;
        } else {
            lists += X509_OBJECT_get_type(one) == X509_LU_CRL;
        }
    }
    X509_STORE_unlock(store);
    OWN_POINTER Dict *d = dict_new(t);
    if (!d || !dict_set_text(t, d, "x509", small_int(certificates)) || !dict_set_text(t, d, "crl", small_int(lists)) || !dict_set_text(t, d, "x509_ca", small_int(authorities))) return ERROR;
    return object_value(MOVE_POINTER(d));
}
static Value context_get_ca_certs(Thread *t, Value self, const Value *args)
{
    int binary = object_truth(t, args[0]);
    OWN Value list = binary < 0 ? ERROR : list_new(t, 8);
    if (is_error(list)) return ERROR;
    X509_STORE *store = SSL_CTX_get_cert_store(as_context(self)->ctx);
    X509_STORE_lock(store);
    STACK_OF(X509_OBJECT) *all = X509_STORE_get0_objects(store);
    for (int i = 0; !is_error(list) && i < sk_X509_OBJECT_num(all); i++) {
        X509 *cert = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i));
        if (!cert || !X509_check_ca(cert)) continue;
        if (!list_append_owned(t, list, binary ? certificate_der(t, cert) : certificate_decode(t, cert))) assign(&list, ERROR);
    }
    X509_STORE_unlock(store);
    return MOVE(list);
}
static Value context_session_stats(Thread *t, Value self, const Value *args)
{
    SSL_CTX *ctx = as_context(self)->ctx;
    const NamedInt counts[] = {
        {"number", SSL_CTX_sess_number(ctx)}, {"connect", SSL_CTX_sess_connect(ctx)}, {"connect_good", SSL_CTX_sess_connect_good(ctx)}, {"connect_renegotiate", SSL_CTX_sess_connect_renegotiate(ctx)},
        {"accept", SSL_CTX_sess_accept(ctx)}, {"accept_good", SSL_CTX_sess_accept_good(ctx)}, {"accept_renegotiate", SSL_CTX_sess_accept_renegotiate(ctx)}, {"hits", SSL_CTX_sess_hits(ctx)},
        {"misses", SSL_CTX_sess_misses(ctx)}, {"timeouts", SSL_CTX_sess_timeouts(ctx)}, {"cache_full", SSL_CTX_sess_cache_full(ctx)}};
    OWN_POINTER Dict *d = dict_new(t);
    for (size_t i = 0; d && i < COUNT_OF(counts); i++)
        if (!dict_set_text(t, d, counts[i].name, small_int(counts[i].value))) return ERROR;
    return d ? object_value(MOVE_POINTER(d)) : ERROR;
}

// ---- Attributes
#define CANNOT_DELETE(v) if (is_unbound(v)) return error_false(raise_error(t, &exc_AttributeError, "cannot delete attribute"))
static Value get_verify_mode(Thread *t, Value self)
{
    int mode = SSL_CTX_get_verify_mode(as_context(self)->ctx);
    return small_int(mode == SSL_VERIFY_NONE ? 0 : mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT ? 2 : 1);
}
static bool set_mode(Thread *t, Context *c, int mode)
{
    static const int modes[] = {SSL_VERIFY_NONE, SSL_VERIFY_PEER, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT};
    if (mode < 0 || mode > 2) return error_false(raise_value_error(t, "invalid value for verify_mode"));
    if (mode == 0 && c->check_hostname) return error_false(raise_value_error(t, "Cannot set verify_mode to CERT_NONE when check_hostname is enabled."));
    SSL_CTX_set_verify(c->ctx, modes[mode] | (mode && c->post_handshake_auth ? SSL_VERIFY_POST_HANDSHAKE : 0), SSL_CTX_get_verify_callback(c->ctx));
    return true;
}
static bool put_verify_mode(Thread *t, Value self, Value v)
{
    int mode;
    CANNOT_DELETE(v);
    return int_as_int(t, v, &mode) && set_mode(t, as_context(self), mode);
}
static Value get_check_hostname(Thread *t, Value self) { return bool_value(as_context(self)->check_hostname); }
static bool put_check_hostname(Thread *t, Value self, Value v)
{
    Context *c = as_context(self);
    CANNOT_DELETE(v);
    int wanted = object_truth(t, v);
    if (wanted < 0) return false;
    if (wanted && SSL_CTX_get_verify_mode(c->ctx) == SSL_VERIFY_NONE && !set_mode(t, c, 2)) return false;
    c->check_hostname = wanted;
    return true;
}
static Value get_host_flags(Thread *t, Value self) { return small_int(as_context(self)->host_flags); }
static bool put_host_flags(Thread *t, Value self, Value v)
{
    uint64_t flags;
    CANNOT_DELETE(v);
    if (!int_as_u64(t, v, &flags)) return false;
    as_context(self)->host_flags = (unsigned)flags;
    X509_VERIFY_PARAM_set_hostflags(SSL_CTX_get0_param(as_context(self)->ctx), (unsigned)flags);
    return true;
}
static Value get_verify_flags(Thread *t, Value self) { return int_value(t, (int64_t)X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(as_context(self)->ctx))); }
static bool put_verify_flags(Thread *t, Value self, Value v)
{
    uint64_t wanted;
    CANNOT_DELETE(v);
    if (!int_as_u64(t, v, &wanted)) return false;
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(as_context(self)->ctx);
    unsigned long flags = X509_VERIFY_PARAM_get_flags(parameters);
    return (X509_VERIFY_PARAM_clear_flags(parameters, flags & ~wanted) && X509_VERIFY_PARAM_set_flags(parameters, ~flags & wanted)) || error_false(raise_ssl_library(t));
}
static Value get_options(Thread *t, Value self) { return int_from_u64(t, SSL_CTX_get_options(as_context(self)->ctx)); }
static bool put_options(Thread *t, Value self, Value v)
{
    CANNOT_DELETE(v);
    if (!is_int(v)) return error_false(raise_type_error(t, "an integer is required (got type %T)", v));
    uint64_t wanted = int_low_bits(v), options = SSL_CTX_get_options(as_context(self)->ctx), added = wanted & ~options;
    const uint64_t deprecated = SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3;
    if ((added & deprecated) && !warn(t, &exc_DeprecationWarning, 2, "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated")) return false;
    SSL_CTX_clear_options(as_context(self)->ctx, options & ~wanted);
    SSL_CTX_set_options(as_context(self)->ctx, added);
    return true;
}
enum { MINIMUM_SUPPORTED = -2, MAXIMUM_SUPPORTED = -1 };
static Value version_value(int version, int none) { return small_int(version ? version : none); }
static Value get_minimum(Thread *t, Value self) { return version_value((int)SSL_CTX_get_min_proto_version(as_context(self)->ctx), MINIMUM_SUPPORTED); }
static Value get_maximum(Thread *t, Value self) { return version_value((int)SSL_CTX_get_max_proto_version(as_context(self)->ctx), MAXIMUM_SUPPORTED); }
static bool put_version(Thread *t, Value self, Value v, bool minimum)
{
    int version;
    CANNOT_DELETE(v);
    if (!int_as_int(t, v, &version)) return false;
    Context *c = as_context(self);
    if (c->protocol >= PROTOCOL_TLSv1 && c->protocol <= PROTOCOL_TLSv1_2) return error_false(raise_value_error(t, "The context's protocol doesn't support modification of highest and lowest version."));
    const char *old = version == SSL3_VERSION ? "ssl.TLSVersion.SSLv3 is deprecated" : version == TLS1_VERSION ? "ssl.TLSVersion.TLSv1 is deprecated" : version == TLS1_1_VERSION ? "ssl.TLSVersion.TLSv1_1 is deprecated" : NULL;
    if (old && !warn(t, &exc_DeprecationWarning, 2, "%s", old)) return false;
    if (version == MINIMUM_SUPPORTED) version = minimum ? 0 : TLS1_VERSION;
    else if (version == MAXIMUM_SUPPORTED) version = minimum ? TLS1_3_VERSION : 0;
    long done = minimum ? SSL_CTX_set_min_proto_version(c->ctx, version) : SSL_CTX_set_max_proto_version(c->ctx, version);
    if (!done) ERR_clear_error();
    return done || error_false(raise_value_error(t, "Unsupported protocol version 0x%x", (unsigned)version));
}
static bool put_minimum(Thread *t, Value self, Value v) { return put_version(t, self, v, true); }
static bool put_maximum(Thread *t, Value self, Value v) { return put_version(t, self, v, false); }
static Value get_tickets(Thread *t, Value self) { return small_int((int64_t)SSL_CTX_get_num_tickets(as_context(self)->ctx)); }
static bool put_tickets(Thread *t, Value self, Value v)
{
    int64_t count;
    CANNOT_DELETE(v);
    if (!int_as_i64(t, v, &count)) return false;
    if (count < 0) return error_false(raise_value_error(t, "value must be non-negative"));
    if (as_context(self)->protocol != PROTOCOL_TLS_SERVER) return error_false(raise_value_error(t, "SSLContext is not a server context."));
    return SSL_CTX_set_num_tickets(as_context(self)->ctx, (size_t)count) || error_false(raise_value_error(t, "failed to set num tickets."));
}
static Value get_pha(Thread *t, Value self) { return bool_value(as_context(self)->post_handshake_auth); }
static bool put_pha(Thread *t, Value self, Value v)
{
    Context *c = as_context(self);
    CANNOT_DELETE(v);
    int wanted = object_truth(t, v);
    if (wanted < 0) return false;
    c->post_handshake_auth = wanted;
    int mode = SSL_CTX_get_verify_mode(c->ctx);
    mode = wanted ? mode | SSL_VERIFY_POST_HANDSHAKE : mode & ~SSL_VERIFY_POST_HANDSHAKE;
    SSL_CTX_set_verify(c->ctx, mode, SSL_CTX_get_verify_callback(c->ctx));
    return true;
}
static Value get_protocol(Thread *t, Value self) { return small_int(as_context(self)->protocol); }
static Value get_security_level(Thread *t, Value self) { return small_int(SSL_CTX_get_security_level(as_context(self)->ctx)); }
static Value get_sni(Thread *t, Value self) { return is_unbound(as_context(self)->sni_callback) ? NONE : retain(as_context(self)->sni_callback); }
static bool put_sni(Thread *t, Value self, Value v)
{
    Context *c = as_context(self);
    if (c->protocol == PROTOCOL_TLS_CLIENT) return error_false(raise_value_error(t, "sni_callback cannot be set on TLS_CLIENT context"));
    if (!is_unbound(v) && !is_none(v) && !object_is_callable(v)) return error_false(raise_type_error(t, "not a callable object"));
    bool set = !is_unbound(v) && !is_none(v);
    if (set) SSL_CTX_set_tlsext_servername_callback(c->ctx, on_servername);
    else SSL_CTX_set_tlsext_servername_callback(c->ctx, NULL);
    SSL_CTX_set_tlsext_servername_arg(c->ctx, c);
    assign(&c->sni_callback, set ? retain(v) : UNBOUND);
    return true;
}
static Value get_message_callback(Thread *t, Value self) { return is_unbound(as_context(self)->message_callback) ? NONE : retain(as_context(self)->message_callback); }
static bool put_message_callback(Thread *t, Value self, Value v)
{
    bool set = !is_unbound(v) && !is_none(v);
    if (set && !object_is_callable(v)) return error_false(raise_type_error(t, "%R is not callable.", v));
    assign(&as_context(self)->message_callback, set ? retain(v) : UNBOUND);
    return true;
}
static Value get_keylog(Thread *t, Value self) { return is_unbound(as_context(self)->keylog_filename) ? NONE : retain(as_context(self)->keylog_filename); }
static bool put_keylog(Thread *t, Value self, Value v)
{
    Context *c = as_context(self);
    OWN Value path = UNBOUND;
    BIO *file = NULL;
    bool set = !is_unbound(v) && !is_none(v);
    if (set) {
        if (!path_from_value(t, v, "expected str, bytes or os.PathLike object", &path)) return false;
        file = BIO_new_file(bytes_data(path), "a");
        int code = errno;
        if (!file) return ERR_clear_error(), error_false(raise_errno_path(t, code, v, UNBOUND));
        if (BIO_tell(file) == 0) BIO_puts(file, "# TLS secrets log file, generated by OpenSSL / Python\n");
        (void)BIO_flush(file);
    }
    SSL_CTX_set_keylog_callback(c->ctx, set ? context_keylog : NULL);
    pthread_mutex_lock(&c->keylog_lock);           // held for the length of one line only
    BIO *old = c->keylog;
    c->keylog = file;
    pthread_mutex_unlock(&c->keylog_lock);
    BIO_free(old);
    assign(&c->keylog_filename, set ? retain(v) : UNBOUND);
    return true;
}
static const Method methods[] = {
    {"_wrap_socket", context_wrap_socket, "(self, sock, server_side, server_hostname=None, *, owner=None, session=None)", "A connection over a socket."},
    {"_wrap_bio", context_wrap_bio, "(self, incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None)", "A connection over two MemoryBIOs."},
    {"set_ciphers", context_set_ciphers, "(self, cipherlist, /)", "Set which ciphers may be used."}, {"get_ciphers", context_get_ciphers, "(self)", "The ciphers that may be used."},
    {"_set_alpn_protocols", context_set_alpn, "(self, protos, /)", "Set the application's protocols."}, {"load_cert_chain", context_load_cert_chain, "(self, certfile, keyfile=None, password=None)", "Load our certificate and its key."},
    {"load_dh_params", context_load_dh, "(self, path, /)", "Load Diffie-Hellman parameters."}, {"load_verify_locations", context_load_locations, "(self, cafile=None, capath=None, cadata=None)", "Load certificates of authorities."},
    {"set_default_verify_paths", context_default_paths, "(self)", "Trust the system's authorities."}, {"set_ecdh_curve", context_set_curve, "(self, name, /)", "Set the curve of the key exchange."},
    {"session_stats", context_session_stats, "(self)", "Counts of connections and sessions."}, {"cert_store_stats", context_store_stats, "(self)", "Counts of what is trusted."},
    {"get_ca_certs", context_get_ca_certs, "(self, binary_form=False)", "The authorities that are trusted."}, {0},
};
static const GetSet getsets[] = {
    {"check_hostname", get_check_hostname, put_check_hostname, NULL}, {"_host_flags", get_host_flags, put_host_flags, NULL}, {"minimum_version", get_minimum, put_minimum, NULL},
    {"maximum_version", get_maximum, put_maximum, NULL}, {"keylog_filename", get_keylog, put_keylog, NULL}, {"_msg_callback", get_message_callback, put_message_callback, NULL},
    {"sni_callback", get_sni, put_sni, NULL}, {"num_tickets", get_tickets, put_tickets, NULL}, {"options", get_options, put_options, NULL}, {"post_handshake_auth", get_pha, put_pha, NULL},
    {"protocol", get_protocol, NULL, NULL}, {"verify_flags", get_verify_flags, put_verify_flags, NULL}, {"verify_mode", get_verify_mode, put_verify_mode, NULL},
    {"security_level", get_security_level, NULL, NULL}, {0},
};
const TypeSpec ssl_context_spec = {
    .name = "_ssl._SSLContext", .size = sizeof(Context), .flags = TYPE_BASE | TYPE_GC, .slots = {.visit = context_visit, .unlink = context_unlink, .finish = context_finish},
    .methods = methods, .getsets = getsets, .new_signature = "(protocol, /)", .construct = context_construct,
};
