// SPDX-License-Identifier: MIT
// stdlib/_socket/address.c: addresses of sockets between Python and C, and the hosts in them.
#include "runtime/types/exception.h"
#include "stdlib/_socket/socket.h"

Value raise_gaierror(Thread *t, int code)
{
    if (code == EAI_SYSTEM) return raise_errno(t, errno);
    OWN Value text = str_from_text(t, gai_strerror(code));
    if (is_error(text)) return ERROR;
    Value class = t->interp->module_slots[SLOT_SOCKET_GAIERROR];
    Value exception = call2(t, class, small_int(code), text);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}

// ---- Hosts
// Whether each label of an ASCII name has 1 to 63 characters; a final dot is allowed.
static bool labels_fit(const char *name, size_t length)
{
    size_t label = 0;
    for (size_t i = 0; i < length; i++) {
        if (name[i] != '.') {
            if (++label > 63) return false;
        } else {
            if (label == 0) return false;
            label = 0;
        }
    }
    return true;
}
bool host_text(Thread *t, Value v, bool check_labels, char **text)
{
    OWN Value encoded = UNBOUND;
    const char *data;
    size_t length;
    if (is_str(v) && str_is_ascii(as_str(v)) && (!check_labels || labels_fit(str_text(as_str(v)), as_str(v)->length))) {
        data = str_text(as_str(v));
        length = as_str(v)->length;
    } else if (is_str(v)) {
        encoded = str_encode(t, as_str(v), "idna", NULL);
        if (is_error(encoded)) return false;
        data = bytes_data(encoded);
        length = bytes_length(encoded);
    } else if (is_bytes(v)) {
        data = bytes_data(v);
        length = bytes_length(v);
    } else if (is_bytearray(v)) {
        data = as_bytearray(v)->data;
        length = as_bytearray(v)->length;
    } else {
        return error_false(raise_type_error(t, "str, bytes or bytearray expected, not %T", v));
    }
    if (length && memchr(data, 0, length)) return error_false(raise_type_error(t, "host name must not contain null character"));
    *text = mem_allocate(t, length + 1);
    if (!*text) return false;
    if (length) memcpy(*text, data, length);
    (*text)[length] = '\0';
    return true;
}
static bool host_literal(const char *name, int family, Address *address)
{
    if (!*name && family != AF_UNSPEC) {
        address->any.sa_family = (sa_family_t)family;
        return family == AF_INET || family == AF_INET6;      // all zeros: any address
    }
    if (family != AF_INET6 && strcmp(name, "<broadcast>") == 0) {
        address->any.sa_family = AF_INET;
        address->in4.sin_addr.s_addr = INADDR_BROADCAST;
        return true;
    }
    if (family != AF_INET6 && inet_pton(AF_INET, name, &address->in4.sin_addr) == 1) {
        address->any.sa_family = AF_INET;
        return true;
    }
    if (family != AF_INET && !strchr(name, '%') && inet_pton(AF_INET6, name, &address->in6.sin6_addr) == 1) {
        address->any.sa_family = AF_INET6;
        return true;
    }
    return false;
}
// The first address of a host, in `address` whose other fields stay zero.
bool host_resolve(Thread *t, const char *name, int family, Address *address)
{
    memset(address, 0, sizeof *address);
    if (host_literal(name, family, address)) return true;
    if (strcmp(name, "<broadcast>") == 0) return error_false(raise_error(t, &exc_OSError, "address family mismatched"));
    struct addrinfo hints = {.ai_family = family, .ai_flags = *name ? 0 : AI_PASSIVE, .ai_socktype = *name ? 0 : SOCK_DGRAM};
    struct addrinfo *found = NULL;
    int failed, code;
    BLOCKING(t, GIL_DNS, { failed = getaddrinfo(*name ? name : NULL, *name ? NULL : "0", &hints, &found); code = errno; });
    if (failed) {
        errno = code;
        return error_false(raise_gaierror(t, failed));
    }
    bool several = !*name && found->ai_next, fits = found->ai_addrlen <= sizeof *address;
    if (fits) memcpy(address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (several) return error_false(raise_error(t, &exc_OSError, "wildcard resolved to multiple address"));
    return fits || error_false(raise_error(t, &exc_OSError, "unsupported address family"));
}
Value host_value(Thread *t, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN];
    const void *host = address->sa_family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr
                                                      : (const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
    return inet_ntop(address->sa_family, host, text, sizeof text) ? str_from_text(t, text) : raise_errno(t, errno);
}

// ---- From Python
static bool port_from(Thread *t, Value v, const char *function, uint16_t *port)
{
    int64_t number;
    if (!int_as_i64(t, v, &number)) {
        if (!error_clear_if(t, &exc_OverflowError)) return false;
        number = -1;
    }
    *port = (uint16_t)number;
    return (number >= 0 && number <= 0xffff) || error_false(raise_error(t, &exc_OverflowError, "%s(): port must be 0-65535.", function));
}
static bool local_from(Thread *t, Value v, Address *address, socklen_t *length)
{
    OWN Value encoded = UNBOUND;
    OWN_BUFFER Buffer path = {0};
    if (is_str(v)) {
        encoded = str_encode(t, as_str(v), "utf-8", "surrogateescape");
        if (is_error(encoded)) return false;
        v = encoded;
    }
    if (!buffer_get(t, v, &path, 0)) return false;
    size_t size = (size_t)path.length;
    bool abstract = size == 0 || path.data[0] == 0;      // a name apart from the file system: all its bytes count; none: the kernel chooses
    if (size >= sizeof address->local.sun_path + abstract) return error_false(raise_error(t, &exc_OSError, "AF_UNIX path too long"));
    address->local.sun_family = AF_UNIX;
    if (size) memcpy(address->local.sun_path, path.data, size);
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size + !abstract);
    return true;
}
// The items of an address that is a tuple of `least` to `most`.
static const Value *items_of(Thread *t, Value v, const char *function, const char *family, size_t least, size_t most, const char *shape)
{
    if (!is_tuple(v)) return error_null(raise_type_error(t, "%s(): %s address must be tuple, not %.500T", function, family, v));
    size_t length = as_tuple(v)->length;
    if (length < least || length > most) return error_null(raise_type_error(t, "%s address must be a %s", family, shape));
    return as_tuple(v)->items;
}
static bool in4_from(Thread *t, Value v, const char *function, Address *address)
{
    uint16_t port;
    const Value *items = items_of(t, v, function, "AF_INET", 2, 2, "pair (host, port)");
    OWN_MEMORY char *host = NULL;
    if (!items || !host_text(t, items[0], false, &host)) return false;
    OWN Value kept = retain(v);
    if (!port_from(t, items[1], function, &port) || !host_resolve(t, host, AF_INET, address)) return false;
    address->in4.sin_family = AF_INET;
    address->in4.sin_port = htons(port);
    return true;
}
static bool in6_from(Thread *t, Value v, const char *function, Address *address)
{
    uint16_t port;
    uint64_t flow = 0, scope = 0;
    const Value *items = items_of(t, v, function, "AF_INET6", 2, 4, "tuple (host, port[, flowinfo[, scopeid]])");
    OWN_MEMORY char *host = NULL;
    if (!items || !host_text(t, items[0], false, &host)) return false;
    OWN Value kept = retain(v);
    size_t count = as_tuple(v)->length;
    if (count > 2 && !int_as_u64(t, items[2], &flow)) return false;
    if (count > 3 && !int_as_u64(t, items[3], &scope)) return false;
    if (!port_from(t, items[1], function, &port)) return false;
    if (flow > 0xfffff) return error_false(raise_error(t, &exc_OverflowError, "%s(): flowinfo must be 0-1048575.", function));
    if (!host_resolve(t, host, AF_INET6, address)) return false;
    address->in6.sin6_family = AF_INET6;
    address->in6.sin6_port = htons(port);
    address->in6.sin6_flowinfo = htonl((uint32_t)flow);
    if (count > 3) address->in6.sin6_scope_id = (uint32_t)scope;
    return true;
}
static bool numbers_from(Thread *t, Value v, const char *function, const char *family, uint32_t *first, uint32_t *second)
{
    int64_t a, b;
    const Value *items = items_of(t, v, function, family, 2, 2, "pair of numbers");
    OWN Value kept = retain(v);
    if (!items || !int_as_i64(t, items[0], &a) || !int_as_i64(t, items[1], &b)) return false;
    *first = (uint32_t)a;
    *second = (uint32_t)b;
    return true;
}
static bool algorithm_from(Thread *t, Value v, const char *function, Address *address)
{
    const Value *items = items_of(t, v, function, "AF_ALG", 2, 4, "tuple (type, name[, feat[, mask]])");
    if (!items) return false;
    struct sockaddr_alg *to = &address->algorithm;
    struct { char *at; size_t room; const char *complaint; } texts[] = {
        {(char *)to->salg_type, sizeof to->salg_type, "AF_ALG type too long."}, {(char *)to->salg_name, sizeof to->salg_name, "AF_ALG name too long."}};
    to->salg_family = AF_ALG;
    for (size_t i = 0; i < 2; i++) {
        if (!is_str(items[i]) || !str_is_ascii(as_str(items[i]))) return error_false(raise_type_error(t, "AF_ALG type and name must be str"));
        if (as_str(items[i])->length >= texts[i].room) return error_false(raise_value_error(t, "%s", texts[i].complaint));
        memcpy(texts[i].at, str_text(as_str(items[i])), as_str(items[i])->length);
    }
    OWN Value kept = retain(v);
    for (size_t i = 2; i < as_tuple(kept)->length; i++) {
        uint64_t bits;
        if (!int_as_u64(t, items[i], &bits)) return false;
        *(i == 2 ? &to->salg_feat : &to->salg_mask) = (uint32_t)bits;
    }
    return true;
}
bool address_from(Thread *t, int family, Value v, const char *function, Address *address, socklen_t *length)
{
    memset(address, 0, sizeof *address);
    *length = address_room(family);
    switch (family) {
    case AF_UNIX: return local_from(t, v, address, length);
    case AF_INET: return in4_from(t, v, function, address);
    case AF_INET6: return in6_from(t, v, function, address);
    case AF_ALG: return algorithm_from(t, v, function, address);
    case AF_NETLINK:
        address->netlink.nl_family = AF_NETLINK;
        return numbers_from(t, v, function, "AF_NETLINK", &address->netlink.nl_pid, &address->netlink.nl_groups);
    case AF_VSOCK:
        address->vm.svm_family = AF_VSOCK;
        return numbers_from(t, v, function, "AF_VSOCK", &address->vm.svm_cid, &address->vm.svm_port);
    default: return error_false(raise_error(t, &exc_OSError, "%s(): bad family", function));
    }
}
socklen_t address_room(int family)
{
    switch (family) {
    case AF_UNIX: return sizeof(struct sockaddr_un);
    case AF_INET: return sizeof(struct sockaddr_in);
    case AF_INET6: return sizeof(struct sockaddr_in6);
    case AF_NETLINK: return sizeof(struct sockaddr_nl);
    case AF_VSOCK: return sizeof(struct sockaddr_vm);
    case AF_ALG: return sizeof(struct sockaddr_alg);
    default: return sizeof(struct sockaddr_storage);
    }
}

