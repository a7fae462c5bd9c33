// SPDX-License-Identifier: MIT
// tests/unit/test_containers.c: dict, set and list.sort against simple models, by chance and at their edges.
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/error.h"
#include "runtime/heap.h"
#include "runtime/types/dict_inner.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/set.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

enum { KEYS = 400, ROUNDS = 60000 };

static Thread *t;

static void start(void)
{
    Interp *interp = interp_create((uint64_t[2]){0});
    ck_assert_ptr_nonnull(interp);
    t = interp->main_thread;
}

static void stop(void) { interp_destroy(t->interp); }

// A key: small ints, floats equal to none of them, and strings.
static Value key_of(int i)
{
    if (i % 3 == 0) return small_int(i);
    if (i % 3 == 1) return float_value(i + 0.5);
    char text[16];
    return str_from_ascii(t, text, (size_t)snprintf(text, sizeof text, "key %d", i));
}

// The model: the order of insertion as a list of numbers, a value for each.
typedef struct Model { int order[KEYS], value[KEYS], count; } Model;

static int model_place(const Model *m, int key)
{
    for (int i = 0; i < m->count; i++) {
        if (m->order[i] == key) return i;
    }
    return -1;
}

static void model_remove(Model *m, int place)
{
    memmove(&m->order[place], &m->order[place + 1], (size_t)(m->count - place - 1) * sizeof(int));
    m->count--;
}

static void model_insert(Model *m, int place, int key)
{
    memmove(&m->order[place + 1], &m->order[place], (size_t)(m->count - place) * sizeof(int));
    m->order[place] = key;
    m->count++;
}

static void assert_same(const Model *m, Dict *d)
{
    ck_assert_uint_eq(d->count, (size_t)m->count);
    size_t at = 0;
    Value key, value;
    for (int i = 0; i < m->count; i++) {
        ck_assert(dict_next(d, &at, &key, &value));
        OWN Value expected = key_of(m->order[i]);
        ck_assert_int_eq(object_equal(t, key, expected), 1);
        ck_assert(is_same(value, small_int(m->value[m->order[i]])));
    }
    ck_assert(!dict_next(d, &at, &key, &value));
}

static void take_from_end(Model *m, Dict *d, bool last)
{
    OWN Value key = UNBOUND;
    OWN Value value = UNBOUND;
    bool any = last ? dict_take_last(t, d, &key, &value) : dict_take_first(t, d, &key, &value);
    ck_assert_int_eq(any, m->count > 0);
    if (any) model_remove(m, last ? m->count - 1 : 0);
}

static void step(Model *m, Dict *d, int key_number, int round)
{
    OWN Value key = key_of(key_number);
    int place = model_place(m, key_number);
    switch (rand() % 12) {
    case 0: case 1: case 2: case 3:
        ck_assert(dict_set(t, d, key, small_int(round)));
        m->value[key_number] = round;
        if (place < 0) model_insert(m, m->count, key_number);
        break;
    case 4: case 5: case 6:
        ck_assert_int_eq(dict_delete(t, d, key), place >= 0);
        if (place >= 0) model_remove(m, place);
        break;
    case 7: {
        Value found = dict_get(t, d, key);
        ck_assert(place < 0 ? is_unbound(found) : is_same(found, small_int(m->value[key_number])));
        break;
    }
    case 8: take_from_end(m, d, rand() % 2); break;
    default: {
        bool to_end = rand() % 2;
        ck_assert_int_eq(dict_move(t, d, key, to_end), place >= 0);
        if (place >= 0) {
            model_remove(m, place);
            model_insert(m, to_end ? m->count : 0, key_number);
        }
    }
    }
}

START_TEST(dict_keeps_what_a_list_of_pairs_would)
{
    srand(1);
    for (int keys = 1; keys <= KEYS; keys *= 7) {
        Model m = {.count = 0};
        OWN_POINTER Dict *d = dict_new(t);
        for (int round = 0; round < ROUNDS / 5; round++) {
            step(&m, d, rand() % keys, round);
            if (round % 100 == 0) assert_same(&m, d);
        }
        OWN_POINTER Dict *copy = dict_copy(t, d);
        assert_same(&m, copy);
        dict_clear(t, d);
        ck_assert_uint_eq(d->count, 0);
    }
}
END_TEST

START_TEST(set_keeps_what_flags_would)
{
    srand(2);
    bool there[KEYS] = {0};
    int count = 0;
    OWN Value s = set_new(t, &set_type);
    for (int round = 0; round < ROUNDS; round++) {
        int number = rand() % KEYS;
        OWN Value key = key_of(number);
        if (rand() % 2) {
            ck_assert_int_eq(set_add(t, s, key), !there[number]);
            count += !there[number];
            there[number] = true;
        } else {
            ck_assert_int_eq(set_discard(t, s, key), there[number]);
            count -= there[number];
            there[number] = false;
        }
        ck_assert_uint_eq(as_set(s)->count, (size_t)count);
    }
    size_t at = 0;
    Value key;
    while (set_next(as_set(s), &at, &key)) count--;
    ck_assert_int_eq(count, 0);
}
END_TEST

// Values with few different keys, in a pattern that a sort may trip over.
static int pattern(int kind, int i, int length)
{
    switch (kind) {
    case 0: return rand() % 10;
    case 1: return i;
    case 2: return length - i;
    case 3: return i < length / 2 ? i : length - i;
    case 4: return i % 7;
    case 5: return rand();
    default: return i / 10 * 10 + rand() % 3;
    }
}

static Value sort_key(int number, int form)
{
    char text[16];
    if (form == 0) return small_int(number);
    if (form == 1) return float_value(number);
    if (form == 2) return str_from_ascii(t, text, (size_t)snprintf(text, sizeof text, "%010d", number));
    return number % 2 ? small_int(number) : float_value(number);
}

static int64_t number_of(Value key)
{
    if (is_str(key)) return atoll(as_str(key)->data);
    return is_small_int(key) ? as_small_int(key) : (int64_t)as_small_float(key);
}


START_TEST(sort_is_in_order_and_stable)
{
    srand(3);
    for (int length = 0; length < 3000; length = length * 3 / 2 + 1) {
        for (int kind = 0; kind < 7; kind++) {
            for (int form = 0; form < 4; form++) {
                bool reverse = rand() % 2;
                OWN Value list = list_new(t, 0);
                for (int i = 0; i < length; i++) ck_assert(list_append_owned(t, list, sort_key(pattern(kind, i, length), form)));
                ck_assert(list_sort(t, list, NONE, reverse));
                for (int i = 1; i < length; i++) {
                    int64_t a = number_of(as_list(list)->items[i - 1]), b = number_of(as_list(list)->items[i]);
                    ck_assert(reverse ? a >= b : a <= b);
                }
            }
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("containers");
    TCase *cases = tcase_create("models");
    tcase_add_checked_fixture(cases, start, stop);
    tcase_add_test(cases, dict_keeps_what_a_list_of_pairs_would);
    tcase_add_test(cases, set_keeps_what_flags_would);
    tcase_add_test(cases, sort_is_in_order_and_stable);
    tcase_set_timeout(cases, 120);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
