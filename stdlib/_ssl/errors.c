// SPDX-License-Identifier: MIT
// stdlib/_ssl/errors.c: SSLError and its subclasses, and their texts out of OpenSSL's error stack.
#include <ctype.h>

#include "stdlib/_ssl/ssl.h"

Type ssl_error_type;

// str() is the message alone, where there is one.
static Value error_str(Thread *t, Value v)
{
    Value text = exception_fields(v)[OS_ERROR_STRERROR];
    return is_str(text) ? retain(text) : object_str(t, as_exception(v)->args);
}
static const TypeSpec error_spec = {
    .name = "ssl.SSLError",
    .doc = "An error occurred in the SSL implementation.",
    .size = sizeof(Exception) + OS_ERROR_FIELDS * sizeof(Value),
    .base = &exc_OSError,
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS | TYPE_IS_EXCEPTION,
    .slots = {.str = error_str},
};

// ---- Names of libraries and reasons
static const struct { int number; const char *name; } libraries[] = {
    {ERR_LIB_SYS, "SYS"}, {ERR_LIB_BN, "BN"}, {ERR_LIB_RSA, "RSA"}, {ERR_LIB_DH, "DH"}, {ERR_LIB_EVP, "EVP"}, {ERR_LIB_BUF, "BUF"}, {ERR_LIB_OBJ, "OBJ"}, {ERR_LIB_PEM, "PEM"},
    {ERR_LIB_DSA, "DSA"}, {ERR_LIB_X509, "X509"}, {ERR_LIB_ASN1, "ASN1"}, {ERR_LIB_CONF, "CONF"}, {ERR_LIB_CRYPTO, "CRYPTO"}, {ERR_LIB_EC, "EC"}, {ERR_LIB_SSL, "SSL"},
    {ERR_LIB_BIO, "BIO"}, {ERR_LIB_PKCS7, "PKCS7"}, {ERR_LIB_X509V3, "X509V3"}, {ERR_LIB_PKCS12, "PKCS12"}, {ERR_LIB_RAND, "RAND"}, {ERR_LIB_DSO, "DSO"}, {ERR_LIB_ENGINE, "ENGINE"},
    {ERR_LIB_OCSP, "OCSP"}, {ERR_LIB_UI, "UI"}, {ERR_LIB_COMP, "COMP"}, {ERR_LIB_CMS, "CMS"}, {ERR_LIB_TS, "TS"}, {ERR_LIB_CT, "CT"}, {ERR_LIB_ASYNC, "ASYNC"}, {ERR_LIB_KDF, "KDF"},
    {ERR_LIB_OSSL_STORE, "OSSL_STORE"}, {ERR_LIB_OSSL_ENCODER, "OSSL_ENCODER"}, {ERR_LIB_OSSL_DECODER, "OSSL_DECODER"}, {ERR_LIB_HTTP, "HTTP"}, {ERR_LIB_PROV, "PROV"},
};
static Value library_name(Thread *t, unsigned long code)
{
    for (size_t i = 0; i < COUNT_OF(libraries); i++)
        if (code && libraries[i].number == ERR_GET_LIB(code)) return str_from_text(t, libraries[i].name);
    return NONE;
}
// OpenSSL's texts are its macros' names in small letters: "wrong version number" was SSL_R_WRONG_VERSION_NUMBER.
static Value reason_name(Thread *t, unsigned long code)
{
    const char *text = code ? ERR_reason_error_string(code) : NULL;
    char name[128];
    size_t length = 0;
    if (!text) return NONE;
    for (; text[length] && length < sizeof name - 1; length++) name[length] = isalnum((unsigned char)text[length]) ? (char)toupper((unsigned char)text[length]) : '_';
    return str_from_text(t, (name[length] = '\0', name));
}

