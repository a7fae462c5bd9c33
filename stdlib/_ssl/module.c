// SPDX-License-Identifier: MIT
// stdlib/_ssl/module.c: the module under ssl: its types, functions and constants.
#include <limits.h>
#include <openssl/rand.h>

#include "stdlib/_ssl/ssl.h"

static Value module_rand_add(Thread *t, Value self, const Value *args)
{
    double entropy;
    OWN Value text = is_str(args[0]) ? str_encode(t, as_str(args[0]), "utf-8", NULL) : retain(args[0]);
    OWN_BUFFER Buffer data = {0};
    if (is_error(text) || !buffer_get(t, text, &data, 0) || !float_from_value(t, args[1], &entropy)) return ERROR;
    RAND_add(data.data, data.length > INT_MAX ? INT_MAX : (int)data.length, entropy);
    return NONE;
}
static bool random_bytes(Thread *t, Value count, Value *data)
{
    int size;
    if (!int_as_int(t, count, &size)) return false;
    if (size < 0) return error_false(raise_value_error(t, "num must be positive"));
    *data = bytes_from(t, NULL, (size_t)size);
    if (is_error(*data)) return false;
    return RAND_bytes((unsigned char *)bytes_data(*data), size) == 1 || (assign(data, UNBOUND), error_false(raise_ssl_library(t)));
}
static Value module_rand_bytes(Thread *t, Value self, const Value *args)
{
    OWN Value data = UNBOUND;
    return random_bytes(t, args[0], &data) ? MOVE(data) : ERROR;
}
static Value module_rand_pseudo(Thread *t, Value self, const Value *args)
{
    OWN Value data = UNBOUND;
    if (!warn(t, &exc_DeprecationWarning, 1, "ssl.RAND_pseudo_bytes() is deprecated") || !random_bytes(t, args[0], &data)) return ERROR;
    return tuple_of(t, 2, data, TRUE);
}
static Value module_rand_status(Thread *t, Value self, const Value *args) { return bool_value(RAND_status() == 1); }
static Value module_default_paths(Thread *t, Value self, const Value *args)
{
    const char *texts[] = {X509_get_default_cert_file_env(), X509_get_default_cert_file(), X509_get_default_cert_dir_env(), X509_get_default_cert_dir()};
    OWN Value list = list_new(t, 4);
    for (size_t i = 0; i < 4 && !is_error(list); i++)
        if (!list_append_owned(t, list, str_from_os(t, texts[i], strlen(texts[i])))) return ERROR;
    return is_error(list) ? ERROR : list_to_tuple(t, list);
}
static Value object_info(Thread *t, const ASN1_OBJECT *object)
{
    int number = OBJ_obj2nid(object);
    char oid[256];
    if (number == NID_undef) return raise_value_error(t, "Unknown object");
    int length = OBJ_obj2txt(oid, sizeof oid, object, 1);
    OWN Value short_name = str_from_text(t, OBJ_nid2sn(number));
    OWN Value long_name = is_error(short_name) ? ERROR : str_from_text(t, OBJ_nid2ln(number));
    OWN Value text = is_error(long_name) ? ERROR : length > 0 ? str_from_text(t, oid) : NONE;
    return is_error(text) ? ERROR : tuple_of(t, 4, small_int(number), short_name, long_name, text);
}
static Value module_txt2obj(Thread *t, Value self, const Value *args)
{
    int by_name = object_truth(t, args[1]);
    if (by_name < 0) return ERROR;
    if (!is_str(args[0])) return raise_type_error(t, "txt2obj() argument 'txt' must be str, not %T", args[0]);
    OWN_MEMORY char *text = str_to_utf8(t, as_str(args[0]), NULL);
    if (!text) return ERROR;
    ASN1_OBJECT *object = OBJ_txt2obj(text, by_name ? 0 : 1);
    if (!object) return ERR_clear_error(), raise_value_error(t, "unknown object '%.100s'", text);
    Value result = object_info(t, object);
    ASN1_OBJECT_free(object);
    return result;
}
static Value module_nid2obj(Thread *t, Value self, const Value *args)
{
    int number;
    if (!int_as_int(t, args[0], &number)) return ERROR;
    if (number < NID_undef) return raise_value_error(t, "NID must be positive.");
    ASN1_OBJECT *object = OBJ_nid2obj(number);
    if (!object) return ERR_clear_error(), raise_value_error(t, "unknown NID %d", number);
    Value result = object_info(t, object);
    ASN1_OBJECT_free(object);
    return result;
}
static const Method functions[] = {
    {"_test_decode_cert", module_decode_cert, "(path, /)", "What a certificate in a file says."},
    {"RAND_add", module_rand_add, "(string, entropy, /)", "Add to the generator's entropy."},
    {"RAND_bytes", module_rand_bytes, "(n, /)", "Random bytes."},
    {"RAND_pseudo_bytes", module_rand_pseudo, "(n, /)", "Random bytes, and whether they are strong."},
    {"RAND_status", module_rand_status, "()", "Whether the generator has enough entropy."},
    {"get_default_verify_paths", module_default_paths, "()", "Where the library looks for authorities."},
    {"txt2obj", module_txt2obj, "(txt, name=False)", "An object of ASN.1 by its number or name."},
    {"nid2obj", module_nid2obj, "(nid, /)", "An object of ASN.1 by OpenSSL's number."},
    {0},
};
static const NamedInt constants[] = {
    {"ALERT_DESCRIPTION_ACCESS_DENIED", SSL_AD_ACCESS_DENIED}, {"ALERT_DESCRIPTION_BAD_CERTIFICATE", SSL_AD_BAD_CERTIFICATE},
    {"ALERT_DESCRIPTION_BAD_CERTIFICATE_HASH_VALUE", SSL_AD_BAD_CERTIFICATE_HASH_VALUE}, {"ALERT_DESCRIPTION_BAD_CERTIFICATE_STATUS_RESPONSE",
    SSL_AD_BAD_CERTIFICATE_STATUS_RESPONSE}, {"ALERT_DESCRIPTION_BAD_RECORD_MAC", SSL_AD_BAD_RECORD_MAC}, {"ALERT_DESCRIPTION_CERTIFICATE_EXPIRED",
    SSL_AD_CERTIFICATE_EXPIRED}, {"ALERT_DESCRIPTION_CERTIFICATE_REVOKED", SSL_AD_CERTIFICATE_REVOKED}, {"ALERT_DESCRIPTION_CERTIFICATE_UNKNOWN",
    SSL_AD_CERTIFICATE_UNKNOWN}, {"ALERT_DESCRIPTION_CERTIFICATE_UNOBTAINABLE", SSL_AD_CERTIFICATE_UNOBTAINABLE}, {"ALERT_DESCRIPTION_CLOSE_NOTIFY",
    SSL_AD_CLOSE_NOTIFY}, {"ALERT_DESCRIPTION_DECODE_ERROR", SSL_AD_DECODE_ERROR}, {"ALERT_DESCRIPTION_DECOMPRESSION_FAILURE",
    SSL_AD_DECOMPRESSION_FAILURE}, {"ALERT_DESCRIPTION_DECRYPT_ERROR", SSL_AD_DECRYPT_ERROR}, {"ALERT_DESCRIPTION_HANDSHAKE_FAILURE",
    SSL_AD_HANDSHAKE_FAILURE}, {"ALERT_DESCRIPTION_ILLEGAL_PARAMETER", SSL_AD_ILLEGAL_PARAMETER}, {"ALERT_DESCRIPTION_INSUFFICIENT_SECURITY",
    SSL_AD_INSUFFICIENT_SECURITY}, {"ALERT_DESCRIPTION_INTERNAL_ERROR", SSL_AD_INTERNAL_ERROR}, {"ALERT_DESCRIPTION_NO_RENEGOTIATION",
    SSL_AD_NO_RENEGOTIATION}, {"ALERT_DESCRIPTION_PROTOCOL_VERSION", SSL_AD_PROTOCOL_VERSION}, {"ALERT_DESCRIPTION_RECORD_OVERFLOW",
    SSL_AD_RECORD_OVERFLOW}, {"ALERT_DESCRIPTION_UNEXPECTED_MESSAGE", SSL_AD_UNEXPECTED_MESSAGE}, {"ALERT_DESCRIPTION_UNKNOWN_CA", SSL_AD_UNKNOWN_CA},
    {"ALERT_DESCRIPTION_UNKNOWN_PSK_IDENTITY", SSL_AD_UNKNOWN_PSK_IDENTITY}, {"ALERT_DESCRIPTION_UNRECOGNIZED_NAME", SSL_AD_UNRECOGNIZED_NAME},
    {"ALERT_DESCRIPTION_UNSUPPORTED_CERTIFICATE", SSL_AD_UNSUPPORTED_CERTIFICATE}, {"ALERT_DESCRIPTION_UNSUPPORTED_EXTENSION",
    SSL_AD_UNSUPPORTED_EXTENSION}, {"ALERT_DESCRIPTION_USER_CANCELLED", SSL_AD_USER_CANCELLED}, {"CERT_NONE", 0}, {"CERT_OPTIONAL", 1},
    {"CERT_REQUIRED", 2}, {"ENCODING_DER", 2}, {"ENCODING_PEM", 1}, {"HOSTFLAG_ALWAYS_CHECK_SUBJECT", X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT},
    {"HOSTFLAG_MULTI_LABEL_WILDCARDS", X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS}, {"HOSTFLAG_NEVER_CHECK_SUBJECT", X509_CHECK_FLAG_NEVER_CHECK_SUBJECT},
    {"HOSTFLAG_NO_PARTIAL_WILDCARDS", X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS}, {"HOSTFLAG_NO_WILDCARDS", X509_CHECK_FLAG_NO_WILDCARDS},
    {"HOSTFLAG_SINGLE_LABEL_SUBDOMAINS", X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS}, {"OP_ALL", (int64_t)(SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS)}, {"OP_CIPHER_SERVER_PREFERENCE",
    (int64_t)(SSL_OP_CIPHER_SERVER_PREFERENCE)}, {"OP_ENABLE_MIDDLEBOX_COMPAT", (int64_t)(SSL_OP_ENABLE_MIDDLEBOX_COMPAT)},
    {"OP_IGNORE_UNEXPECTED_EOF", (int64_t)(SSL_OP_IGNORE_UNEXPECTED_EOF)}, {"OP_NO_COMPRESSION", (int64_t)(SSL_OP_NO_COMPRESSION)},
    {"OP_NO_RENEGOTIATION", (int64_t)(SSL_OP_NO_RENEGOTIATION)}, {"OP_NO_SSLv2", (int64_t)(SSL_OP_NO_SSLv2)}, {"OP_NO_SSLv3",
    (int64_t)(SSL_OP_NO_SSLv3)}, {"OP_NO_TICKET", (int64_t)(SSL_OP_NO_TICKET)}, {"OP_NO_TLSv1", (int64_t)(SSL_OP_NO_TLSv1)}, {"OP_NO_TLSv1_1",
    (int64_t)(SSL_OP_NO_TLSv1_1)}, {"OP_NO_TLSv1_2", (int64_t)(SSL_OP_NO_TLSv1_2)}, {"OP_NO_TLSv1_3", (int64_t)(SSL_OP_NO_TLSv1_3)},
    {"OP_SINGLE_DH_USE", (int64_t)(SSL_OP_SINGLE_DH_USE)}, {"OP_SINGLE_ECDH_USE", (int64_t)(SSL_OP_SINGLE_ECDH_USE)}, {"PROTOCOL_SSLv23",
    PROTOCOL_TLS}, {"PROTOCOL_TLS", PROTOCOL_TLS}, {"PROTOCOL_TLS_CLIENT", PROTOCOL_TLS_CLIENT}, {"PROTOCOL_TLS_SERVER", PROTOCOL_TLS_SERVER},
    {"PROTOCOL_TLSv1", PROTOCOL_TLSv1}, {"PROTOCOL_TLSv1_1", PROTOCOL_TLSv1_1}, {"PROTOCOL_TLSv1_2", PROTOCOL_TLSv1_2}, {"PROTO_MAXIMUM_SUPPORTED",
    -1}, {"PROTO_MINIMUM_SUPPORTED", -2}, {"PROTO_SSLv3", 768}, {"PROTO_TLSv1", 769}, {"PROTO_TLSv1_1", 770}, {"PROTO_TLSv1_2", 771},
    {"PROTO_TLSv1_3", 772}, {"SSL_ERROR_EOF", NUMBER_EOF}, {"SSL_ERROR_INVALID_ERROR_CODE", NUMBER_INVALID}, {"SSL_ERROR_SSL", NUMBER_SSL},
    {"SSL_ERROR_SYSCALL", NUMBER_SYSCALL}, {"SSL_ERROR_WANT_CONNECT", NUMBER_WANT_CONNECT}, {"SSL_ERROR_WANT_READ", NUMBER_WANT_READ},
    {"SSL_ERROR_WANT_WRITE", NUMBER_WANT_WRITE}, {"SSL_ERROR_WANT_X509_LOOKUP", NUMBER_WANT_X509_LOOKUP}, {"SSL_ERROR_ZERO_RETURN",
    NUMBER_ZERO_RETURN}, {"VERIFY_ALLOW_PROXY_CERTS", 64}, {"VERIFY_CRL_CHECK_CHAIN", 12}, {"VERIFY_CRL_CHECK_LEAF", 4}, {"VERIFY_DEFAULT", 0},
    {"VERIFY_X509_PARTIAL_CHAIN", 524288}, {"VERIFY_X509_STRICT", 32}, {"VERIFY_X509_TRUSTED_FIRST", 32768},
};
static const struct { const char *name; bool has; } features[] = {
    {"HAS_ALPN", true}, {"HAS_ECDH", true}, {"HAS_NPN", false}, {"HAS_SNI", true}, {"HAS_SSLv2", false}, {"HAS_SSLv3", false}, {"HAS_TLS_UNIQUE", true}, {"HAS_TLSv1", true}, {"HAS_TLSv1_1", true},
    {"HAS_TLSv1_2", true}, {"HAS_TLSv1_3", true},
};
static Value version_tuple(Thread *t, unsigned long v)
{
    return tuple_of(t, 5, small_int(v >> 28 & 0xff), small_int(v >> 20 & 0xff), small_int(v >> 12 & 0xff), small_int(v >> 4 & 0xff), small_int(v & 0xf));
}
static bool start(Thread *t, Value module)
{
    static const struct { Type *type; const TypeSpec *spec; } types[] = {
        {&ssl_context_type, &ssl_context_spec}, {&ssl_connection_type, &ssl_connection_spec}, {&ssl_memory_bio_type, &ssl_memory_bio_spec}, {&ssl_session_type, &ssl_session_spec},
        {&ssl_certificate_type, &ssl_certificate_spec}};
    // The base class of its sockets, and of their timeouts, comes with _socket.
    OWN_POINTER Str *name = str_intern_text(t, "_socket", 7);
    OWN Value sockets = name ? t->interp->up.import_module(t, name) : ERROR;
    if (is_error(sockets) || !connection_start(t) || !ssl_errors_start(t, module)) return false;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if ((types[i].type->version == 0 && !type_prepare(t, types[i].type, types[i].spec)) || !module_add_type(t, module, types[i].type)) return false;
    for (size_t i = 0; i < COUNT_OF(features); i++)
        if (!module_add(t, module, features[i].name, bool_value(features[i].has))) return false;
    return module_add_ints(t, module, constants, COUNT_OF(constants)) && module_add(t, module, "OPENSSL_VERSION_NUMBER", int_value(t, (int64_t)OpenSSL_version_num())) &&
           module_add(t, module, "OPENSSL_VERSION_INFO", version_tuple(t, OpenSSL_version_num())) && module_add(t, module, "_OPENSSL_API_VERSION", version_tuple(t, OPENSSL_VERSION_NUMBER)) &&
           module_add(t, module, "OPENSSL_VERSION", str_from_text(t, OpenSSL_version(OPENSSL_VERSION))) && module_add(t, module, "_DEFAULT_CIPHERS", str_from_text(t, OSSL_default_cipher_list()));
}
extern const ModuleSpec _ssl_spec;
const ModuleSpec _ssl_spec = {.name = "_ssl", .doc = "TLS by OpenSSL, as the ssl module uses it.", .functions = functions, .start = start};
