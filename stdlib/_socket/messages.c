// SPDX-License-Identifier: MIT
// stdlib/_socket/messages.c: sendmsg and recvmsg: several buffers at once, and ancillary data (descriptors, credentials).
#include <limits.h>
#include <poll.h>
#include <sys/uio.h>

#include "stdlib/_socket/socket.h"

// ---- Buffers of a call: held until it is over
typedef struct Buffers { struct iovec *parts; Buffer *held; size_t count; } Buffers;
static void buffers_end(Buffers *b)
{
    for (size_t i = 0; b->held && i < b->count; i++) buffer_release(&b->held[i]);
    mem_free(b->held);
    mem_free(b->parts);
}
#define OWN_BUFFERS __attribute__((cleanup(buffers_end)))
static bool buffers_from(Thread *t, Value iterable, int flags, const char *complaint, Buffers *b)
{
    OWN Value items = tuple_from_iterable(t, iterable);
    if (is_error(items)) {
        if (error_clear_if(t, &exc_TypeError)) raise_type_error(t, "%s", complaint);
        return false;
    }
    size_t count = as_tuple(items)->length;
    b->held = mem_allocate(t, (count + 1) * sizeof *b->held);
    b->parts = b->held ? mem_allocate(t, (count + 1) * sizeof *b->parts) : NULL;
    if (!b->parts) return false;
    for (; b->count < count; b->count++) {
        Buffer *buffer = &b->held[b->count];
        *buffer = (Buffer){0};
        if (!buffer_get(t, as_tuple(items)->items[b->count], buffer, flags)) return false;
        b->parts[b->count] = (struct iovec){.iov_base = buffer->data, .iov_len = (size_t)buffer->length};
    }
    return true;
}

// ---- Ancillary data to be sent
// The bytes that a control message takes, with padding behind it or without; false if a socklen_t cannot say so.
static bool cmsg_length(size_t data, bool padded, size_t *length)
{
    if (data > (size_t)INT_MAX - (padded ? CMSG_SPACE(1) : CMSG_LEN(0))) return false;
    *length = padded ? CMSG_SPACE(data) : CMSG_LEN(data);
    return true;
}
typedef struct Control { Buffers data; int *levels, *types; char *text; size_t length; } Control;
static void control_end(Control *c)
{
    buffers_end(&c->data);
    mem_free(c->levels);
    mem_free(c->text);
}
#define OWN_CONTROL __attribute__((cleanup(control_end)))
// Holds the data of each (level, type, data), and adds up the room that they need.
static bool control_items(Thread *t, Value items, Control *c)
{
    size_t count = as_tuple(items)->length;
    c->data.held = mem_allocate(t, (count + 1) * sizeof *c->data.held);
    c->levels = c->data.held ? mem_allocate(t, (2 * count + 1) * sizeof *c->levels) : NULL;
    if (!c->levels) return false;
    c->types = c->levels + count;
    for (; c->data.count < count; c->data.count++) {
        size_t i = c->data.count, space;
        c->data.held[i] = (Buffer){0};
        OWN Value item = tuple_from_iterable(t, as_tuple(items)->items[i]);
        if (is_error(item)) return error_clear_if(t, &exc_TypeError) ? error_false(raise_type_error(t, "[sendmsg() ancillary data items]() argument must be 3-item sequence, not %T", as_tuple(items)->items[i])) : false;
        if (as_tuple(item)->length != 3) return error_false(raise_type_error(t, "[sendmsg() ancillary data items]() argument must be sequence of length 3, not %zu", as_tuple(item)->length));
        const Value *words = as_tuple(item)->items;
        if (!int_as_int(t, words[0], &c->levels[i]) || !int_as_int(t, words[1], &c->types[i]) || !buffer_get(t, words[2], &c->data.held[i], 0)) return false;
        if (!cmsg_length((size_t)c->data.held[i].length, true, &space)) {
            c->data.count++;
            return error_false(raise_error(t, &exc_OSError, "ancillary data item too large"));
        }
        if (c->length > (size_t)INT_MAX - space) {
            c->data.count++;
            return error_false(raise_error(t, &exc_OSError, "too much ancillary data"));
        }
        c->length += space;
    }
    return true;
}
static bool control_from(Thread *t, Value iterable, Control *c)
{
    OWN Value items = tuple_from_iterable(t, iterable);
    if (is_error(items)) return error_clear_if(t, &exc_TypeError) ? error_false(raise_type_error(t, "sendmsg() argument 2 must be an iterable")) : false;
    if (!control_items(t, items, c)) return false;
    if (c->length == 0) return true;
    c->text = mem_allocate(t, c->length);
    if (!c->text) return false;
    memset(c->text, 0, c->length);
    size_t at = 0;
    for (size_t i = 0; i < c->data.count; i++) {
        struct cmsghdr *head = (struct cmsghdr *)(void *)(c->text + at);
        size_t size = (size_t)c->data.held[i].length;
        head->cmsg_level = c->levels[i];
        head->cmsg_type = c->types[i];
        head->cmsg_len = CMSG_LEN(size);
        if (size) memcpy(CMSG_DATA(head), c->data.held[i].data, size);
        at += CMSG_SPACE(size);
    }
    return true;
}

