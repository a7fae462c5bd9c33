// SPDX-License-Identifier: MIT
// stdlib/_socket/names.c: names of hosts, services, protocols and interfaces, and numbers in the network's order.
#include <net/if.h>
#include <stdio.h>

#include "runtime/types/exception.h"
#include "stdlib/_socket/socket.h"

// ---- getaddrinfo, getnameinfo
static bool service_text(Thread *t, Value v, char **text)
{
    OWN Value encoded = UNBOUND;
    if (is_none(v)) return true;
    if (is_int(v)) {
        int64_t number;
        if (!int_as_i64(t, v, &number)) return false;
        OWN Value digits = str_format(t, "%ld", (long)number);
        return !is_error(digits) && host_text(t, digits, false, text);
    }
    if (is_str(v)) {
        encoded = str_encode(t, as_str(v), "utf-8", NULL);
        if (is_error(encoded)) return false;
        v = encoded;
    }
    if (!is_bytes(v)) return error_false(raise_error(t, &exc_OSError, "Int or String expected"));
    if (memchr(bytes_data(v), 0, bytes_length(v))) return error_false(raise_value_error(t, "embedded null character"));
    *text = mem_allocate(t, bytes_length(v) + 1);
    if (*text) memcpy(*text, bytes_data(v), bytes_length(v) + 1);
    return *text != NULL;
}
static Value found_value(Thread *t, const struct addrinfo *found)
{
    OWN Value list = list_new(t, 4);
    for (; found && !is_error(list); found = found->ai_next) {
        Address address = {0};
        socklen_t length = found->ai_addrlen < sizeof address ? found->ai_addrlen : sizeof address;
        memcpy(&address, found->ai_addr, length);
        OWN Value where = address_value(t, &address, length, found->ai_protocol);
        OWN Value name = is_error(where) ? ERROR : str_from_os(t, found->ai_canonname ? found->ai_canonname : "", found->ai_canonname ? strlen(found->ai_canonname) : 0);
        OWN Value item = is_error(name) ? ERROR : tuple_of(t, 5, small_int(found->ai_family), small_int(found->ai_socktype), small_int(found->ai_protocol), name, where);
        if (is_error(item) || !list_append(t, list, item)) return ERROR;
    }
    return MOVE(list);
}
static Value module_getaddrinfo(Thread *t, Value self, const Value *args)
{
    OWN_MEMORY char *host = NULL;
    OWN_MEMORY char *service = NULL;
    struct addrinfo hints = {0}, *found = NULL;
    if (!int_as_int(t, args[2], &hints.ai_family) || !int_as_int(t, args[3], &hints.ai_socktype) || !int_as_int(t, args[4], &hints.ai_protocol) ||
        !int_as_int(t, args[5], &hints.ai_flags)) return ERROR;
    if (!is_none(args[0]) && !is_str(args[0]) && !is_bytes(args[0])) return raise_type_error(t, "getaddrinfo() argument 1 must be string or None");
    if (!is_none(args[0]) && !host_text(t, args[0], true, &host)) return ERROR;
    if (!service_text(t, args[1], &service)) return ERROR;
    int failed, code;
    BLOCKING(t, GIL_DNS, { failed = getaddrinfo(host, service, &hints, &found); code = errno; });
    if (failed) {
        errno = code;
        return raise_gaierror(t, failed);
    }
    Value list = found_value(t, found);
    freeaddrinfo(found);
    return list;
}
static bool flow_and_scope(Thread *t, Value address, Address *to)
{
    uint64_t numbers[2] = {0};
    for (size_t i = 2; i < as_tuple(address)->length; i++)
        if (!int_as_u64(t, as_tuple(address)->items[i], &numbers[i - 2])) return false;
    if (numbers[0] > 0xfffff) return error_false(raise_error(t, &exc_OverflowError, "getnameinfo(): flowinfo must be 0-1048575."));
    to->in6.sin6_flowinfo = htonl((uint32_t)numbers[0]);
    to->in6.sin6_scope_id = (uint32_t)numbers[1];
    return true;
}
// The numeric address of getnameinfo's tuple.
static bool numeric_address(Thread *t, Value tuple, Address *address, socklen_t *length)
{
    int64_t port;
    char service[24];
    if (as_tuple(tuple)->length < 2 || as_tuple(tuple)->length > 4 || !is_str(as_tuple(tuple)->items[0]))
        return error_false(raise_type_error(t, "getnameinfo(): illegal sockaddr argument"));
    OWN_MEMORY char *host = str_to_utf8(t, as_str(as_tuple(tuple)->items[0]), NULL);
    if (!host || !int_as_i64(t, as_tuple(tuple)->items[1], &port)) return false;
    Address wanted = {0};
    if (!flow_and_scope(t, tuple, &wanted)) return false;
    snprintf(service, sizeof service, "%ld", (long)port);
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *found = NULL;
    int failed, code;
    BLOCKING(t, GIL_DNS, { failed = getaddrinfo(host, service, &hints, &found); code = errno; });
    if (failed) {
        errno = code;
        return error_false(raise_gaierror(t, failed));
    }
    bool several = found->ai_next != NULL;
    *length = found->ai_addrlen < sizeof *address ? found->ai_addrlen : sizeof *address;
    memcpy(address, found->ai_addr, *length);
    freeaddrinfo(found);
    if (several) return error_false(raise_error(t, &exc_OSError, "sockaddr resolved to multiple addresses"));
    if (address->any.sa_family == AF_INET && as_tuple(tuple)->length != 2) return error_false(raise_error(t, &exc_OSError, "IPv4 sockaddr must be 2 tuple"));
    if (address->any.sa_family == AF_INET6) {
        address->in6.sin6_flowinfo = wanted.in6.sin6_flowinfo;
        address->in6.sin6_scope_id = wanted.in6.sin6_scope_id;
    }
    return true;
}
static Value module_getnameinfo(Thread *t, Value self, const Value *args)
{
    Address address = {0};
    socklen_t length;
    int flags, failed, code;
    char host[NI_MAXHOST], service[NI_MAXSERV];
    if (!int_as_int(t, args[1], &flags)) return ERROR;
    if (!is_tuple(args[0])) return raise_type_error(t, "getnameinfo() argument 1 must be a tuple");
    if (!numeric_address(t, args[0], &address, &length)) return ERROR;
    BLOCKING(t, GIL_DNS, { failed = getnameinfo(&address.any, length, host, sizeof host, service, sizeof service, flags); code = errno; });
    if (failed) {
        errno = code;
        return raise_gaierror(t, failed);
    }
    OWN Value first = str_from_os(t, host, strlen(host));
    OWN Value second = is_error(first) ? ERROR : str_from_os(t, service, strlen(service));
    return is_error(second) ? ERROR : tuple_of(t, 2, first, second);
}

