// SPDX-License-Identifier: MIT
// stdlib/_ssl/certificate.c: certificates as Python values.
#include <openssl/pem.h>

#include "stdlib/_ssl/ssl.h"

Type ssl_certificate_type;

static inline void bio_slot(BIO **bio) { BIO_free(*bio); }
#define OWN_BIO __attribute__((cleanup(bio_slot)))
static Value bio_text(Thread *t, BIO *bio)
{
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    return str_from_os(t, data, (size_t)length);
}
static Value object_name(Thread *t, const ASN1_OBJECT *object, bool as_number)
{
    char name[256];
    int length = OBJ_obj2txt(name, sizeof name, object, as_number);
    return length < 0 ? raise_ssl_library(t) : length == 0 ? NONE : str_from_os(t, name, strlen(name));
}
static Value attribute_pair(Thread *t, const X509_NAME_ENTRY *entry)
{
    unsigned char *text = NULL;
    OWN Value name = object_name(t, X509_NAME_ENTRY_get_object(entry), false);
    if (is_error(name)) return ERROR;
    int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    if (length < 0) return raise_ssl_library(t);
    OWN Value value = str_from_utf8(t, (const char *)text, (size_t)length);
    OPENSSL_free(text);
    return is_error(value) ? ERROR : tuple_of(t, 2, name, value);
}
// A name is a tuple of sets, each a tuple of (attribute, value).
static Value name_value(Thread *t, const X509_NAME *name)
{
    OWN Value sets = list_new(t, 4);
    OWN Value set = is_error(sets) ? ERROR : list_new(t, 1);
    int last = -1;
    for (int i = 0; !is_error(set) && i < X509_NAME_entry_count(name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        if (last >= 0 && last != X509_NAME_ENTRY_set(entry)) {
            if (!list_append_owned(t, sets, list_to_tuple(t, set))) return ERROR;
            assign(&set, list_new(t, 1));
            if (is_error(set)) return ERROR;
        }
        last = X509_NAME_ENTRY_set(entry);
        if (!list_append_owned(t, set, attribute_pair(t, entry))) return ERROR;
    }
    if (is_error(set) || (as_list(set)->length && !list_append_owned(t, sets, list_to_tuple(t, set)))) return ERROR;
    return list_to_tuple(t, sets);
}
static Value kind_and_text(Thread *t, const char *kind, Value text)
{
    OWN Value value = text;
    OWN Value key = is_error(value) ? ERROR : str_from_text(t, kind);
    return is_error(key) ? ERROR : tuple_of(t, 2, key, value);
}
static Value address_text(Thread *t, const ASN1_OCTET_STRING *ip)
{
    const unsigned char *p = ip->data;
    char text[64];
    if (ip->length == 4) snprintf(text, sizeof text, "%d.%d.%d.%d", p[0], p[1], p[2], p[3]);
    else if (ip->length == 16)
        snprintf(text, sizeof text, "%X:%X:%X:%X:%X:%X:%X:%X", p[0] << 8 | p[1], p[2] << 8 | p[3], p[4] << 8 | p[5], p[6] << 8 | p[7], p[8] << 8 | p[9], p[10] << 8 | p[11], p[12] << 8 | p[13], p[14] << 8 | p[15]);
    else snprintf(text, sizeof text, "<invalid>");
    return str_from_text(t, text);
}
static Value printed_name(Thread *t, GENERAL_NAME *name)
{
    OWN_BIO BIO *bio = BIO_new(BIO_s_mem());
    if (!bio || GENERAL_NAME_print(bio, name) < 0) return raise_ssl_library(t);
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    const char *colon = memchr(data, ':', (size_t)length);
    if (!colon) return raise_value_error(t, "Invalid value %.200s", "(unknown)");
    OWN Value key = str_from_os(t, data, (size_t)(colon - data));
    OWN Value value = is_error(key) ? ERROR : str_from_os(t, colon + 1, (size_t)(length - (colon + 1 - data)));
    return is_error(value) ? ERROR : tuple_of(t, 2, key, value);
}
static Value general_name(Thread *t, GENERAL_NAME *name)
{
    const ASN1_STRING *text = name->type == GEN_EMAIL || name->type == GEN_DNS || name->type == GEN_URI ? name->d.ia5 : NULL;
    switch (name->type) {
    case GEN_DIRNAME: return kind_and_text(t, "DirName", name_value(t, name->d.dirn));
    case GEN_EMAIL: case GEN_DNS: case GEN_URI:
        return kind_and_text(t, name->type == GEN_EMAIL ? "email" : name->type == GEN_DNS ? "DNS" : "URI", str_from_os(t, (const char *)ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text)));
    case GEN_RID: {
        OWN Value oid = object_name(t, name->d.rid, true);
        return kind_and_text(t, "Registered ID", is_none(oid) ? str_from_text(t, "<INVALID>") : MOVE(oid));
    }
    case GEN_IPADD: return kind_and_text(t, "IP Address", address_text(t, name->d.ip));
    default: return printed_name(t, name);
    }
}
static Value alternative_names(Thread *t, X509 *cert)
{
    GENERAL_NAMES *all = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    if (!all) return NONE;
    OWN Value list = list_new(t, 4);
    for (int i = 0; !is_error(list) && i < sk_GENERAL_NAME_num(all); i++)
        if (!list_append_owned(t, list, general_name(t, sk_GENERAL_NAME_value(all, i)))) assign(&list, ERROR);
    GENERAL_NAMES_free(all);
    return is_error(list) ? ERROR : list_to_tuple(t, list);
}
static Value access_uris(Thread *t, X509 *cert, int method)
{
    AUTHORITY_INFO_ACCESS *all = X509_get_ext_d2i(cert, NID_info_access, NULL, NULL);
    OWN Value list = list_new(t, 0);
    for (int i = 0; all && !is_error(list) && i < sk_ACCESS_DESCRIPTION_num(all); i++) {
        ACCESS_DESCRIPTION *one = sk_ACCESS_DESCRIPTION_value(all, i);
        if (OBJ_obj2nid(one->method) != method || one->location->type != GEN_URI) continue;
        const ASN1_IA5STRING *uri = one->location->d.uniformResourceIdentifier;
        if (!list_append_owned(t, list, str_from_os(t, (const char *)uri->data, (size_t)uri->length))) assign(&list, ERROR);
    }
    AUTHORITY_INFO_ACCESS_free(all);
    if (is_error(list)) return ERROR;
    return as_list(list)->length ? list_to_tuple(t, list) : NONE;
}
static Value crl_uris(Thread *t, X509 *cert)
{
    CRL_DIST_POINTS *all = X509_get_ext_d2i(cert, NID_crl_distribution_points, NULL, NULL);
    if (!all) return NONE;
    OWN Value list = list_new(t, 0);
    for (int i = 0; !is_error(list) && i < sk_DIST_POINT_num(all); i++) {
        DIST_POINT *point = sk_DIST_POINT_value(all, i);
        GENERAL_NAMES *places = point->distpoint && point->distpoint->type == 0 ? point->distpoint->name.fullname : NULL;
        for (int j = 0; places && !is_error(list) && j < sk_GENERAL_NAME_num(places); j++) {
            GENERAL_NAME *name = sk_GENERAL_NAME_value(places, j);
            if (name->type != GEN_URI) continue;
            const ASN1_IA5STRING *uri = name->d.uniformResourceIdentifier;
            if (!list_append_owned(t, list, str_from_os(t, (const char *)uri->data, (size_t)uri->length))) assign(&list, ERROR);
        }
    }
    CRL_DIST_POINTS_free(all);
    if (is_error(list)) return ERROR;
    return as_list(list)->length ? list_to_tuple(t, list) : NONE;
}
static Value time_text(Thread *t, const ASN1_TIME *when)
{
    OWN_BIO BIO *bio = BIO_new(BIO_s_mem());
    if (!bio || ASN1_TIME_print(bio, when) < 0) return raise_ssl_library(t);
    return bio_text(t, bio);
}
static Value serial_text(Thread *t, X509 *cert)
{
    OWN_BIO BIO *bio = BIO_new(BIO_s_mem());
    if (!bio || i2a_ASN1_INTEGER(bio, X509_get_serialNumber(cert)) < 0) return raise_ssl_library(t);
    return bio_text(t, bio);
}
static bool put(Thread *t, Dict *d, const char *key, Value value)
{
    return is_none(value) || dict_set_text(t, d, key, value);
}
Value certificate_decode(Thread *t, X509 *cert)
{
    OWN_POINTER Dict *d = dict_new(t);
    if (!d || !put(t, d, "subject", name_value(t, X509_get_subject_name(cert))) || !put(t, d, "issuer", name_value(t, X509_get_issuer_name(cert))) ||
        !put(t, d, "version", small_int(X509_get_version(cert) + 1)) || !put(t, d, "serialNumber", serial_text(t, cert)) ||
        !put(t, d, "notBefore", time_text(t, X509_get0_notBefore(cert))) || !put(t, d, "notAfter", time_text(t, X509_get0_notAfter(cert))) ||
        !put(t, d, "subjectAltName", alternative_names(t, cert)) || !put(t, d, "OCSP", access_uris(t, cert, NID_ad_OCSP)) ||
        !put(t, d, "caIssuers", access_uris(t, cert, NID_ad_ca_issuers)) || !put(t, d, "crlDistributionPoints", crl_uris(t, cert))) return ERROR;
    return object_value(MOVE_POINTER(d));
}
Value certificate_der(Thread *t, X509 *cert)
{
    unsigned char *der = NULL;
    int length = i2d_X509(cert, &der);
    if (length < 0) return raise_ssl_library(t);
    Value data = bytes_from(t, (const char *)der, (size_t)length);
    OPENSSL_free(der);
    return data;
}
Value module_decode_cert(Thread *t, Value self, const Value *args)
{
    OWN Value path = is_str(args[0]) ? str_encode(t, as_str(args[0]), "utf-8", "surrogateescape") : retain(args[0]);
    if (is_error(path)) return ERROR;
    if (!is_bytes(path)) return raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", path);
    OWN_BIO BIO *bio = BIO_new_file(bytes_data(path), "r");
    if (!bio) return RAISE_PLAIN("Can't open file");
    X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    if (!cert) return ERR_clear_error(), RAISE_PLAIN("Error decoding PEM-encoded file");
    Value result = certificate_decode(t, cert);
    X509_free(cert);
    return result;
}