// ---- Sending
typedef struct Message { struct msghdr head; int flags; } Message;
static ssize_t try_sendmsg(int fd, void *request) { return sendmsg(fd, &((Message *)request)->head, ((Message *)request)->flags); }
static Value send_message(Thread *t, Value self, Message *message)
{
    uint64_t deadline = UINT64_MAX;
    ssize_t sent = socket_call(t, as_socket(self), GIL_WRITE, POLLOUT, try_sendmsg, message, &deadline);
    return sent < 0 ? ERROR : int_value(t, sent);
}
Value socket_sendmsg(Thread *t, Value self, const Value *args)
{
    OWN_BUFFERS Buffers data = {0};
    OWN_CONTROL Control control = {0};
    Address address;
    Message message = {0};
    if (!int_as_int(t, args[2], &message.flags)) return ERROR;
    if (!is_none(args[3])) {
        if (!address_from(t, as_socket(self)->family, args[3], "sendmsg", &address, &message.head.msg_namelen)) return ERROR;
        message.head.msg_name = &address;
    }
    if (!buffers_from(t, args[0], 0, "sendmsg() argument 1 must be an iterable", &data)) return ERROR;
    if (!is_unbound(args[1]) && !control_from(t, args[1], &control)) return ERROR;
    message.head.msg_iov = data.parts;
    message.head.msg_iovlen = data.count;
    message.head.msg_control = control.text;
    message.head.msg_controllen = control.length;
    return send_message(t, self, &message);
}
static struct cmsghdr *algorithm_word(Message *message, size_t *at, int type, size_t size)
{
    struct cmsghdr *head = (struct cmsghdr *)(void *)((char *)message->head.msg_control + *at);
    *at += CMSG_SPACE(size);
    head->cmsg_level = SOL_ALG;
    head->cmsg_type = type;
    head->cmsg_len = CMSG_LEN(size);
    return head;
}
Value socket_sendmsg_afalg(Thread *t, Value self, const Value *args)
{
    OWN_BUFFERS Buffers data = {0};
    OWN_BUFFER Buffer vector = {0};
    Message message = {0};
    int operation, associated = -1;
    if (as_socket(self)->family != AF_ALG) return raise_error(t, &exc_OSError, "algset is only supported for AF_ALG");
    if (!int_as_int(t, args[1], &operation) || !int_as_int(t, args[4], &message.flags)) return ERROR;
    if (operation < 0) return raise_type_error(t, "op must be a positive integer");      // sic
    if (!is_unbound(args[3])) {
        if (!int_as_int(t, args[3], &associated)) return ERROR;
        if (associated < 0) return raise_type_error(t, "assoclen must be positive");
    }
    if (!is_none(args[2]) && !buffer_get(t, args[2], &vector, 0)) return ERROR;
    if (!buffers_from(t, args[0], 0, "sendmsg_afalg() argument 1 must be an iterable", &data)) return ERROR;
    size_t vector_size = is_none(args[2]) ? 0 : sizeof(struct af_alg_iv) + (size_t)vector.length;
    if (vector_size > INT_MAX / 2) return raise_error(t, &exc_OverflowError, "iv is too long");
    size_t room = CMSG_SPACE(sizeof(int)) + (vector_size ? CMSG_SPACE(vector_size) : 0) + (associated >= 0 ? CMSG_SPACE(sizeof(int)) : 0), at = 0;
    OWN_MEMORY char *control = mem_allocate(t, room);
    if (!control) return ERROR;
    memset(control, 0, room);
    message.head = (struct msghdr){.msg_iov = data.parts, .msg_iovlen = data.count, .msg_control = control, .msg_controllen = room};
    memcpy(CMSG_DATA(algorithm_word(&message, &at, ALG_SET_OP, sizeof(int))), &operation, sizeof(int));
    if (vector_size) {
        struct af_alg_iv *iv = (struct af_alg_iv *)(void *)CMSG_DATA(algorithm_word(&message, &at, ALG_SET_IV, vector_size));
        iv->ivlen = (uint32_t)vector.length;
        memcpy(iv->iv, vector.data, (size_t)vector.length);
    }
    if (associated >= 0) memcpy(CMSG_DATA(algorithm_word(&message, &at, ALG_SET_AEAD_ASSOCLEN, sizeof(int))), &associated, sizeof(int));
    return send_message(t, self, &message);
}

