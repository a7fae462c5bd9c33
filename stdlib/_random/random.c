// SPDX-License-Identifier: MIT
// stdlib/_random/random.c: the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998) as random.Random's base.
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/float.h"
#include "runtime/types/int.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"

enum { WORDS = 624, MIDDLE = 397 };

typedef struct Random { Object head; uint32_t at, words[WORDS]; } Random;

static Type random_type;
static Random *as_random(Value v) { return (Random *)as_object(v); }

static uint32_t twist(uint32_t high, uint32_t low) { return (((high & 0x80000000u) | (low & 0x7fffffffu)) >> 1) ^ (low & 1 ? 0x9908b0dfu : 0); }
static uint32_t next_word(Random *r)
{
    if (r->at >= WORDS) {
        for (int i = 0; i < WORDS; i++) r->words[i] = r->words[(i + MIDDLE) % WORDS] ^ twist(r->words[i], r->words[(i + 1) % WORDS]);
        r->at = 0;
    }
    uint32_t y = r->words[r->at++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}
static void start_from_word(Random *r, uint32_t seed)
{
    r->words[0] = seed;
    for (uint32_t i = 1; i < WORDS; i++) r->words[i] = 1812433253u * (r->words[i - 1] ^ (r->words[i - 1] >> 30)) + i;
    r->at = WORDS;
}
static void start_from_words(Random *r, const uint32_t *key, size_t length)
{
    start_from_word(r, 19650218u);
    uint32_t *w = r->words;
    size_t i = 1, j = 0;
    for (size_t k = length > WORDS ? length : WORDS; k > 0; k--) {
        w[i] = (w[i] ^ ((w[i - 1] ^ (w[i - 1] >> 30)) * 1664525u)) + key[j] + (uint32_t)j;
        if (++i >= WORDS) { w[0] = w[WORDS - 1]; i = 1; }
        if (++j >= length) j = 0;
    }
    for (size_t k = WORDS - 1; k > 0; k--) {
        w[i] = (w[i] ^ ((w[i - 1] ^ (w[i - 1] >> 30)) * 1566083941u)) - (uint32_t)i;
        if (++i >= WORDS) { w[0] = w[WORDS - 1]; i = 1; }
    }
    w[0] = 0x80000000u;
}
static bool seed_from_system(Thread *t, Random *r)
{
    uint32_t key[WORDS];
    if (t->interp->schedule) {          // a controlled run: the same numbers every time
        schedule_note(t, RUN_RANDOM);
        for (int n = 0; n < WORDS; n++) key[n] = (uint32_t)schedule_random(t);
    } else if (getrandom(key, sizeof key, GRND_NONBLOCK) != (ssize_t)sizeof key) {
        struct timespec now, steady;
        clock_gettime(CLOCK_REALTIME, &now);
        clock_gettime(CLOCK_MONOTONIC, &steady);
        uint32_t few[5] = {(uint32_t)now.tv_nsec, (uint32_t)now.tv_sec, (uint32_t)getpid(), (uint32_t)steady.tv_nsec, (uint32_t)steady.tv_sec};
        start_from_words(r, few, 5);
        return true;
    }
    start_from_words(r, key, WORDS);
    return true;
}
static bool seed_with(Thread *t, Random *r, Value seed)
{
    if (is_none(seed) || is_unbound(seed)) return seed_from_system(t, r);
    OWN Value number = UNBOUND;
    if (is_int(seed)) {
        number = retain(seed);
    } else {
        int64_t hash;
        if (!object_hash(t, seed, &hash)) return false;
        number = int_from_u64(t, (uint64_t)hash);
        if (is_error(number)) return false;
    }
    mpz_t size;
    mpz_init(size);
    int_get_mpz(number, size);
    mpz_abs(size, size);
    size_t count = (mpz_sizeinbase(size, 2) + 31) / 32;
    uint32_t *key = calloc(count, sizeof *key);
    if (key) mpz_export(key, NULL, -1, sizeof *key, 0, 0, size);
    mpz_clear(size);
    if (!key) return error_false(raise_memory_error(t));
    start_from_words(r, key, count);
    free(key);
    return true;
}

static Value random_construct(Thread *t, Type *type, const Value *args)
{
    Random *r = (Random *)object_new(t, type);
    OWN Value made = r ? object_value(r) : ERROR;
    return r && seed_with(t, r, args[0]) ? MOVE(made) : ERROR;
}
static Value random_random(Thread *t, Value self, const Value *args)
{
    uint32_t a = next_word(as_random(self)) >> 5, b = next_word(as_random(self)) >> 6;
    return float_value((a * 67108864.0 + b) * (1.0 / 9007199254740992.0));
}
static Value random_seed(Thread *t, Value self, const Value *args) { return seed_with(t, as_random(self), args[0]) ? NONE : ERROR; }
static Value random_getrandbits(Thread *t, Value self, const Value *args)
{
    int bits;
    if (!int_as_int(t, args[0], &bits)) return ERROR;
    if (bits < 0) return raise_value_error(t, "number of bits must be non-negative");
    if (bits == 0) return small_int(0);
    if (bits <= 32) return small_int(next_word(as_random(self)) >> (32 - bits));
    size_t count = ((size_t)bits - 1) / 32 + 1;
    OWN_MEMORY uint32_t *words = mem_allocate(t, count * sizeof *words);
    if (!words) return ERROR;
    for (size_t i = 0; i < count; i++, bits -= 32) {
        words[i] = next_word(as_random(self));
        if (bits < 32) words[i] >>= 32 - bits;
    }
    return int_from_bytes(t, (const uint8_t *)words, count * sizeof *words, true, false);
}
static Value random_getstate(Thread *t, Value self, const Value *args)
{
    Value items[WORDS + 1];
    for (int i = 0; i < WORDS; i++) items[i] = small_int(as_random(self)->words[i]);
    items[WORDS] = small_int(as_random(self)->at);
    return tuple_from_owned(t, items, WORDS + 1);
}
static Value random_setstate(Thread *t, Value self, const Value *args)
{
    if (!is_tuple(args[0])) return raise_type_error(t, "state vector must be a tuple");
    if (as_tuple(args[0])->length != WORDS + 1) return raise_value_error(t, "state vector is the wrong size");
    uint32_t words[WORDS];
    uint64_t word;
    int64_t at;
    for (int i = 0; i < WORDS; i++) {
        if (!int_as_u64(t, as_tuple(args[0])->items[i], &word)) return ERROR;
        words[i] = (uint32_t)word;
    }
    if (!int_as_i64(t, as_tuple(args[0])->items[WORDS], &at)) return ERROR;
    if (at < 0 || at > WORDS) return raise_value_error(t, "invalid state");
    as_random(self)->at = (uint32_t)at;
    memcpy(as_random(self)->words, words, sizeof words);
    return NONE;
}
static bool random_initialize(Thread *t, Value self, const Value *args) { return true; }

static const Method methods[] = {
    {"random", random_random, "(self)", "random() -> x in the interval [0, 1)."},
    {"seed", random_seed, "(self, n=None, /)", "seed([n]) -> None: start from n, or from the system's random numbers."},
    {"getrandbits", random_getrandbits, "(self, k, /)", "getrandbits(k) -> x: an int with k random bits."},
    {"getstate", random_getstate, "(self)", "getstate() -> tuple containing the current state."},
    {"setstate", random_setstate, "(self, state, /)", "setstate(state) -> None: restores generator state."},
    {0},
};
static const TypeSpec random_spec = {
    .name = "_random.Random", .doc = "Random() -> create a random number generator with its own internal state.", .size = sizeof(Random), .flags = TYPE_BASE,
    .methods = methods, .new_signature = "(seed=None, /)", .construct = random_construct, .init_signature = "(seed=None, /)", .initialize = random_initialize,
};
static bool start(Thread *t, Value module) { return (random_type.version != 0 || type_prepare(t, &random_type, &random_spec)) && module_add_type(t, module, &random_type); }
extern const ModuleSpec _random_spec;
const ModuleSpec _random_spec = {.name = "_random", .doc = "Module implements the Mersenne Twister random number generator.", .start = start};