// ---- gethostbyname and its kin
static Value module_gethostbyname(Thread *t, Value self, const Value *args)
{
    Address address;
    OWN_MEMORY char *name = NULL;
    return host_text(t, args[0], true, &name) && host_resolve(t, name, AF_INET, &address) ? host_value(t, &address.any) : ERROR;
}
static Value raise_herror(Thread *t, int code)
{
    OWN Value text = str_from_text(t, hstrerror(code));
    Value exception = is_error(text) ? ERROR : call2(t, t->interp->module_slots[SLOT_SOCKET_HERROR], small_int(code), text);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}
static Value host_entry(Thread *t, const struct hostent *entry)
{
    OWN Value name = str_from_os(t, entry->h_name, strlen(entry->h_name));
    OWN Value aliases = is_error(name) ? ERROR : list_new(t, 2);
    OWN Value addresses = is_error(aliases) ? ERROR : list_new(t, 2);
    if (is_error(addresses)) return ERROR;
    for (char **alias = entry->h_aliases; alias && *alias; alias++)
        if (!list_append_owned(t, aliases, str_from_os(t, *alias, strlen(*alias)))) return ERROR;
    for (char **at = entry->h_addr_list; at && *at; at++) {
        Address address = {0};
        address.any.sa_family = (sa_family_t)entry->h_addrtype;
        if (entry->h_addrtype == AF_INET6) memcpy(&address.in6.sin6_addr, *at, sizeof address.in6.sin6_addr);
        else if (entry->h_addrtype == AF_INET) memcpy(&address.in4.sin_addr, *at, sizeof address.in4.sin_addr);
        else return raise_error(t, &exc_OSError, "unsupported address family");
        if (!list_append_owned(t, addresses, host_value(t, &address.any))) return ERROR;
    }
    return tuple_of(t, 3, name, aliases, addresses);
}
// Looks up by name, or by address where name is NULL, in a buffer that grows as far as the resolver wants.
static Value host_lookup(Thread *t, const char *name, const Address *address)
{
    const void *key = address->any.sa_family == AF_INET6 ? (const void *)&address->in6.sin6_addr : (const void *)&address->in4.sin_addr;
    socklen_t length = address->any.sa_family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
    int family = address->any.sa_family;
    for (size_t room = 4096;; room *= 2) {
        OWN_MEMORY char *buffer = mem_allocate(t, room);
        if (!buffer) return ERROR;
        struct hostent entry, *found = NULL;
        int failed, reason = 0;
        BLOCKING(t, GIL_DNS, failed = name ? gethostbyname_r(name, &entry, buffer, room, &found, &reason) : gethostbyaddr_r(key, length, family, &entry, buffer, room, &found, &reason));
        if (failed == ERANGE && room < (1u << 22)) continue;
        return found ? host_entry(t, found) : raise_herror(t, reason);
    }
}
static Value module_gethostbyname_ex(Thread *t, Value self, const Value *args)
{
    Address address;
    OWN_MEMORY char *name = NULL;
    return host_text(t, args[0], true, &name) && host_resolve(t, name, AF_INET, &address) ? host_lookup(t, name, &address) : ERROR;
}
static Value module_gethostbyaddr(Thread *t, Value self, const Value *args)
{
    Address address;
    OWN_MEMORY char *name = NULL;
    return host_text(t, args[0], true, &name) && host_resolve(t, name, AF_UNSPEC, &address) ? host_lookup(t, NULL, &address) : ERROR;
}
static Value module_gethostname(Thread *t, Value self, const Value *args)
{
    char name[1024];
    if (gethostname(name, sizeof name) != 0) return raise_errno(t, errno);
    name[sizeof name - 1] = '\0';
    return str_from_os(t, name, strlen(name));
}
static Value module_sethostname(Thread *t, Value self, const Value *args)
{
    OWN Value encoded = is_str(args[0]) ? str_encode(t, as_str(args[0]), "utf-8", "surrogateescape") : retain(args[0]);
    OWN_BUFFER Buffer name = {0};
    if (is_error(encoded) || !buffer_get(t, encoded, &name, 0)) return ERROR;
    return sethostname(name.data, (size_t)name.length) != 0 ? raise_errno(t, errno) : NONE;
}

