// SPDX-License-Identifier: MIT
// stdlib/_functools/lru_cache.c: the wrapper that functools.lru_cache puts around a function.
//
// The results are kept in one dict, by the call's arguments; its order is that of use, the least recent first: a hit
// moves its entry to the end, a full cache lets go of the first.
//
// Always
//   1. The function, and the hash and comparison of its arguments, may call this very wrapper: everything is looked up
//      anew after such a call.
//   2. A key is the only argument itself when that is an int or a str and types do not matter; else a tuple: the
//      positional arguments, then a mark and name, value, …, then the types, if they matter.
#include "runtime/types/dict_inner.h"
#include "runtime/types/function.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "stdlib/_functools/functools.h"

Type lru_cache_type;

typedef struct LruCache {
    Object head;
    Attrs attrs;
    Value function, info_type;
    Dict *results;
    ptrdiff_t limit;          // -1: none
    int64_t hits, misses;
    bool typed;
} LruCache;

static inline LruCache *as_cache(Value v) { return (LruCache *)as_object(v); }

// Stands between positional and keyword arguments in a key: no caller can pass it.
static Type mark_type;
static const TypeSpec mark_spec = {.name = "functools._lru_mark", .size = sizeof(Object), .flags = TYPE_NO_NEW};
static Value mark(void) { return type_value(&mark_type); }

static Value cache_construct(Thread *t, Type *type, const Value *args)
{
    if (!object_is_callable(args[0])) return raise_type_error(t, "the first argument must be callable");
    ptrdiff_t limit = -1;
    if (!is_none(args[1])) {
        if (!has_index(args[1])) return raise_type_error(t, "maxsize should be integer or None");
        if (!object_as_index(t, args[1], &limit, &exc_OverflowError)) return ERROR;
        if (limit < 0) limit = 0;
    }
    int typed = object_truth(t, args[2]);
    if (typed < 0) return ERROR;
    OWN_POINTER Dict *results = dict_new(t);
    if (!results) return ERROR;
    LruCache *cache = (LruCache *)object_new(t, type);
    if (!cache) return ERROR;
    cache->function = retain(args[0]);
    cache->info_type = retain(args[3]);
    cache->results = MOVE_POINTER(results);
    cache->limit = limit;
    cache->typed = typed;
    return object_value(cache);
}

static void cache_visit(Object *o, VisitFn visit, void *context)
{
    LruCache *cache = (LruCache *)o;
    visit(cache->function, context);
    visit(cache->info_type, context);
    if (cache->results) visit(dict_value(cache->results), context);
}

static void cache_finish(Thread *t, Object *o)
{
    LruCache *cache = (LruCache *)o;
    clear(&cache->function);
    clear(&cache->info_type);
    drop_pointer(MOVE_POINTER(cache->results));
}

static void cache_unlink(Thread *t, Object *o) { dict_clear(t, ((LruCache *)o)->results); }

static Value make_key(Thread *t, const Value *args, size_t nargs, Value kwnames, bool typed)
{
    size_t keywords = is_unbound(kwnames) ? 0 : as_tuple(kwnames)->length, values = nargs + keywords;
    if (!typed && keywords == 0 && nargs == 1 && (is_small_int(args[0]) || is_exact_str(args[0]))) return retain(args[0]);
    Tuple *key = tuple_blank(t, nargs + (keywords ? 1 + 2 * keywords : 0) + (typed ? values : 0));
    if (!key) return ERROR;
    size_t n = 0;
    for (size_t i = 0; i < nargs; i++) key->items[n++] = retain(args[i]);
    if (keywords) key->items[n++] = retain(mark());
    for (size_t i = 0; i < keywords; i++) {
        key->items[n++] = retain(as_tuple(kwnames)->items[i]);
        key->items[n++] = retain(args[nargs + i]);
    }
    for (size_t i = 0; typed && i < values; i++) key->items[n++] = retain(type_value(type_of(args[i])));
    return object_value(key);
}

static void drop_oldest(Thread *t, Dict *results)
{
    OWN Value key = UNBOUND;
    OWN Value value = UNBOUND;
    (void)dict_take_first(t, results, &key, &value);
}

