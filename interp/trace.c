// SPDX-License-Identifier: MIT
// interp/trace.c: sys.settrace and sys.setprofile: events of frames, told to Python functions.
//
// A thread that traces tells its trace function of each call; what that returns is the frame's own trace function and is
// told of lines, exceptions and the return. The profile function is told of calls and returns, those of native functions too. While either runs,
// nothing is traced.
#include "interp/trace.h"

#include "interp/jump.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "interp/vm.h"
#include "runtime/types/exception.h"
#include "runtime/types/function.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

// While a trace function runs both are put aside.
typedef struct Aside { Value trace, profile; } Aside;

static Aside put_aside(Thread *t)
{
    Aside a = {t->trace_function, t->profile_function};
    t->trace_function = t->profile_function = UNBOUND;
    return a;
}

// Puts them back, unless the function has set others, or `off`.
static void put_back(Thread *t, Aside a, bool off)
{
    if (!off && is_unbound(t->trace_function)) t->trace_function = MOVE(a.trace);
    if (is_unbound(t->profile_function)) t->profile_function = MOVE(a.profile);
    drop(a.trace);
    drop(a.profile);
}

// function(frame, event, argument). ERROR: it raised, and tracing is off.
static NEW_REF Value tell(Thread *t, Value function, FrameObject *f, const char *event, Value argument)
{
    OWN Value keep = retain(function), keep_argument = retain(argument);
    OWN Value name = str_from_ascii(t, event, strlen(event));
    if (is_error(name)) return ERROR;
    OWN Value locals = frame_locals(t, f->frame);
    if (is_error(locals)) return ERROR;
    Aside a = put_aside(t);
    char outer = f->event;
    f->event = event[0];
    OWN Value result = call3(t, keep, object_value(f), name, keep_argument);
    f->event = outer;
    put_back(t, a, is_error(result));
    if (is_error(result)) {
        f->jump = 0;
        clear(&f->trace);
        return ERROR;
    }
    if (!frame_locals_to_fast(t, f)) return ERROR;
    return MOVE(result);
}

static bool tell_profile(Thread *t, Frame *frame, const char *event, Value argument)
{
    if (is_unbound(t->profile_function)) return true;
    FrameObject *f = frame_object(t, frame);
    if (!f) return false;
    OWN Value result = tell(t, t->profile_function, f, event, argument);
    return !is_error(result);
}

// Tells the frame's own function; its result takes its place.
static bool tell_local(Thread *t, FrameObject *f, const char *event, Value argument)
{
    OWN_POINTER FrameObject *keep = RETAIN(f);
    Value result = tell(t, f->trace, f, event, argument);
    if (is_error(result)) return false;
    assign(&f->trace, is_none(result) ? UNBOUND : result);
    return true;
}

bool trace_call(Thread *t, Frame *frame)
{
    if (!frame->is_generator && (frame->code->flags & CODE_ANY_GENERATOR)) return true;     // it only makes the generator
    if (!is_unbound(t->trace_function)) {
        FrameObject *f = frame_object(t, frame);
        if (!f) return false;
        Value result = tell(t, t->trace_function, f, "call", NONE);
        if (is_error(result)) return false;
        bool resumed = frame->is_generator && (frame->pc[-1] & 0xFF) == OP_CODE_YIELD;
        f->trace_line = resumed ? frame_line(frame) : -1;
        assign(&f->trace, is_none(result) ? UNBOUND : result);
    }
    return tell_profile(t, frame, "call", NONE);
}

