// SPDX-License-Identifier: MIT
// stdlib/pickle/buffer.c: PickleBuffer: memory of another object that may travel beside a pickle instead of in it.
//
// It holds a memoryview of the object, and shows the memory of that; `view` is UNBOUND once released.
#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/types/bytes.h"
#include "runtime/types/str.h"
#include "stdlib/pickle/pickle.h"

typedef struct PickleBuffer { Object head; Value view; } PickleBuffer;
Type pickle_buffer_type;
static PickleBuffer *as_pickle_buffer(Value v) { return (PickleBuffer *)as_object(v); }

// The view, borrowed; UNBOUND: raised.
static Value view_of(Thread *t, Value self)
{
    Value view = as_pickle_buffer(self)->view;
    if (is_unbound(view)) raise_value_error(t, "operation forbidden on released PickleBuffer object");
    return view;
}
static Value buffer_construct(Thread *t, Type *type, const Value *args)
{
    OWN Value view = call1(t, type_value(&memoryview_type), args[0]);
    if (is_error(view)) return ERROR;
    PickleBuffer *b = (PickleBuffer *)object_new(t, type);
    if (!b) return ERROR;
    b->view = MOVE(view);
    return object_value(b);
}
static bool get_buffer(Thread *t, Value self, Buffer *buffer, int flags)
{
    OWN Value view = retain(view_of(t, self));
    return !is_unbound(view) && type_of(view)->slots.get_buffer(t, view, buffer, flags);     // whoever has it has the view, not this object
}
static Value method_raw(Thread *t, Value self, const Value *args)
{
    OWN Value view = retain(view_of(t, self));
    if (is_unbound(view)) return ERROR;
    OWN_POINTER Str *contiguous_name = str_intern_text(t, "contiguous", 10);
    OWN_POINTER Str *cast = str_intern_text(t, "cast", 4);
    OWN Value contiguous = contiguous_name ? object_get_attr(t, view, contiguous_name) : ERROR;
    if (is_error(contiguous) || !cast) return ERROR;
    if (is_false(contiguous)) return raise_error(t, &exc_BufferError, "cannot extract raw buffer from non-contiguous buffer");
    OWN Value format = str_from_ascii(t, "B", 1);
    return is_error(format) ? ERROR : call_method1(t, view, cast, format);
}
static Value method_release(Thread *t, Value self, const Value *args)
{
    clear(&as_pickle_buffer(self)->view);
    return NONE;
}
static void buffer_visit(Object *o, VisitFn visit, void *context) { visit(((PickleBuffer *)o)->view, context); }
static void buffer_finish(Thread *t, Object *o) { clear(&((PickleBuffer *)o)->view); }
static const Method methods[] = {
    {"raw", method_raw, "(self, /)", "A memoryview of the raw memory: one dimension of bytes."},
    {"release", method_release, "(self, /)", "Let go of the memory."},
    {0},
};
const TypeSpec pickle_buffer_spec = {
    .name = "pickle.PickleBuffer", .doc = "Wrapper for potentially out-of-band buffers", .size = sizeof(PickleBuffer), .flags = TYPE_GC | TYPE_HAS_WEAKREFS,
    .slots = {.visit = buffer_visit, .finish = buffer_finish, .get_buffer = get_buffer}, .methods = methods, .new_signature = "(object, /)", .construct = buffer_construct,
};