static Value cache_call(Thread *t, Value f, const Value *args, size_t nargs, Value kwnames)
{
    LruCache *cache = as_cache(f);
    OWN Value function = retain(cache->function);
    if (cache->limit == 0) {
        cache->misses++;
        return call(t, function, args, nargs, kwnames);
    }
    OWN_POINTER Dict *results = RETAIN(cache->results);
    OWN Value key = make_key(t, args, nargs, kwnames, cache->typed);
    int64_t hash;
    if (is_error(key) || !object_hash(t, key, &hash)) return ERROR;
    Value known = dict_get_hashed(t, results, key, hash);
    if (is_error(known)) return ERROR;
    if (!is_unbound(known)) {
        OWN Value result = retain(known);
        if (cache->limit > 0 && dict_move(t, results, key, true) < 0) return ERROR;
        cache->hits++;
        return MOVE(result);
    }
    cache->misses++;
    OWN Value result = call(t, function, args, nargs, kwnames);
    if (is_error(result)) return ERROR;
    if (cache->limit > 0) {
        // The call may have put the same key in, and everything may have been cleared.
        known = dict_get_hashed(t, results, key, hash);
        if (is_error(known)) return ERROR;
        if (!is_unbound(known)) return MOVE(result);
        while (results->count >= (size_t)cache->limit) drop_oldest(t, results);
    }
    return dict_set_hashed(t, results, key, hash, result) ? MOVE(result) : ERROR;
}

static Value cache_get(Thread *t, Value descriptor, Value instance, Value type)
{
    return is_unbound(instance) || is_none(instance) ? retain(descriptor) : bound_method_new(t, descriptor, instance);
}

static Value method_info(Thread *t, Value self, const Value *args)
{
    LruCache *cache = as_cache(self);
    OWN Value limit = cache->limit < 0 ? NONE : int_value(t, cache->limit);
    if (is_error(limit)) return ERROR;
    Value row[] = {small_int(cache->hits), small_int(cache->misses), limit, small_int((int64_t)cache->results->count)};
    return call(t, cache->info_type, row, COUNT_OF(row), UNBOUND);
}

static Value method_clear(Thread *t, Value self, const Value *args)
{
    LruCache *cache = as_cache(self);
    cache->hits = cache->misses = 0;
    dict_clear(t, cache->results);
    return NONE;
}

static Value method_reduce(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Str *name = str_intern_text(t, "__qualname__", strlen("__qualname__"));
    return name ? object_get_attr(t, self, name) : ERROR;
}

static Value method_copy(Thread *t, Value self, const Value *args) { return retain(self); }
static Value get_dict(Thread *t, Value self) { return object_get_dict(t, self); }
static bool set_dict(Thread *t, Value self, Value value)
{
    return is_unbound(value) ? error_false(raise_type_error(t, "cannot delete __dict__")) : object_set_dict(t, self, value);
}

static const Method cache_methods[] = {
    {"cache_info", method_info, "(self, /)", "Report cache statistics"},
    {"cache_clear", method_clear, "(self, /)", "Clear the cache and cache statistics"},
    {"__reduce__", method_reduce, "(self, /)", NULL},
    {"__copy__", method_copy, "(self, /)", NULL},
    {"__deepcopy__", method_copy, "(self, memo, /)", NULL},
    {0},
};
static const GetSet cache_getsets[] = {{"__dict__", get_dict, set_dict, NULL}, {0}};

static const TypeSpec cache_spec = {
    .name = "functools._lru_cache_wrapper",
    .doc = "Create a cached callable that wraps another function.\n\nuser_function:      the function being cached\n\n"
           "maxsize:  0         for no caching\n          None      for unlimited cache size\n          n         for a bounded cache\n\n"
           "typed:    False     cache f(3) and f(3.0) as identical calls\n          True      cache f(3) and f(3.0) as distinct calls\n\n"
           "cache_info_type:    namedtuple class with the fields:\n                        hits misses currsize maxsize\n",
    .size = sizeof(LruCache),
    .flags = TYPE_BASE | TYPE_GC | TYPE_HAS_ATTRS | TYPE_HAS_WEAKREFS | TYPE_METHOD_DESCRIPTOR,
    .slots = {
        .visit = cache_visit,
        .unlink = cache_unlink,
        .finish = cache_finish,
        .call = cache_call,
        .descr_get = cache_get,
    },
    .methods = cache_methods,
    .getsets = cache_getsets,
    .new_signature = "(user_function, maxsize, typed, cache_info_type)",
    .construct = cache_construct,
};

bool lru_cache_prepare(Thread *t) { return type_prepare(t, &mark_type, &mark_spec) && type_prepare(t, &lru_cache_type, &cache_spec); }