// ---- Services and protocols
static bool text_of(Thread *t, Value v, const char *function, char **text)
{
    if (!is_str(v)) return error_false(raise_type_error(t, "%s() argument must be str, not %T", function, v));
    *text = str_to_utf8(t, as_str(v), NULL);
    return *text != NULL;
}
static Value service_value(Thread *t, const char *name, int port, const char *protocol)
{
    char buffer[8192];
    struct servent entry, *found = NULL;
    BLOCKING(t, GIL_DNS, {
        if (name) getservbyname_r(name, protocol, &entry, buffer, sizeof buffer, &found);
        else getservbyport_r(htons((uint16_t)port), protocol, &entry, buffer, sizeof buffer, &found);
    });
    if (!found) return raise_error(t, &exc_OSError, name ? "service/proto not found" : "port/proto not found");
    return name ? small_int(ntohs((uint16_t)found->s_port)) : str_from_os(t, found->s_name, strlen(found->s_name));
}
static Value module_getservbyname(Thread *t, Value self, const Value *args)
{
    OWN_MEMORY char *name = NULL;
    OWN_MEMORY char *protocol = NULL;
    if (!text_of(t, args[0], "getservbyname", &name) || (!is_unbound(args[1]) && !text_of(t, args[1], "getservbyname", &protocol))) return ERROR;
    return service_value(t, name, 0, protocol);
}
static Value module_getservbyport(Thread *t, Value self, const Value *args)
{
    int port;
    OWN_MEMORY char *protocol = NULL;
    if (!int_as_int(t, args[0], &port) || (!is_unbound(args[1]) && !text_of(t, args[1], "getservbyport", &protocol))) return ERROR;
    if (port < 0 || port > 0xffff) return raise_error(t, &exc_OverflowError, "getservbyport: port must be 0-65535.");
    return service_value(t, NULL, port, protocol);
}
static Value module_getprotobyname(Thread *t, Value self, const Value *args)
{
    char buffer[8192];
    struct protoent entry, *found = NULL;
    OWN_MEMORY char *name = NULL;
    if (!text_of(t, args[0], "getprotobyname", &name)) return ERROR;
    BLOCKING(t, GIL_DNS, getprotobyname_r(name, &entry, buffer, sizeof buffer, &found));
    return found ? small_int(found->p_proto) : raise_error(t, &exc_OSError, "protocol not found");
}

