// SPDX-License-Identifier: MIT
// interp/sys_frames.c: the functions of sys that look at frames, and tracing.
#include "interp/builtins_code.h"
#include "interp/frame.h"
#include "interp/interp.h"
#include "interp/trace.h"
#include "runtime/error.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"

static Value sys_getframe(Thread *t, Value self, const Value *args)
{
    int depth;
    if (!int_as_int(t, args[0], &depth)) return ERROR;
    Value frame = interp_frame(t, depth < 0 ? 0 : depth);
    return is_unbound(frame) ? raise_value_error(t, "call stack is not deep enough") : frame;
}

static Value sys_current_frames(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Dict *d = dict_new(t);
    for (Thread *each = t->interp->threads; d && each; each = each->next) {
        if (!each->frame) continue;
        FrameObject *f = frame_object(t, each->frame);
        OWN Value ident = int_from_u64(t, each->ident);
        if (!f || is_error(ident) || !dict_set(t, d, ident, object_value(f))) return ERROR;
    }
    return d ? dict_value(MOVE_POINTER(d)) : ERROR;
}

static Value sys_current_exceptions(Thread *t, Value self, const Value *args)
{
    OWN_POINTER Dict *d = dict_new(t);
    for (Thread *each = t->interp->threads; d && each; each = each->next) {
        OWN Value ident = int_from_u64(t, each->ident);
        Value e = is_unbound(each->handled) ? NONE : each->handled;
        Value traceback = is_exception(e) && !is_unbound(as_exception(e)->traceback) ? as_exception(e)->traceback : NONE;
        OWN Value info = tuple_of(t, 3, is_none(e) ? NONE : type_value(type_of(e)), e, traceback);
        if (is_error(ident) || is_error(info) || !dict_set(t, d, ident, info)) return ERROR;
    }
    return d ? dict_value(MOVE_POINTER(d)) : ERROR;
}

static Value sys_settrace(Thread *t, Value self, const Value *args)
{
    trace_set(t, args[0]);
    return NONE;
}
static Value sys_gettrace(Thread *t, Value self, const Value *args) { return is_unbound(t->trace_function) ? NONE : retain(t->trace_function); }
static Value sys_setprofile(Thread *t, Value self, const Value *args)
{
    trace_set_profile(t, args[0]);
    return NONE;
}
static Value sys_getprofile(Thread *t, Value self, const Value *args) { return is_unbound(t->profile_function) ? NONE : retain(t->profile_function); }

static Value sys_set_origin_depth(Thread *t, Value self, const Value *args)
{
    int depth;
    if (!int_as_int(t, args[0], &depth)) return ERROR;
    if (depth < 0) return raise_value_error(t, "depth must be >= 0");
    t->coroutine_origin_depth = depth;
    return NONE;
}
static Value sys_get_origin_depth(Thread *t, Value self, const Value *args) { return small_int(t->coroutine_origin_depth); }

const Method sys_frame_functions[] = {
    {"_getframe", sys_getframe, "(depth=0, /)", "Return a frame object from the call stack."},
    {"_current_frames", sys_current_frames, "()", "Return a dict mapping each thread's thread id to its current stack frame."},
    {"_current_exceptions", sys_current_exceptions, "()", "Return a dict mapping each thread's identifier to its current raised exception."},
    {"settrace", sys_settrace, "(function, /)", "Set the global debug tracing function."},
    {"gettrace", sys_gettrace, "()", "Return the global debug tracing function set with sys.settrace."},
    {"setprofile", sys_setprofile, "(function, /)", "Set the profiling function."},
    {"getprofile", sys_getprofile, "()", "Return the profiling function set with sys.setprofile."},
    {"set_coroutine_origin_tracking_depth", sys_set_origin_depth, "(depth)", "Enable or disable origin tracking for coroutine objects in this thread."},
    {"get_coroutine_origin_tracking_depth", sys_get_origin_depth, "()", "Check status of origin tracking for coroutine objects in this thread."},
    {0},
};