// The native function that the instruction is about to call, as an object; UNBOUND: it calls none.
static NEW_REF Value native_callee(Thread *t, const Frame *frame)
{
    uint32_t i = frame->pc[-1], code = i & 0xFF;
    bool method = code == OP_CODE_CALL_METHOD || code == OP_CODE_CALL_METHOD_KW;
    if (!method && code != OP_CODE_CALL && code != OP_CODE_CALL_KW && code != OP_CODE_CALL_STAR) return UNBOUND;
    Value callee = frame->regs[OPERAND_A(i)];
    if (!is_object(callee)) return UNBOUND;
    if (as_object(callee)->type == &native_function_type) return retain(callee);
    if (!method || as_object(callee)->type != &method_descriptor_type) return UNBOUND;
    Value self = frame->regs[OPERAND_A(i) + 1];
    if (is_unbound(self) || !is_instance_of(self, ((MethodDescriptor *)as_object(callee))->type)) return UNBOUND;
    return method_descriptor_type.slots.descr_get(t, callee, self, type_value(type_of(self)));
}
// Calls of native functions have no frame: one begins at the call instruction, and has ended when its frame goes on.
static bool profile_instruction(Thread *t, Frame *frame)
{
    FrameObject *f = frame->object;
    if (f && !is_unbound(f->native_call)) {
        OWN Value done = MOVE(f->native_call);
        if (!tell_profile(t, frame, "c_return", done)) return false;
    }
    OWN Value callee = native_callee(t, frame);
    if (is_error(callee) || is_unbound(callee)) return is_unbound(callee);
    if (!tell_profile(t, frame, "c_call", callee)) return false;
    if (frame->object && !is_unbound(t->profile_function)) assign(&frame->object->native_call, MOVE(callee));
    return true;
}

// Whether control has come to `word` by going round a loop, from the word `from`. A `for` loop goes round at FOR_LOOP, which stands
// at its bottom and jumps up to the body: what counts is to come to it from the body, not that jump, nor the first way to it from above.
static bool goes_round(const Code *code, uint32_t from, uint32_t word)
{
    if ((code->words[word] & 0xFF) == OP_CODE_FOR_LOOP) return from < word && from >= word + 2 + (int32_t)code->words[word + 1];
    return word < from && (code->words[from] & 0xFF) != OP_CODE_FOR_LOOP;
}

// A line event is due where an instruction begins another line, or the loop has gone round.
bool trace_instruction(Thread *t, Frame *frame)
{
    if (!is_unbound(t->profile_function) && !profile_instruction(t, frame)) return false;
    FrameObject *f = frame->object;
    if (!f || is_unbound(f->trace) || is_unbound(t->trace_function)) return true;
    uint32_t word = frame_at(frame);
    const Place *place = code_place(frame->code, word);
    if (!place || !place->line) return true;
    bool due = place->line != f->trace_line || goes_round(frame->code, (uint32_t)f->trace_word, word);
    f->trace_word = (int)word;
    if (due) {
        f->trace_line = place->line;
        if (f->trace_lines && !tell_local(t, f, "line", NONE)) return false;
        if (UNLIKELY(f->jump)) return jump_go(t, f);
    }
    if (f->trace_opcodes && !is_unbound(f->trace) && !tell_local(t, f, "opcode", NONE)) return false;
    return true;
}

bool trace_return(Thread *t, Frame *frame, Value result)
{
    FrameObject *f = frame->object;
    if (f && !is_unbound(f->trace) && !is_unbound(t->trace_function) && !tell_local(t, f, "return", result)) return false;
    return tell_profile(t, frame, "return", result);
}

void trace_exception(Thread *t, Frame *frame)
{
    FrameObject *f = frame->object;
    if (f && !is_unbound(f->native_call)) {
        OWN Value callee = MOVE(f->native_call), pending = error_take(t);
        if (!tell_profile(t, frame, "c_exception", callee)) return;     // what the function raised takes its place
        error_restore(t, MOVE(pending));
    }
    if (!f || is_unbound(f->trace) || is_unbound(t->trace_function)) return;
    OWN Value e = error_take(t);
    Value traceback = as_exception(e)->traceback;
    OWN Value argument = tuple_of(t, 3, type_value(type_of(e)), e, is_unbound(traceback) ? NONE : traceback);
    if (is_error(argument) || !tell_local(t, f, "exception", argument)) return;     // what the function raised takes its place
    error_restore(t, MOVE(e));
}

void trace_unwind(Thread *t, Frame *frame)
{
    OWN Value e = error_take(t);
    if (!trace_return(t, frame, NONE)) return;
    error_restore(t, MOVE(e));
}

void trace_set(Thread *t, Value function)
{
    assign(&t->trace_function, is_none(function) ? UNBOUND : retain(function));
    thread_request(t, ATTEND_INSTRUMENT);
}

void trace_set_profile(Thread *t, Value function)
{
    assign(&t->profile_function, is_none(function) ? UNBOUND : retain(function));
    thread_request(t, ATTEND_INSTRUMENT);
}