// ---- Interfaces
static Value module_if_nameindex(Thread *t, Value self, const Value *args)
{
    struct if_nameindex *all = if_nameindex();
    if (!all) return raise_errno(t, errno);
    OWN Value list = list_new(t, 4);
    for (struct if_nameindex *one = all; !is_error(list) && one->if_index; one++) {
        OWN Value name = str_from_os(t, one->if_name, strlen(one->if_name));
        OWN Value pair = is_error(name) ? ERROR : tuple_of(t, 2, small_int(one->if_index), name);
        if (is_error(pair) || !list_append(t, list, pair)) assign(&list, ERROR);
    }
    if_freenameindex(all);
    return MOVE(list);
}
static Value module_if_nametoindex(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0]) && !is_bytes(args[0])) return raise_type_error(t, "expected str, bytes or os.PathLike object, not %T", args[0]);
    OWN Value encoded = is_str(args[0]) ? str_encode(t, as_str(args[0]), "utf-8", "surrogateescape") : retain(args[0]);
    if (is_error(encoded)) return ERROR;
    if (memchr(bytes_data(encoded), 0, bytes_length(encoded))) return raise_value_error(t, "embedded null byte");
    unsigned index = if_nametoindex(bytes_data(encoded));
    return index ? small_int(index) : raise_error(t, &exc_OSError, "no interface with this name");
}
static Value module_if_indextoname(Thread *t, Value self, const Value *args)
{
    uint64_t index;
    char name[IF_NAMESIZE + 1];
    if (!int_as_u64(t, args[0], &index)) return ERROR;
    if (index > UINT32_MAX) return raise_error(t, &exc_OverflowError, "index is too large");
    return if_indextoname((unsigned)index, name) ? str_from_os(t, name, strlen(name)) : raise_errno(t, errno);
}