// ---- Raising
static bool set_text(Thread *t, Value exception, const char *name, Value value)
{
    OWN Value kept = value;
    OWN_POINTER Str *key = str_intern_text(t, name, strlen(name));
    return key && !is_error(kept) && object_set_attr(t, exception, key, kept);
}
static Value verify_message(Thread *t, Connection *c, long code)
{
    if (code == X509_V_ERR_HOSTNAME_MISMATCH) return str_format(t, "Hostname mismatch, certificate is not valid for '%S'.", c->hostname);
    if (code == X509_V_ERR_IP_ADDRESS_MISMATCH) return str_format(t, "IP address mismatch, certificate is not valid for '%S'.", c->hostname);
    const char *text = X509_verify_cert_error_string(code);
    return text ? str_from_text(t, text) : NONE;
}
Value raise_ssl(Thread *t, int slot, enum ErrorNumber number, const char *text, unsigned long code, Connection *c)
{
    long verified = slot == SLOT_SSL_CERT_VERIFICATION && c && c->ssl ? SSL_get_verify_result(c->ssl) : X509_V_OK;
    bool verification = slot == SLOT_SSL_CERT_VERIFICATION;
    ERR_clear_error();
    if (!text) text = code ? ERR_reason_error_string(code) : NULL;
    if (!text) text = "unknown error";
    OWN Value library = library_name(t, code);
    OWN Value reason = is_error(library) ? ERROR : reason_name(t, code);
    OWN Value why = is_error(reason) ? ERROR : verification && c ? verify_message(t, c, verified) : NONE;
    if (is_error(why)) return ERROR;
    OWN Value message = !is_none(reason) && !is_none(library) && !is_none(why) ? str_format(t, "[%S: %S] %s: %S (_ssl.c)", library, reason, text, why)
                        : !is_none(reason) && !is_none(library) ? str_format(t, "[%S: %S] %s (_ssl.c)", library, reason, text)
                        : !is_none(library) ? str_format(t, "[%S] %s (_ssl.c)", library, text) : str_format(t, "%s (_ssl.c)", text);
    Value class = slot < 0 ? type_value(&ssl_error_type) : t->interp->module_slots[slot];
    OWN Value exception = is_error(message) ? ERROR : call2(t, class, small_int((int)number), message);
    if (is_error(exception) || !set_text(t, exception, "library", retain(library)) || !set_text(t, exception, "reason", retain(reason))) return ERROR;
    if (verification && (!set_text(t, exception, "verify_code", small_int(verified)) || !set_text(t, exception, "verify_message", retain(why)))) return ERROR;
    return raise_exception(t, MOVE(exception));
}
// PEM's complaint about a text that is none comes, since OpenSSL 3, below that of the decoder which tried it.
static unsigned long last_error(void)
{
    unsigned long last = ERR_peek_last_error(), first = ERR_peek_error();
    bool decoder = ERR_GET_LIB(last) == ERR_LIB_OSSL_DECODER;
    return decoder && ERR_GET_LIB(first) == ERR_LIB_PEM ? first : last;
}
Value raise_ssl_library(Thread *t) { return raise_ssl(t, -1, NUMBER_SSL, NULL, last_error(), NULL); }

// ---- Start
static bool add_class(Thread *t, Value module, const char *name, int slot, const char *doc)
{
    Value base = type_value(&ssl_error_type);
    OWN Value both = slot == SLOT_SSL_CERT_VERIFICATION ? tuple_of(t, 2, base, type_value(&exc_ValueError)) : retain(base);
    Value class = is_error(both) ? ERROR : exception_class_new(t, "ssl", name, both, doc);
    if (is_error(class)) return false;
    assign(&t->interp->module_slots[slot], retain(class));
    return module_add(t, module, name, class);
}
static bool add_tables(Thread *t, Value module)
{
    OWN_POINTER Dict *codes = dict_new(t);
    OWN_POINTER Dict *by_name = dict_new(t);
    OWN_POINTER Dict *by_code = dict_new(t);
    if (!codes || !by_name || !by_code) return false;
    for (size_t i = 0; i < COUNT_OF(libraries); i++) {
        OWN Value name = str_from_text(t, libraries[i].name);
        if (is_error(name) || !dict_set(t, codes, small_int(libraries[i].number), name)) return false;
    }
    static const int with_reasons[] = {ERR_LIB_SSL, ERR_LIB_X509, ERR_LIB_PEM};
    for (size_t i = 0; i < COUNT_OF(with_reasons); i++)
        for (int reason = 100; reason < 1200; reason++) {
            OWN Value name = reason_name(t, ERR_PACK(with_reasons[i], 0, reason));
            if (is_none(name)) continue;
            OWN Value pair = is_error(name) ? ERROR : tuple_of(t, 2, small_int(with_reasons[i]), small_int(reason));
            if (is_error(pair) || !dict_set(t, by_code, pair, name) || !dict_set(t, by_name, name, pair)) return false;
        }
    return module_add(t, module, "lib_codes_to_names", object_value(MOVE_POINTER(codes))) && module_add(t, module, "err_codes_to_names", object_value(MOVE_POINTER(by_code))) &&
           module_add(t, module, "err_names_to_codes", object_value(MOVE_POINTER(by_name)));
}
bool ssl_errors_start(Thread *t, Value module)
{
    if (ssl_error_type.version == 0 && !type_prepare(t, &ssl_error_type, &error_spec)) return false;
    return module_add(t, module, "SSLError", retain(type_value(&ssl_error_type))) && add_tables(t, module) &&
           add_class(t, module, "SSLZeroReturnError", SLOT_SSL_ZERO_RETURN, "SSL/TLS session closed cleanly.") &&
           add_class(t, module, "SSLWantReadError", SLOT_SSL_WANT_READ, "Non-blocking SSL socket needs to read more data before the requested operation can be completed.") &&
           add_class(t, module, "SSLWantWriteError", SLOT_SSL_WANT_WRITE, "Non-blocking SSL socket needs to write more data before the requested operation can be completed.") &&
           add_class(t, module, "SSLSyscallError", SLOT_SSL_SYSCALL, "System error when attempting SSL operation.") &&
           add_class(t, module, "SSLEOFError", SLOT_SSL_EOF, "SSL/TLS connection terminated abruptly.") &&
           add_class(t, module, "SSLCertVerificationError", SLOT_SSL_CERT_VERIFICATION, "A certificate could not be verified.");
}