// ---- To Python
static Value local_value(Thread *t, const struct sockaddr_un *address, socklen_t length)
{
    size_t size = length > offsetof(struct sockaddr_un, sun_path) ? length - offsetof(struct sockaddr_un, sun_path) : 0;
    if (size && address->sun_path[0] == 0) return bytes_from(t, address->sun_path, size);
    return str_from_os(t, address->sun_path, strnlen(address->sun_path, size));
}
Value address_value(Thread *t, const Address *address, socklen_t length, int protocol)
{
    if (length == 0) return NONE;                 // of a peer that has none
    if (length > sizeof *address) length = sizeof *address;
    switch (address->any.sa_family) {
    case AF_UNIX: return local_value(t, &address->local, length);
    case AF_INET: {
        OWN Value host = host_value(t, &address->any);
        return is_error(host) ? ERROR : tuple_of(t, 2, host, small_int(ntohs(address->in4.sin_port)));
    }
    case AF_INET6: {
        OWN Value host = host_value(t, &address->any);
        if (is_error(host)) return ERROR;
        return tuple_of(t, 4, host, small_int(ntohs(address->in6.sin6_port)), small_int(ntohl(address->in6.sin6_flowinfo)), small_int(address->in6.sin6_scope_id));
    }
    case AF_NETLINK: return tuple_of(t, 2, small_int(address->netlink.nl_pid), small_int(address->netlink.nl_groups));
    case AF_VSOCK: return tuple_of(t, 2, small_int(address->vm.svm_cid), small_int(address->vm.svm_port));
    default: {
        OWN Value data = bytes_from(t, address->any.sa_data, sizeof address->any.sa_data);
        return is_error(data) ? ERROR : tuple_of(t, 2, small_int(address->any.sa_family), data);
    }
    }
}