// ---- Numbers and packed addresses
static Value swapped(Thread *t, Value v, const char *function, bool wide)
{
    uint64_t number;
    int64_t whole;
    if (!is_int(v) && wide) return raise_type_error(t, "expected int, %T found", v);
    if (!int_as_i64(t, v, &whole)) return ERROR;
    if (whole < 0) return raise_error(t, &exc_OverflowError, wide ? "can't convert negative value to unsigned int" : "%s: can't convert negative Python int to C 16-bit unsigned integer", function);
    number = (uint64_t)whole;
    if (number > (wide ? UINT32_MAX : UINT16_MAX))
        return raise_error(t, &exc_OverflowError, wide ? "int larger than 32 bits" : "%s: Python int too large to convert to C 16-bit unsigned integer", function);
    return small_int(wide ? htonl((uint32_t)number) : htons((uint16_t)number));
}
static Value module_htons(Thread *t, Value self, const Value *args) { return swapped(t, args[0], "htons", false); }
static Value module_ntohs(Thread *t, Value self, const Value *args) { return swapped(t, args[0], "ntohs", false); }
static Value module_htonl(Thread *t, Value self, const Value *args) { return swapped(t, args[0], "htonl", true); }
static Value module_ntohl(Thread *t, Value self, const Value *args) { return swapped(t, args[0], "ntohl", true); }
static Value module_inet_aton(Thread *t, Value self, const Value *args)
{
    struct in_addr address;
    OWN_MEMORY char *text = NULL;
    if (!text_of(t, args[0], "inet_aton", &text)) return ERROR;
    return inet_aton(text, &address) ? bytes_from(t, (const char *)&address, sizeof address) : raise_error(t, &exc_OSError, "illegal IP address string passed to inet_aton");
}
static Value module_inet_ntoa(Thread *t, Value self, const Value *args)
{
    OWN_BUFFER Buffer packed = {0};
    char text[INET_ADDRSTRLEN];
    if (!buffer_get(t, args[0], &packed, 0)) return ERROR;
    if (packed.length != sizeof(struct in_addr)) return raise_error(t, &exc_OSError, "packed IP wrong length for inet_ntoa");
    return str_from_text(t, inet_ntop(AF_INET, packed.data, text, sizeof text));
}
static Value module_inet_pton(Thread *t, Value self, const Value *args)
{
    int family;
    char packed[sizeof(struct in6_addr)];
    OWN_MEMORY char *text = NULL;
    if (!int_as_int(t, args[0], &family) || !text_of(t, args[1], "inet_pton", &text)) return ERROR;
    int fits = inet_pton(family, text, packed);
    if (fits < 0) return raise_errno(t, errno);
    if (fits == 0) return raise_error(t, &exc_OSError, "illegal IP address string passed to inet_pton");
    return bytes_from(t, packed, family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr));
}
static Value module_inet_ntop(Thread *t, Value self, const Value *args)
{
    int family;
    char text[INET6_ADDRSTRLEN];
    OWN_BUFFER Buffer packed = {0};
    if (!int_as_int(t, args[0], &family) || !buffer_get(t, args[1], &packed, 0)) return ERROR;
    if (family != AF_INET && family != AF_INET6) return raise_value_error(t, "unknown address family %d", family);
    size_t wanted = family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
    if ((size_t)packed.length != wanted) return raise_value_error(t, "invalid length of packed IP address string");
    return inet_ntop(family, packed.data, text, sizeof text) ? str_from_text(t, text) : raise_errno(t, errno);
}

const Method socket_name_functions[] = {
    {"getaddrinfo", module_getaddrinfo, "(host, port, family=0, type=0, proto=0, flags=0)", "Addresses of a host and a service: (family, type, proto, canonname, sockaddr) for each."},
    {"getnameinfo", module_getnameinfo, "(sockaddr, flags, /)", "The host and the service of an address."},
    {"gethostbyname", module_gethostbyname, "(host, /)", "The IPv4 address of a host."},
    {"gethostbyname_ex", module_gethostbyname_ex, "(host, /)", "(name, aliases, addresses) of a host."},
    {"gethostbyaddr", module_gethostbyaddr, "(host, /)", "(name, aliases, addresses) of a host, by its address."},
    {"gethostname", module_gethostname, "()", "The name of this host."},
    {"sethostname", module_sethostname, "(name, /)", "Set the name of this host."},
    {"getservbyname", module_getservbyname, "(servicename, protocolname=<unset>, /)", "The port of a service."},
    {"getservbyport", module_getservbyport, "(port, protocolname=<unset>, /)", "The service at a port."},
    {"getprotobyname", module_getprotobyname, "(name, /)", "The number of a protocol."},
    {"if_nameindex", module_if_nameindex, "()", "The network interfaces: (index, name) for each."},
    {"if_nametoindex", module_if_nametoindex, "(if_name, /)", "The index of an interface."},
    {"if_indextoname", module_if_indextoname, "(if_index, /)", "The name of an interface."},
    {"htons", module_htons, "(x, /)", "A 16-bit number from the host's to the network's order."},
    {"ntohs", module_ntohs, "(x, /)", "A 16-bit number from the network's to the host's order."},
    {"htonl", module_htonl, "(x, /)", "A 32-bit number from the host's to the network's order."},
    {"ntohl", module_ntohl, "(x, /)", "A 32-bit number from the network's to the host's order."},
    {"inet_aton", module_inet_aton, "(ip_addr, /)", "An IPv4 address as 4 bytes, from its text."},
    {"inet_ntoa", module_inet_ntoa, "(packed_ip, /)", "The text of an IPv4 address of 4 bytes."},
    {"inet_pton", module_inet_pton, "(af, ip, /)", "An address of a family as bytes, from its text."},
    {"inet_ntop", module_inet_ntop, "(af, packed_ip, /)", "The text of an address of a family."},
    {0},
};
