// SPDX-License-Identifier: MIT
// interp/traceback.c: the type `traceback`. How one is printed is in traceback_format.c.
#include "interp/traceback.h"

#include "runtime/error.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"

Type traceback_type;

static NEW_REF Value traceback_new(Thread *t, Value next, FrameObject *frame, uint32_t word, int line)
{
    Traceback *tb = (Traceback *)object_new(t, &traceback_type);
    if (!tb) return ERROR;
    tb->next = retain(next);
    tb->frame = RETAIN(frame);
    tb->word = word;
    tb->line = line;
    return object_value(tb);
}

void traceback_add(Thread *t, Frame *frame)
{
    OWN Value exception = error_take(t);
    FrameObject *object = frame_object(t, frame);
    Value next = as_exception(exception)->traceback;
    Value tb = object ? traceback_new(t, is_unbound(next) ? NONE : next, object, frame_at(frame), frame_line(frame)) : ERROR;
    if (is_error(tb)) {          // out of memory: that is the news now
        if (is_unbound(t->pending)) error_restore(t, MOVE(exception));
        return;
    }
    assign(&as_exception(exception)->traceback, tb);
    error_restore(t, MOVE(exception));
}

static Traceback *as_traceback(Value v) { return (Traceback *)as_object(v); }

void traceback_settle(Thread *t, Frame *frame)
{
    uint8_t op = frame->code->words[frame_at(frame)] & 0xFF;
    if (op != OP_CODE_RERAISE && op != OP_CODE_RAISE_AGAIN) return;
    const Place *place = code_place(frame->code, frame_at(frame));
    Value head = as_exception(t->pending)->traceback;
    if ((place && place->line) || is_unbound(head) || is_none(head) || !frame->object || as_traceback(head)->frame != frame->object) return;
    frame->pc = frame->code->words + as_traceback(head)->word + 1;
}

static void traceback_visit(Object *o, VisitFn visit, void *context)
{
    VISIT(((Traceback *)o)->next);
    if (((Traceback *)o)->frame) VISIT(object_value(((Traceback *)o)->frame));
}
static void traceback_unlink(Thread *t, Object *o)
{
    clear(&((Traceback *)o)->next);
    drop_pointer(MOVE_POINTER(((Traceback *)o)->frame));
}

static Value get_next(Thread *t, Value v)
{
    Value next = as_traceback(v)->next;
    return is_unbound(next) ? NONE : retain(next);
}
static bool set_next(Thread *t, Value v, Value next)
{
    if (!is_none(next) && (is_unbound(next) || type_of(next) != &traceback_type))
        return error_false(raise_type_error(t, "expected traceback object, got '%T'", is_unbound(next) ? NONE : next));
    for (Value at = next; is_object(at); at = as_traceback(at)->next)
        if (is_same(at, v)) return error_false(raise_value_error(t, "traceback loop detected"));
    assign(&as_traceback(v)->next, retain(next));
    return true;
}
static Value get_frame(Thread *t, Value v)
{
    FrameObject *f = as_traceback(v)->frame;
    return f ? retain(object_value(f)) : NONE;
}
static Value get_lasti(Thread *t, Value v) { return small_int((int64_t)as_traceback(v)->word * 2); }
static Value get_lineno(Thread *t, Value v) { return small_int(as_traceback(v)->line); }

static const GetSet traceback_getsets[] = {
    {"tb_next", get_next, set_next, NULL},
    {"tb_frame", get_frame, NULL, NULL},
    {"tb_lasti", get_lasti, NULL, NULL},
    {"tb_lineno", get_lineno, NULL, NULL},
    {0},
};

static Value traceback_construct(Thread *t, Type *type, const Value *args)
{
    int64_t lasti, line;
    if (!is_none(args[0]) && type_of(args[0]) != &traceback_type)
        return raise_type_error(t, "expected traceback object or None, got '%T'", args[0]);
    if (type_of(args[1]) != &frame_type) return raise_type_error(t, "TracebackType() argument 'tb_frame' must be frame, not %T", args[1]);
    if (!int_as_i64(t, args[2], &lasti) || !int_as_i64(t, args[3], &line)) return ERROR;
    return traceback_new(t, args[0], (FrameObject *)as_object(args[1]), (uint32_t)(lasti / 2), (int)line);
}

const TypeSpec traceback_spec = {
    .name = "traceback",
    .doc = "Create a new traceback object.",
    .size = sizeof(Traceback),
    .flags = TYPE_GC | TYPE_IMMUTABLE,
    .slots = {
        .visit = traceback_visit,
        .unlink = traceback_unlink,
        .finish = traceback_unlink,
    },
    .getsets = traceback_getsets,
    .new_signature = "(tb_next, tb_frame, tb_lasti, tb_lineno)",
    .construct = traceback_construct,
};