// ---- The type Certificate
Value certificate_new(Thread *t, X509 *cert)
{
    Certificate *c = (Certificate *)object_new(t, &ssl_certificate_type);
    if (!c) return ERROR;
    X509_up_ref(cert);
    c->cert = cert;
    return object_value(c);
}
static X509 *cert_of(Value v) { return ((Certificate *)as_object(v))->cert; }
static void certificate_finish(Thread *t, Object *o) { X509_free(((Certificate *)o)->cert); }
static Value certificate_public_bytes(Thread *t, Value self, const Value *args)
{
    int format;
    if (!int_as_int(t, args[0], &format)) return ERROR;
    if (format == 2) return certificate_der(t, cert_of(self));
    if (format != 1) return raise_value_error(t, "Unsupported format");
    OWN_BIO BIO *bio = BIO_new(BIO_s_mem());
    return bio && PEM_write_bio_X509(bio, cert_of(self)) ? bio_text(t, bio) : raise_ssl_library(t);
}
static Value certificate_get_info(Thread *t, Value self, const Value *args) { return certificate_decode(t, cert_of(self)); }
static bool certificate_hash(Thread *t, Value self, int64_t *hash)
{
    *hash = (int64_t)(X509_subject_name_hash(cert_of(self)) + 1);
    return true;
}
static Value certificate_compare(Thread *t, Value a, Value b, CompareOp op)
{
    if (type_of(a) != type_of(b) || (op != CMP_EQ && op != CMP_NE)) return NOT_IMPLEMENTED;
    return bool_value((X509_cmp(cert_of(a), cert_of(b)) == 0) == (op == CMP_EQ));
}
static Value certificate_repr(Thread *t, Value self)
{
    OWN_BIO BIO *bio = BIO_new(BIO_s_mem());
    if (!bio || X509_NAME_print_ex(bio, X509_get_subject_name(cert_of(self)), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return raise_ssl_library(t);
    OWN Value name = bio_text(t, bio);
    return is_error(name) ? ERROR : str_format(t, "<_ssl.Certificate '%S'>", name);
}
static const Method methods[] = {
    {"public_bytes", certificate_public_bytes, "(self, format=1)", "The certificate as PEM text or DER bytes."},
    {"get_info", certificate_get_info, "(self)", "What the certificate says."},
    {0},
};
const TypeSpec ssl_certificate_spec = {
    .name = "_ssl.Certificate", .size = sizeof(Certificate), .flags = TYPE_NO_NEW, .methods = methods,
    .slots = {.finish = certificate_finish, .hash = certificate_hash, .compare = certificate_compare, .repr = certificate_repr},
};
