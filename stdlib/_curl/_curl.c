// SPDX-License-Identifier: MIT
// stdlib/_curl/_curl.c: HTTP transfers by libcurl, for requests (one at a time, the GIL let go) and aiohttp (many at a time, on
// the sockets of an event loop). A shared object: loaded when imported.
//
// Always   1. A Transfer's handle is used by one thread at a time: perform() marks it busy before it lets go of the GIL.
//          2. libcurl's callbacks touch no object: they write into plain memory of the Transfer or, for a Multi, into the
//             list of socket events, which Python reads afterwards.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

typedef struct Memory { char *data; size_t length, capacity; bool failed; } Memory;

typedef struct Transfer {
    Object head;
    CURL *handle;
    struct curl_slist *headers;
    Memory body, head_lines, upload;
    size_t upload_at;
    char error[CURL_ERROR_SIZE];
    bool busy;
    Value multi;               // the Multi that it is in, or UNBOUND
} Transfer;

typedef struct SocketEvent { curl_socket_t fd; int what; } SocketEvent;
typedef struct Multi {
    Object head;
    CURLM *handle;
    SocketEvent *events;       // what libcurl asked for since Python last looked
    size_t event_count, event_capacity;
    long timeout_ms;           // -1: none
    bool timeout_changed, failed;
} Multi;

typedef struct Share { Object head; CURLSH *handle; pthread_mutex_t locks[CURL_LOCK_DATA_LAST]; } Share;

static Type transfer_type, multi_type, share_type;
static Transfer *as_transfer(Value v) { return (Transfer *)as_object(v); }
static Multi *as_multi(Value v) { return (Multi *)as_object(v); }
static Share *as_share(Value v) { return (Share *)as_object(v); }

// ---- Callbacks of libcurl: no GIL, no objects
static bool memory_add(Memory *m, const char *data, size_t length)
{
    if (m->length + length > m->capacity) {
        size_t capacity = (m->length + length) * 2 + 1024;
        char *grown = realloc(m->data, capacity);
        if (!grown) {
            m->failed = true;
            return false;
        }
        m->data = grown;
        m->capacity = capacity;
    }
    memcpy(m->data + m->length, data, length);
    m->length += length;
    return true;
}
static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    return memory_add(&((Transfer *)context)->body, data, size * count) ? size * count : 0;
}
static size_t on_head(char *data, size_t size, size_t count, void *context)
{
    Transfer *x = context;
    if (size * count > 5 && memcmp(data, "HTTP/", 5) == 0 && x->head_lines.length && !memory_add(&x->head_lines, "\n", 1)) return 0;
    return memory_add(&x->head_lines, data, size * count) ? size * count : 0;
}
static size_t on_upload(char *out, size_t size, size_t count, void *context)
{
    Transfer *x = context;
    size_t left = x->upload.length - x->upload_at, take = left < size * count ? left : size * count;
    memcpy(out, x->upload.data + x->upload_at, take);
    x->upload_at += take;
    return take;
}
static int on_seek(void *context, curl_off_t offset, int origin)
{
    Transfer *x = context;
    if (origin != SEEK_SET || offset < 0 || (size_t)offset > x->upload.length) return CURL_SEEKFUNC_CANTSEEK;
    x->upload_at = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}
static int on_socket(CURL *handle, curl_socket_t fd, int what, void *context, void *own)
{
    Multi *m = context;
    if (m->event_count == m->event_capacity) {
        size_t capacity = m->event_capacity ? m->event_capacity * 2 : 16;
        SocketEvent *events = realloc(m->events, capacity * sizeof *events);
        if (!events) {
            m->failed = true;
            return 0;
        }
        m->events = events;
        m->event_capacity = capacity;
    }
    m->events[m->event_count++] = (SocketEvent){fd, what};
    return 0;
}
static int on_timer(CURLM *handle, long timeout_ms, void *context)
{
    Multi *m = context;
    m->timeout_ms = timeout_ms;
    m->timeout_changed = true;
    return 0;
}

