// SPDX-License-Identifier: MIT
// stdlib/pyexpat/handlers.c: what expat calls while it parses, each turned into a call of a Python function.
//
// All run with the GIL, inside Parse(). One that raises stops the parser at once; the exception stays pending, and Parse() gives it on.
// Character data that is buffered goes out before anything else does.
#include "stdlib/pyexpat/expat.h"

#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/dict.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/tuple.h"

static void stop(Parser *p) { XML_StopParser(p->expat, XML_FALSE); }

// ---- Values
static Value text_value(Thread *t, const XML_Char *text) { return text ? str_from_utf8(t, text, strlen(text)) : NONE; }
static Value sized_text(Thread *t, const XML_Char *text, int length) { return text ? str_from_utf8(t, text, (size_t)length) : NONE; }
// A name, one object however often it comes.
static Value name_value(Parser *p, const XML_Char *name)
{
    OWN Value made = text_value(p->t, name);
    if (is_error(made) || is_none(made) || !is_dict(p->intern)) return MOVE(made);
    return dict_set_default(p->t, as_dict(p->intern), made, made);
}

// Calls the handler with owned arguments; UNBOUND: it failed, and the parser has been stopped.
static Value run(Parser *p, enum Handler which, Value *args, size_t count)
{
    Value result = UNBOUND;
    bool good = !check_error_pending(p->t);
    for (size_t i = 0; i < count; i++) good = good && !is_error(args[i]);
    if (good) {
        OWN Value function = retain(p->handlers[which]);
        bool outer = p->in_handler;
        p->in_handler = true;
        result = is_none(function) ? NONE : call(p->t, function, args, count, UNBOUND);
        p->in_handler = outer;
        if (is_error(result)) result = UNBOUND;
    }
    for (size_t i = 0; i < count; i++) if (!is_error(args[i])) drop(args[i]);
    if (is_unbound(result)) stop(p);
    return result;
}
bool expat_flush_text(Parser *p)
{
    if (p->text_used == 0) return true;
    Value text = sized_text(p->t, p->text, p->text_used);
    p->text_used = 0;
    OWN Value result = run(p, HANDLER_CharacterDataHandler, &text, 1);
    return !is_unbound(result);
}
// Whether the handler may be called: waiting text has gone out first.
static bool ready(Parser *p)
{
    if (check_error_pending(p->t)) return false;
    if (expat_flush_text(p)) return true;
    stop(p);
    return false;
}
#define RUN(p, which, ...) do { \
        if (!ready(p)) return; \
        Value arguments_[] = {__VA_ARGS__}; \
        drop(run(p, HANDLER_##which, arguments_, COUNT_OF(arguments_))); \
    } while (0)
#define RUN_PLAIN(p, which) do { if (ready(p)) drop(run(p, HANDLER_##which, NULL, 0)); } while (0)

// ---- Elements and text
static Value attributes_value(Parser *p, const XML_Char **attributes)
{
    Thread *t = p->t;
    int count = 0;
    if (p->specified_attributes) count = XML_GetSpecifiedAttributeCount(p->expat);
    else while (attributes[count]) count += 2;
    OWN Value all = UNBOUND;
    if (p->ordered_attributes) all = list_new(t, (size_t)count);
    else {
        Dict *d = dict_new(t);
        all = d ? dict_value(d) : ERROR;
    }
    if (is_error(all)) return ERROR;
    for (int i = 0; i < count; i += 2) {
        OWN Value name = name_value(p, attributes[i]);
        OWN Value value = is_error(name) ? ERROR : text_value(t, attributes[i + 1]);
        if (is_error(value)) return ERROR;
        if (p->ordered_attributes ? !list_append(t, all, name) || !list_append(t, all, value) : !dict_set(t, as_dict(all), name, value)) return ERROR;
    }
    return MOVE(all);
}
static void on_StartElementHandler(void *data, const XML_Char *name, const XML_Char **attributes)
{
    Parser *p = data;
    if (!ready(p)) return;
    Value args[2] = {name_value(p, name), UNBOUND};
    args[1] = is_error(args[0]) ? ERROR : attributes_value(p, attributes);
    drop(run(p, HANDLER_StartElementHandler, args, 2));
}
static void on_EndElementHandler(void *data, const XML_Char *name) { RUN((Parser *)data, EndElementHandler, name_value(data, name)); }
static void on_CharacterDataHandler(void *data, const XML_Char *text, int length)
{
    Parser *p = data;
    if (check_error_pending(p->t)) return;
    if (p->buffers_text && length <= p->text_room) {
        if (length > p->text_room - p->text_used && !expat_flush_text(p)) return;
        if (is_none(p->handlers[HANDLER_CharacterDataHandler]) || !p->buffers_text || length > p->text_room - p->text_used) return;
        memcpy(p->text + p->text_used, text, (size_t)length);
        p->text_used += length;
        return;
    }
    RUN(p, CharacterDataHandler, sized_text(p->t, text, length));
}
static void ignore_text(void *data, const XML_Char *text, int length) {}
static void on_ProcessingInstructionHandler(void *data, const XML_Char *target, const XML_Char *text)
{
    Parser *p = data;
    RUN(p, ProcessingInstructionHandler, name_value(p, target), text_value(p->t, text));
}
static void on_CommentHandler(void *data, const XML_Char *text) { RUN((Parser *)data, CommentHandler, text_value(((Parser *)data)->t, text)); }
static void on_StartCdataSectionHandler(void *data) { RUN_PLAIN((Parser *)data, StartCdataSectionHandler); }
static void on_EndCdataSectionHandler(void *data) { RUN_PLAIN((Parser *)data, EndCdataSectionHandler); }
static void on_DefaultHandler(void *data, const XML_Char *text, int length)
{
    RUN((Parser *)data, DefaultHandler, sized_text(((Parser *)data)->t, text, length));
}
static void on_DefaultHandlerExpand(void *data, const XML_Char *text, int length)
{
    RUN((Parser *)data, DefaultHandlerExpand, sized_text(((Parser *)data)->t, text, length));
}
static void on_StartNamespaceDeclHandler(void *data, const XML_Char *prefix, const XML_Char *uri)
{
    RUN((Parser *)data, StartNamespaceDeclHandler, name_value(data, prefix), name_value(data, uri));
}
static void on_EndNamespaceDeclHandler(void *data, const XML_Char *prefix) { RUN((Parser *)data, EndNamespaceDeclHandler, name_value(data, prefix)); }
static void on_XmlDeclHandler(void *data, const XML_Char *version, const XML_Char *encoding, int standalone)
{
    Parser *p = data;
    RUN(p, XmlDeclHandler, text_value(p->t, version), text_value(p->t, encoding), small_int(standalone));
}

// ---- Declarations
static void on_StartDoctypeDeclHandler(void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
    RUN((Parser *)data, StartDoctypeDeclHandler, name_value(data, name), name_value(data, system), name_value(data, public), small_int(internal));
}
static void on_EndDoctypeDeclHandler(void *data) { RUN_PLAIN((Parser *)data, EndDoctypeDeclHandler); }
static void on_UnparsedEntityDeclHandler(void *data, const XML_Char *entity, const XML_Char *base, const XML_Char *system, const XML_Char *public, const XML_Char *notation)
{
    RUN((Parser *)data, UnparsedEntityDeclHandler, name_value(data, entity), name_value(data, base), name_value(data, system), name_value(data, public), name_value(data, notation));
}
static void on_NotationDeclHandler(void *data, const XML_Char *notation, const XML_Char *base, const XML_Char *system, const XML_Char *public)
{
    RUN((Parser *)data, NotationDeclHandler, name_value(data, notation), name_value(data, base), name_value(data, system), name_value(data, public));
}
static void on_EntityDeclHandler(void *data, const XML_Char *entity, int is_parameter, const XML_Char *value, int length, const XML_Char *base, const XML_Char *system,
                                 const XML_Char *public, const XML_Char *notation)
{
    Parser *p = data;
    RUN(p, EntityDeclHandler, name_value(p, entity), small_int(is_parameter), sized_text(p->t, value, length), name_value(p, base), name_value(p, system), name_value(p, public),
        name_value(p, notation));
}
static void on_AttlistDeclHandler(void *data, const XML_Char *element, const XML_Char *attribute, const XML_Char *type, const XML_Char *fallback, int required)
{
    Parser *p = data;
    RUN(p, AttlistDeclHandler, name_value(p, element), name_value(p, attribute), text_value(p->t, type), text_value(p->t, fallback), small_int(required));
}
static void on_SkippedEntityHandler(void *data, const XML_Char *entity, int is_parameter)
{
    RUN((Parser *)data, SkippedEntityHandler, name_value(data, entity), small_int(is_parameter));
}
// (type, quantifier, name, children)
static Value model_value(Parser *p, const XML_Content *model)
{
    if (!enter_recursion(p->t, "")) return ERROR;
    OWN Value children = list_new(p->t, model->numchildren);
    bool good = !is_error(children);
    for (unsigned i = 0; good && i < model->numchildren; i++) {
        OWN Value child = model_value(p, &model->children[i]);
        good = !is_error(child) && list_append(p->t, children, child);
    }
    leave_recursion(p->t);
    OWN Value all = good ? list_to_tuple(p->t, children) : ERROR;
    OWN Value name = is_error(all) ? ERROR : name_value(p, model->name);
    return is_error(name) ? ERROR : tuple_of(p->t, 4, small_int(model->type), small_int(model->quant), name, all);
}
static void on_ElementDeclHandler(void *data, const XML_Char *name, XML_Content *model)
{
    Parser *p = data;
    if (ready(p)) {
        Value args[2] = {name_value(p, name), UNBOUND};
        args[1] = is_error(args[0]) ? ERROR : model_value(p, model);
        drop(run(p, HANDLER_ElementDeclHandler, args, 2));
    }
    XML_FreeContentModel(p->expat, model);
}

// ---- Those that answer
static int answer(Parser *p, TAKES Value result)
{
    OWN Value owned = result;
    int number;
    if (is_unbound(owned)) return 0;
    if (int_as_int(p->t, owned, &number)) return number;
    stop(p);
    return 0;
}
static int on_NotStandaloneHandler(void *data)
{
    Parser *p = data;
    return ready(p) ? answer(p, run(p, HANDLER_NotStandaloneHandler, NULL, 0)) : 0;
}
static int on_ExternalEntityRefHandler(XML_Parser parser, const XML_Char *context, const XML_Char *base, const XML_Char *system, const XML_Char *public)
{
    Parser *p = XML_GetUserData(parser);
    if (!ready(p)) return 0;
    Value args[] = {text_value(p->t, context), name_value(p, base), name_value(p, system), name_value(p, public)};
    return answer(p, run(p, HANDLER_ExternalEntityRefHandler, args, COUNT_OF(args)));
}
// An encoding that expat does not know: one byte a character, by Python's codec.
int expat_unknown_encoding(void *data, const XML_Char *name, XML_Encoding *info)
{
    Parser *p = data;
    char all[256];
    for (int i = 0; i < 256; i++) all[i] = (char)i;
    OWN Value text = check_error_pending(p->t) ? ERROR : bytes_decode(p->t, all, sizeof all, name, "replace");
    if (!is_error(text) && as_str(text)->length != 256) {
        raise_value_error(p->t, "multi-byte encodings are not supported");
        return XML_STATUS_ERROR;
    }
    if (is_error(text)) return XML_STATUS_ERROR;
    for (size_t i = 0; i < 256; i++) {
        Codepoint c = str_at(as_str(text), i);
        info->map[i] = c == 0xFFFD ? -1 : (int)c;
    }
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return XML_STATUS_OK;
}

// ---- Setting them
void expat_install(Parser *p, enum Handler which, bool on)
{
    XML_Parser x = p->expat;
    switch (which) {
#define ALONE(name) case HANDLER_##name: XML_Set##name(x, on ? on_##name : NULL); break;
    ALONE(ProcessingInstructionHandler) ALONE(UnparsedEntityDeclHandler) ALONE(NotationDeclHandler) ALONE(CommentHandler) ALONE(DefaultHandler) ALONE(DefaultHandlerExpand)
    ALONE(NotStandaloneHandler) ALONE(ExternalEntityRefHandler) ALONE(EntityDeclHandler) ALONE(XmlDeclHandler) ALONE(ElementDeclHandler) ALONE(AttlistDeclHandler)
    ALONE(SkippedEntityHandler)
#undef ALONE
#define PAIRED(name, setter) case HANDLER_##name: XML_Set##setter(x, on ? on_##name : NULL); break;
    PAIRED(StartElementHandler, StartElementHandler) PAIRED(EndElementHandler, EndElementHandler) PAIRED(StartNamespaceDeclHandler, StartNamespaceDeclHandler)
    PAIRED(EndNamespaceDeclHandler, EndNamespaceDeclHandler) PAIRED(StartCdataSectionHandler, StartCdataSectionHandler)
    PAIRED(EndCdataSectionHandler, EndCdataSectionHandler) PAIRED(StartDoctypeDeclHandler, StartDoctypeDeclHandler) PAIRED(EndDoctypeDeclHandler, EndDoctypeDeclHandler)
#undef PAIRED
    case HANDLER_CharacterDataHandler:      // in the middle of text expat goes on to call what it found at its begin
        XML_SetCharacterDataHandler(x, on ? on_CharacterDataHandler : p->in_handler ? ignore_text : NULL);
        break;
    case HANDLER_COUNT: break;
    }
}
bool expat_set_handler(Thread *t, Parser *p, enum Handler which, Value function)
{
    if (is_unbound(function)) return error_false(raise_type_error(t, "Cannot delete attribute"));
    if (p->t && p->t != t) return error_false(raise_error(t, &exc_RuntimeError, "the parser is in use by another thread"));
    if (which == HANDLER_CharacterDataHandler && p->t && !expat_flush_text(p)) return false;
    assign(&p->handlers[which], retain(function));
    expat_install(p, which, !is_none(function));
    return true;
}
