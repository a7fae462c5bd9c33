// SPDX-License-Identifier: MIT
// stdlib/_socket/socket.h: what the files of the module share.
#ifndef BATON_STDLIB_SOCKET_SOCKET_H
#define BATON_STDLIB_SOCKET_SOCKET_H

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/if_alg.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/module_slots.h"

#define NO_TIMEOUT (-1)

// fd -1: closed, perhaps by another thread while this one waited: so it is read under the GIL before each system call.
typedef struct Socket {
    Object head;
    int fd, family, type, protocol;
    int64_t timeout_ns;              // NO_TIMEOUT: calls wait; 0: they never do
} Socket;
extern Type socket_type;
extern const TypeSpec socket_type_spec;
static inline Socket *as_socket(Value v) { return (Socket *)as_object(v); }

typedef union Address {
    struct sockaddr any;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    struct sockaddr_un local;
    struct sockaddr_nl netlink;
    struct sockaddr_vm vm;
    struct sockaddr_alg algorithm;
    struct sockaddr_storage storage;
} Address;

// One try at a system call: -1 and errno, or what it gave. Runs without the GIL.
typedef ssize_t (*SocketTry)(int fd, void *request);
// Tries until it is done or the socket's time is up (TimeoutError); *deadline UINT64_MAX starts the time, and keeps it for
// calls of several steps. event: POLLIN or POLLOUT, what the call waits for. -1: raised.
NEEDS_GIL MAY_RAISE ssize_t socket_call(Thread *t, Socket *s, GilReason reason, short event, SocketTry try_it, void *request, uint64_t *deadline);
// As poll() for one descriptor until the deadline: 1 ready, 0 time is up, -1 raised.
NEEDS_GIL MAY_RAISE int socket_wait(Thread *t, Socket *s, short event, uint64_t deadline);
uint64_t socket_deadline(const Socket *s);

// address.c
NEEDS_GIL MAY_RAISE bool address_from(Thread *t, int family, Value v, const char *function, Address *address, socklen_t *length);
NEEDS_GIL NEW_REF Value address_value(Thread *t, const Address *address, socklen_t length, int protocol);
socklen_t address_room(int family);
// Text of a host for the resolver: str (IDNA where it is not ASCII), bytes, bytearray. False: raised. *text is owned.
NEEDS_GIL MAY_RAISE bool host_text(Thread *t, Value v, bool check_labels, char **text);
NEEDS_GIL MAY_RAISE bool host_resolve(Thread *t, const char *name, int family, Address *address);
NEEDS_GIL NEW_REF Value host_value(Thread *t, const struct sockaddr *address);       // numeric
NEEDS_GIL COLD Value raise_gaierror(Thread *t, int code);

// names.c: getaddrinfo and its kin; messages.c: sendmsg, recvmsg
extern const Method socket_name_functions[];
NEEDS_GIL NEW_REF Value socket_sendmsg(Thread *t, Value self, const Value *args);
NEEDS_GIL NEW_REF Value socket_recvmsg(Thread *t, Value self, const Value *args);
NEEDS_GIL NEW_REF Value socket_recvmsg_into(Thread *t, Value self, const Value *args);
NEEDS_GIL NEW_REF Value socket_sendmsg_afalg(Thread *t, Value self, const Value *args);
NEEDS_GIL NEW_REF Value module_cmsg_len(Thread *t, Value self, const Value *args);
NEEDS_GIL NEW_REF Value module_cmsg_space(Thread *t, Value self, const Value *args);
NEEDS_GIL MAY_RAISE bool timeout_ns_from(Thread *t, Value v, int64_t *ns);
NEEDS_GIL NEW_REF Value timeout_ns_value(Thread *t, int64_t ns);

#endif