// ---- Receiving
static ssize_t try_recvmsg(int fd, void *request) { return recvmsg(fd, &((Message *)request)->head, ((Message *)request)->flags); }

// The bytes of a control message that are there, though it may claim more: a truncated message is cut.
static bool control_data(const struct msghdr *head, struct cmsghdr *item, size_t *size)
{
    const char *end = (const char *)head->msg_control + head->msg_controllen, *data = (const char *)CMSG_DATA(item);
    if (item->cmsg_len < CMSG_LEN(0) || data > end) return false;
    *size = item->cmsg_len - CMSG_LEN(0);
    if (*size > (size_t)(end - data)) *size = (size_t)(end - data);
    return true;
}
// Descriptors that arrived with a message that Python will never see must not stay open.
static void close_received(const struct msghdr *head)
{
    for (struct cmsghdr *item = head->msg_controllen ? CMSG_FIRSTHDR(head) : NULL; item; item = CMSG_NXTHDR((struct msghdr *)head, item)) {
        size_t size;
        if (!control_data(head, item, &size)) return;
        if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) continue;
        for (size_t i = 0; i + sizeof(int) <= size; i += sizeof(int)) {
            int fd;
            memcpy(&fd, CMSG_DATA(item) + i, sizeof fd);
            close(fd);
        }
    }
}
static Value control_value(Thread *t, const struct msghdr *head)
{
    OWN Value list = list_new(t, 0);
    if (is_error(list)) return ERROR;
    for (struct cmsghdr *item = head->msg_controllen ? CMSG_FIRSTHDR(head) : NULL; item; item = CMSG_NXTHDR((struct msghdr *)head, item)) {
        size_t size;
        if (!control_data(head, item, &size)) {
            if (!warn(t, &exc_RuntimeWarning, 1, "received malformed or improperly-truncated ancillary data")) return ERROR;
            break;
        }
        OWN Value data = bytes_from(t, (const char *)CMSG_DATA(item), size);
        OWN Value triple = is_error(data) ? ERROR : tuple_of(t, 3, small_int(item->cmsg_level), small_int(item->cmsg_type), data);
        if (is_error(triple) || !list_append(t, list, triple)) return ERROR;
    }
    return MOVE(list);
}
// The end of both forms: (data, ancdata, flags, address). `data` may be an error already.
static Value message_value(Thread *t, Value self, Value data, const Message *message, const Address *address)
{
    OWN Value control = is_error(data) ? ERROR : control_value(t, &message->head);
    OWN Value peer = is_error(control) ? ERROR : address_value(t, address, message->head.msg_namelen, as_socket(self)->protocol);
    Value result = is_error(peer) ? ERROR : tuple_of(t, 4, data, control, small_int(message->head.msg_flags), peer);
    if (is_error(result)) close_received(&message->head);
    return result;
}
static bool control_room(Thread *t, Value size, char **control, size_t *room)
{
    ptrdiff_t length;
    if (!object_as_index(t, size, &length, &exc_OverflowError)) return false;
    if (length < 0 || length > INT_MAX) return error_false(raise_value_error(t, "invalid ancillary data buffer length"));
    *room = (size_t)length;
    return length == 0 || (*control = mem_allocate(t, *room)) != NULL;
}
static ssize_t receive_message(Thread *t, Value self, Message *message, Address *address)
{
    uint64_t deadline = UINT64_MAX;
    message->head.msg_name = address;
    message->head.msg_namelen = sizeof *address;
    return socket_call(t, as_socket(self), GIL_READ, POLLIN, try_recvmsg, message, &deadline);
}
Value socket_recvmsg(Thread *t, Value self, const Value *args)
{
    ptrdiff_t length;
    Message message = {0};
    Address address = {0};
    OWN_MEMORY char *control = NULL;
    if (!object_as_index(t, args[0], &length, &exc_OverflowError) || !int_as_int(t, args[2], &message.flags)) return ERROR;
    if (length < 0) return raise_value_error(t, "negative buffer size in recvmsg()");
    if (!control_room(t, args[1], &control, &message.head.msg_controllen)) return ERROR;
    OWN Value data = bytes_from(t, NULL, (size_t)length);
    if (is_error(data)) return ERROR;
    struct iovec part = {.iov_base = bytes_data(data), .iov_len = (size_t)length};
    message.head.msg_iov = &part;
    message.head.msg_iovlen = 1;
    message.head.msg_control = control;
    ssize_t got = receive_message(t, self, &message, &address);
    if (got < 0) return ERROR;
    OWN Value cut = bytes_cut(t, MOVE(data), (size_t)got);
    return message_value(t, self, cut, &message, &address);
}
Value socket_recvmsg_into(Thread *t, Value self, const Value *args)
{
    Message message = {0};
    Address address = {0};
    OWN_BUFFERS Buffers room = {0};
    OWN_MEMORY char *control = NULL;
    if (!int_as_int(t, args[2], &message.flags)) return ERROR;
    if (!buffers_from(t, args[0], BUFFER_WRITABLE, "recvmsg_into() argument 1 must be an iterable", &room)) return ERROR;
    if (!control_room(t, args[1], &control, &message.head.msg_controllen)) return ERROR;
    message.head.msg_iov = room.parts;
    message.head.msg_iovlen = room.count;
    message.head.msg_control = control;
    ssize_t got = receive_message(t, self, &message, &address);
    return got < 0 ? ERROR : message_value(t, self, small_int(got), &message, &address);
}

static Value sized(Thread *t, Value v, const char *function, bool padded)
{
    ptrdiff_t length;
    size_t space;
    if (!object_as_index(t, v, &length, NULL)) return ERROR;
    if (length < 0 || !cmsg_length((size_t)length, padded, &space)) return raise_error(t, &exc_OverflowError, "%s() argument out of range", function);
    return int_value(t, (int64_t)space);
}
Value module_cmsg_len(Thread *t, Value self, const Value *args) { return sized(t, args[0], "CMSG_LEN", false); }
Value module_cmsg_space(Thread *t, Value self, const Value *args) { return sized(t, args[0], "CMSG_SPACE", true); }