// ---- Transfer
static Value transfer_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER Transfer *x = (Transfer *)object_new(t, type);
    if (!x) return ERROR;
    x->handle = curl_easy_init();
    if (!x->handle) return raise_memory_error(t);
    curl_easy_setopt(x->handle, CURLOPT_ERRORBUFFER, x->error);
    curl_easy_setopt(x->handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(x->handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(x->handle, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(x->handle, CURLOPT_HEADERFUNCTION, on_head);
    curl_easy_setopt(x->handle, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(x->handle, CURLOPT_READFUNCTION, on_upload);
    curl_easy_setopt(x->handle, CURLOPT_READDATA, x);
    curl_easy_setopt(x->handle, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(x->handle, CURLOPT_SEEKDATA, x);
    curl_easy_setopt(x->handle, CURLOPT_PRIVATE, x);
    curl_easy_setopt(x->handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    return object_value(MOVE_POINTER(x));
}
static bool idle(Thread *t, Transfer *x)
{
    if (x->busy || !is_unbound(x->multi)) return error_false(raise_error(t, &exc_RuntimeError, "the transfer is under way"));
    return true;
}
// setopt(option, value): value an int, a str or bytes, or a list of str for headers.
static Value transfer_setopt(Thread *t, Value self, const Value *args)
{
    Transfer *x = as_transfer(self);
    int option;
    if (!idle(t, x) || !int_as_int(t, args[0], &option)) return ERROR;
    CURLcode code;
    if (is_int(args[1])) {
        int64_t number;
        if (!int_as_i64(t, args[1], &number)) return ERROR;
        code = option >= CURLOPTTYPE_OFF_T ? curl_easy_setopt(x->handle, (CURLoption)option, (curl_off_t)number) : curl_easy_setopt(x->handle, (CURLoption)option, (long)number);
    } else if (is_none(args[1])) {
        code = curl_easy_setopt(x->handle, (CURLoption)option, NULL);
    } else if (is_str(args[1])) {
        OWN_MEMORY char *text = str_to_utf8(t, as_str(args[1]), NULL);
        if (!text) return ERROR;
        code = curl_easy_setopt(x->handle, (CURLoption)option, text);
    } else if (is_list(args[1])) {
        curl_slist_free_all(x->headers);
        x->headers = NULL;
        for (size_t i = 0; i < as_list(args[1])->length; i++) {
            Value item = as_list(args[1])->items[i];
            OWN_MEMORY char *text = is_str(item) ? str_to_utf8(t, as_str(item), NULL) : NULL;
            if (!text) return error_pending(t) ? ERROR : raise_type_error(t, "header lines must be str, not %T", item);
            struct curl_slist *longer = curl_slist_append(x->headers, text);
            if (!longer) return raise_memory_error(t);
            x->headers = longer;
        }
        code = curl_easy_setopt(x->handle, (CURLoption)option, x->headers);
    } else {
        return raise_type_error(t, "an option's value must be int, str, list or None, not %T", args[1]);
    }
    return code == CURLE_OK ? NONE : raise_value_error(t, "option %d: %s", option, curl_easy_strerror(code));
}
static Value transfer_set_upload(Thread *t, Value self, const Value *args)
{
    Transfer *x = as_transfer(self);
    OWN_BUFFER Buffer data = {0};
    if (!idle(t, x) || !buffer_get(t, args[0], &data, 0)) return ERROR;
    x->upload.length = x->upload_at = 0;
    return memory_add(&x->upload, data.data ? data.data : "", (size_t)data.length) ? NONE : raise_memory_error(t);
}
static Value transfer_share(Thread *t, Value self, const Value *args)
{
    Transfer *x = as_transfer(self);
    if (!idle(t, x)) return ERROR;
    if (!is_instance_of(args[0], &share_type)) return raise_type_error(t, "a Share is needed, not %T", args[0]);
    curl_easy_setopt(x->handle, CURLOPT_SHARE, as_share(args[0])->handle);
    return NONE;
}
static void forget_results(Transfer *x)
{
    x->body.length = x->head_lines.length = 0;
    x->body.failed = x->head_lines.failed = false;
    x->upload_at = 0;
    x->error[0] = 0;
}
// Runs the transfer to its end without the GIL: libcurl's code, 0 for success.
static Value transfer_perform(Thread *t, Value self, const Value *args)
{
    Transfer *x = as_transfer(self);
    if (!idle(t, x)) return ERROR;
    forget_results(x);
    x->busy = true;
    CURLcode code;
    BLOCKING(t, GIL_TRANSFER, code = curl_easy_perform(x->handle));
    x->busy = false;
    return signals_poll(t) ? small_int(code) : ERROR;
}
static Value memory_bytes(Thread *t, const Memory *m) { return bytes_from(t, m->data ? m->data : "", m->length); }
static Value transfer_body(Thread *t, Value self) { return memory_bytes(t, &as_transfer(self)->body); }
static Value transfer_head(Thread *t, Value self) { return memory_bytes(t, &as_transfer(self)->head_lines); }
static Value transfer_error(Thread *t, Value self) { return str_from_latin1(t, as_transfer(self)->error, strlen(as_transfer(self)->error)); }
static Value transfer_getinfo(Thread *t, Value self, const Value *args)
{
    Transfer *x = as_transfer(self);
    int which;
    if (x->busy) return raise_error(t, &exc_RuntimeError, "the transfer is under way");
    if (!int_as_int(t, args[0], &which)) return ERROR;
    char *text = NULL;
    long number = 0;
    double seconds = 0;
    switch (which & CURLINFO_TYPEMASK) {
    case CURLINFO_STRING:
        if (curl_easy_getinfo(x->handle, (CURLINFO)which, &text) != CURLE_OK || !text) return NONE;
        return str_from_os(t, text, strlen(text));
    case CURLINFO_LONG:
        return curl_easy_getinfo(x->handle, (CURLINFO)which, &number) == CURLE_OK ? int_value(t, number) : NONE;
    case CURLINFO_DOUBLE:
        return curl_easy_getinfo(x->handle, (CURLINFO)which, &seconds) == CURLE_OK ? float_value(seconds) : NONE;
    default:
        return raise_value_error(t, "no such information: %d", which);
    }
}
static void transfer_finish(Thread *t, Object *o)
{
    Transfer *x = (Transfer *)o;
    if (!is_unbound(x->multi)) curl_multi_remove_handle(as_multi(x->multi)->handle, x->handle);
    clear(&x->multi);
    if (x->handle) curl_easy_cleanup(x->handle);
    curl_slist_free_all(x->headers);
    free(x->body.data);
    free(x->head_lines.data);
    free(x->upload.data);
}
static void transfer_visit(Object *o, VisitFn visit, void *context)
{
    if (is_object(((Transfer *)o)->multi)) visit(((Transfer *)o)->multi, context);
}
static const Method transfer_methods[] = {
    {"setopt", transfer_setopt, "(self, option, value, /)", "Set an option of libcurl: an int, a str, a list of header lines, or None."},
    {"set_upload", transfer_set_upload, "(self, data, /)", "What is sent as the request's body."},
    {"use", transfer_share, "(self, share, /)", "Share connections, DNS answers and TLS sessions."},
    {"perform", transfer_perform, "(self, /)", "Run the transfer to its end, without the GIL; libcurl's code, 0 for success."},
    {"getinfo", transfer_getinfo, "(self, which, /)", "What libcurl knows of the transfer."},
    {0},
};
static const GetSet transfer_getsets[] = {{"body", transfer_body, NULL, "the body received"}, {"head", transfer_head, NULL, "the header lines received, of every response"},
                                          {"error", transfer_error, NULL, "libcurl's words for what went wrong"}, {0}};
static const TypeSpec transfer_spec = {
    .name = "_curl.Transfer", .doc = "One HTTP transfer.", .size = sizeof(Transfer), .flags = TYPE_GC | TYPE_HAS_WEAKREFS, .slots = {.visit = transfer_visit, .finish = transfer_finish},
    .methods = transfer_methods, .getsets = transfer_getsets, .new_signature = "()", .construct = transfer_construct,
};

// ---- Share: what the transfers of one session have in common
static void share_lock(CURL *handle, curl_lock_data data, curl_lock_access access, void *context) { pthread_mutex_lock(&((Share *)context)->locks[data]); }
static void share_unlock(CURL *handle, curl_lock_data data, void *context) { pthread_mutex_unlock(&((Share *)context)->locks[data]); }
static Value share_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER Share *s = (Share *)object_new(t, type);
    if (!s) return ERROR;
    for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++) pthread_mutex_init(&s->locks[i], NULL);
    s->handle = curl_share_init();
    if (!s->handle) return raise_memory_error(t);
    curl_share_setopt(s->handle, CURLSHOPT_LOCKFUNC, share_lock);
    curl_share_setopt(s->handle, CURLSHOPT_UNLOCKFUNC, share_unlock);
    curl_share_setopt(s->handle, CURLSHOPT_USERDATA, s);
    curl_share_setopt(s->handle, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    curl_share_setopt(s->handle, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(s->handle, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return object_value(MOVE_POINTER(s));
}
static void share_finish(Thread *t, Object *o)
{
    Share *s = (Share *)o;
    if (s->handle) curl_share_cleanup(s->handle);
    for (size_t i = 0; i < CURL_LOCK_DATA_LAST; i++) pthread_mutex_destroy(&s->locks[i]);
}
static const TypeSpec share_spec = {.name = "_curl.Share", .size = sizeof(Share), .slots = {.finish = share_finish}, .new_signature = "()", .construct = share_construct};

// ---- Multi: many transfers on the sockets of an event loop
static Value multi_construct(Thread *t, Type *type, const Value *args)
{
    OWN_POINTER Multi *m = (Multi *)object_new(t, type);
    if (!m) return ERROR;
    m->timeout_ms = -1;
    m->handle = curl_multi_init();
    if (!m->handle) return raise_memory_error(t);
    curl_multi_setopt(m->handle, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(m->handle, CURLMOPT_SOCKETDATA, m);
    curl_multi_setopt(m->handle, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(m->handle, CURLMOPT_TIMERDATA, m);
    return object_value(MOVE_POINTER(m));
}
static Value multi_result(Thread *t, CURLMcode code) { return code == CURLM_OK ? NONE : raise_error(t, &exc_RuntimeError, "%s", curl_multi_strerror(code)); }
static Value multi_limit(Thread *t, Value self, const Value *args)
{
    int64_t total, each;
    if (!int_as_i64(t, args[0], &total) || !int_as_i64(t, args[1], &each)) return ERROR;
    curl_multi_setopt(as_multi(self)->handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)total);
    curl_multi_setopt(as_multi(self)->handle, CURLMOPT_MAXCONNECTS, (long)(total ? total : 100));
    return multi_result(t, curl_multi_setopt(as_multi(self)->handle, CURLMOPT_MAX_HOST_CONNECTIONS, (long)each));
}
static Value multi_add(Thread *t, Value self, const Value *args)
{
    if (!is_instance_of(args[0], &transfer_type)) return raise_type_error(t, "a Transfer is needed, not %T", args[0]);
    Transfer *x = as_transfer(args[0]);
    if (!idle(t, x)) return ERROR;
    forget_results(x);
    CURLMcode code = curl_multi_add_handle(as_multi(self)->handle, x->handle);
    if (code != CURLM_OK) return multi_result(t, code);
    x->multi = retain(self);
    return NONE;
}
static Value multi_remove(Thread *t, Value self, const Value *args)
{
    if (!is_instance_of(args[0], &transfer_type)) return raise_type_error(t, "a Transfer is needed, not %T", args[0]);
    Transfer *x = as_transfer(args[0]);
    if (!is_same(x->multi, self)) return NONE;
    CURLMcode code = curl_multi_remove_handle(as_multi(self)->handle, x->handle);
    clear(&x->multi);
    return multi_result(t, code);
}
// Tells libcurl that a socket is ready (fd -1: that its time is up). None of this blocks.
static Value multi_action(Thread *t, Value self, const Value *args)
{
    int fd, what, running;
    if (!int_as_int(t, args[0], &fd) || !int_as_int(t, args[1], &what)) return ERROR;
    return multi_result(t, curl_multi_socket_action(as_multi(self)->handle, fd < 0 ? CURL_SOCKET_TIMEOUT : fd, what, &running));
}
// (events, timeout): what libcurl asked for since the last call: a list of (fd, what); the timeout in seconds, -1 for none, or
// None if it has not changed.
static Value multi_wishes(Thread *t, Value self, const Value *args)
{
    Multi *m = as_multi(self);
    if (m->failed) return raise_memory_error(t);
    OWN Value events = list_new(t, m->event_count);
    for (size_t i = 0; i < m->event_count && !is_error(events); i++)
        if (!list_append_owned(t, events, tuple_of(t, 2, small_int(m->events[i].fd), small_int(m->events[i].what)))) return ERROR;
    if (is_error(events)) return ERROR;
    m->event_count = 0;
    Value timeout = !m->timeout_changed ? NONE : m->timeout_ms < 0 ? small_int(-1) : float_value((double)m->timeout_ms / 1000);
    m->timeout_changed = false;
    return tuple_of(t, 2, events, timeout);
}
// [(transfer, code)] of the transfers that have ended; they are taken out.
static Value multi_ended(Thread *t, Value self, const Value *args)
{
    OWN Value ended = list_new(t, 0);
    int left;
    CURLMsg *message;
    while (!is_error(ended) && (message = curl_multi_info_read(as_multi(self)->handle, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode code = message->data.result;
        char *private = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        Transfer *x = (Transfer *)(void *)private;
        curl_multi_remove_handle(as_multi(self)->handle, x->handle);
        if (!list_append_owned(t, ended, tuple_of(t, 2, object_value(x), small_int(code)))) return ERROR;
        clear(&x->multi);
    }
    return MOVE(ended);
}
static void multi_finish(Thread *t, Object *o)
{
    Multi *m = (Multi *)o;
    if (m->handle) curl_multi_cleanup(m->handle);
    free(m->events);
}
static const Method multi_methods[] = {
    {"limit", multi_limit, "(self, total, each, /)", "At most so many connections, together and to one host; 0: any number."},
    {"add", multi_add, "(self, transfer, /)", "Start a transfer."}, {"remove", multi_remove, "(self, transfer, /)", "Give a transfer up."},
    {"action", multi_action, "(self, fd, what, /)", "A socket is ready; -1: the time is up."}, {"wishes", multi_wishes, "(self, /)", "Which sockets to watch, and when to come back."},
    {"ended", multi_ended, "(self, /)", "The transfers that have ended, with libcurl's codes."}, {0},
};
static const TypeSpec multi_spec = {.name = "_curl.Multi", .size = sizeof(Multi), .slots = {.finish = multi_finish}, .methods = multi_methods, .new_signature = "()", .construct = multi_construct};

// ---- The module
static Value curl_strerror(Thread *t, Value self, const Value *args)
{
    int code;
    return int_as_int(t, args[0], &code) ? str_from_text(t, curl_easy_strerror((CURLcode)code)) : ERROR;
}
static Value curl_version_text(Thread *t, Value self, const Value *args) { return str_from_text(t, curl_version()); }
static Value curl_getenv_text(Thread *t, Value self, const Value *args)
{
    if (!is_str(args[0])) return raise_type_error(t, "getenv() argument must be str, not %T", args[0]);
    OWN_MEMORY char *name = str_to_os(t, as_str(args[0]), NULL);
    if (!name) return ERROR;
    const char *value = getenv(name);
    return value ? str_from_os(t, value, strlen(value)) : NONE;
}
static const Method functions[] = {{"getenv", curl_getenv_text, "(name, /)", "A variable of the environment, or None."}, {"strerror", curl_strerror, "(code, /)", "libcurl's words for a code."}, {"version", curl_version_text, "()", "libcurl's version."}, {0}};
#define OPTION(name) {#name, CURLOPT_##name}
#define INFO(name) {"INFO_" #name, CURLINFO_##name}
#define FAILURE(name) {"E_" #name, CURLE_##name}
static const struct { const char *name; long value; } constants[] = {
    OPTION(URL), OPTION(CUSTOMREQUEST), OPTION(NOBODY), OPTION(HTTPHEADER), OPTION(FOLLOWLOCATION), OPTION(MAXREDIRS), OPTION(TIMEOUT_MS), OPTION(CONNECTTIMEOUT_MS), OPTION(SSL_VERIFYPEER),
    OPTION(SSL_VERIFYHOST), OPTION(CAINFO), OPTION(CAPATH), OPTION(USERAGENT), OPTION(ACCEPT_ENCODING), OPTION(UPLOAD), OPTION(INFILESIZE_LARGE), OPTION(POST), OPTION(POSTFIELDSIZE_LARGE), OPTION(HTTPGET),
    OPTION(USERNAME), OPTION(PASSWORD), OPTION(HTTPAUTH), OPTION(COOKIEFILE), OPTION(COOKIELIST), OPTION(COOKIE), OPTION(PROXY), OPTION(SSLCERT), OPTION(SSLKEY), OPTION(PROTOCOLS_STR),
    OPTION(REDIR_PROTOCOLS_STR), OPTION(FORBID_REUSE), OPTION(HTTP_VERSION), OPTION(PIPEWAIT), OPTION(LOW_SPEED_TIME), OPTION(LOW_SPEED_LIMIT),
    INFO(RESPONSE_CODE), INFO(EFFECTIVE_URL), INFO(TOTAL_TIME), INFO(STARTTRANSFER_TIME), INFO(REDIRECT_COUNT), INFO(REDIRECT_URL), INFO(OS_ERRNO), INFO(CONDITION_UNMET), INFO(NUM_CONNECTS), INFO(APPCONNECT_TIME), INFO(CONNECT_TIME),
    FAILURE(UNSUPPORTED_PROTOCOL), FAILURE(URL_MALFORMAT), FAILURE(COULDNT_RESOLVE_PROXY), FAILURE(COULDNT_RESOLVE_HOST), FAILURE(COULDNT_CONNECT), FAILURE(OPERATION_TIMEDOUT), FAILURE(SSL_CONNECT_ERROR),
    FAILURE(TOO_MANY_REDIRECTS), FAILURE(GOT_NOTHING), FAILURE(SEND_ERROR), FAILURE(RECV_ERROR), FAILURE(PEER_FAILED_VERIFICATION), FAILURE(SSL_CACERT_BADFILE), FAILURE(PARTIAL_FILE), FAILURE(BAD_CONTENT_ENCODING),
    FAILURE(OUT_OF_MEMORY), FAILURE(WEIRD_SERVER_REPLY), FAILURE(HTTP2), FAILURE(SSL_CERTPROBLEM), FAILURE(SSL_CIPHER), FAILURE(SSL_ISSUER_ERROR),
    {"POLL_IN", CURL_POLL_IN}, {"POLL_OUT", CURL_POLL_OUT}, {"POLL_INOUT", CURL_POLL_INOUT}, {"POLL_REMOVE", CURL_POLL_REMOVE}, {"SELECT_IN", CURL_CSELECT_IN}, {"SELECT_OUT", CURL_CSELECT_OUT},
    {"SELECT_ERR", CURL_CSELECT_ERR}, {"AUTH_BASIC", (long)CURLAUTH_BASIC}, {"HTTP_VERSION_1_1", CURL_HTTP_VERSION_1_1},
};
static bool start(Thread *t, Value module)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return error_false(raise_error(t, &exc_ImportError, "libcurl cannot start"));
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (!module_add_int(t, module, constants[i].name, constants[i].value)) return false;
    return type_prepare(t, &transfer_type, &transfer_spec) && type_prepare(t, &multi_type, &multi_spec) && type_prepare(t, &share_type, &share_spec) && module_add_type(t, module, &transfer_type) &&
           module_add_type(t, module, &multi_type) && module_add_type(t, module, &share_type);
}
extern const ModuleSpec _curl_spec;
const ModuleSpec _curl_spec = {.name = "_curl", .doc = "HTTP transfers by libcurl.", .functions = functions, .start = start};
