// SPDX-License-Identifier: MIT
// stdlib/pyexpat/parser.c: the parser object.
//
// One thread at a time parses with it: a second call of Parse(), from a handler or from another thread, is an error, for expat has no guard
// of its own. A parser for an external entity keeps the one that it was made by, whose DTD it shares.
#include "stdlib/pyexpat/expat.h"

#include <limits.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/heap.h"
#include "runtime/types/arguments.h"
#include "runtime/types/bytes.h"
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"

#define TEXT_ROOM 8192
#define FILE_PIECE 65536
#define PIECE_MAX (INT_MAX / 2)

Type expat_parser_type;

Value expat_raise(Thread *t, Parser *p, enum XML_Error code)
{
    long line = (long)XML_GetErrorLineNumber(p->expat), column = (long)XML_GetErrorColumnNumber(p->expat);
    OWN Value message = str_format(t, "%s: line %ld, column %ld", XML_ErrorString(code), line, column);
    OWN Value error = is_error(message) ? ERROR : call1(t, t->interp->module_slots[SLOT_EXPAT_ERROR], message);
    const struct { const char *name; long number; } facts[] = {{"code", code}, {"offset", column}, {"lineno", line}};
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        OWN_POINTER Str *name = str_intern_text(t, facts[i].name, strlen(facts[i].name));
        if (is_error(error) || !name || !object_set_attr(t, error, name, small_int(facts[i].number))) return ERROR;
    }
    return raise_exception(t, MOVE(error));
}

// ---- Making and ending
static Parser *parser_blank(Thread *t, XML_Parser expat, Value intern)
{
    Parser *p = expat ? (Parser *)object_new(t, &expat_parser_type) : NULL;
    if (!p) {
        if (expat) XML_ParserFree(expat);
        else raise_memory_error(t);
        return NULL;
    }
    p->expat = expat;
    p->intern = retain(intern);
    for (size_t i = 0; i < HANDLER_COUNT; i++) p->handlers[i] = NONE;
    XML_SetUserData(expat, p);
    XML_SetUnknownEncodingHandler(expat, expat_unknown_encoding, p);
    return p;
}
Value expat_parser_new(Thread *t, const char *encoding, const char *separator, Value intern)
{
    OWN_POINTER Dict *names_dict = is_none(intern) ? dict_new(t) : NULL;
    if (is_none(intern) && !names_dict) return ERROR;
    Parser *p = parser_blank(t, separator ? XML_ParserCreateNS(encoding, *separator) : XML_ParserCreate(encoding), is_none(intern) ? dict_value(names_dict) : intern);
    if (!p) return ERROR;
    XML_SetHashSalt(p->expat, (unsigned long)(t->interp->hash_seed[0] ^ t->interp->hash_seed[1]));
    return object_value(p);
}
static void parser_visit(Object *o, VisitFn visit, void *context)
{
    Parser *p = (Parser *)o;
    visit(p->intern, context);
    visit(p->parent, context);
    for (size_t i = 0; i < HANDLER_COUNT; i++) visit(p->handlers[i], context);
}
static void parser_unlink(Thread *t, Object *o)      // not the parent: it must end after this one
{
    Parser *p = (Parser *)o;
    for (size_t i = 0; i < HANDLER_COUNT; i++) assign(&p->handlers[i], NONE);
}
static void parser_finish(Thread *t, Object *o)
{
    Parser *p = (Parser *)o;
    if (p->expat) XML_ParserFree(p->expat);
    p->expat = NULL;
    mem_free(p->text);
    p->text = NULL;
    for (size_t i = 0; i < HANDLER_COUNT; i++) clear(&p->handlers[i]);
    clear(&p->intern);
    clear(&p->parent);
}

// ---- Parsing
// Gives expat one piece; XML_STATUS_ERROR with an exception pending if a handler raised.
static bool parse_piece(Thread *t, Parser *p, const char *data, size_t length, bool last)
{
    bool good = true;
    do {
        size_t piece = length > PIECE_MAX ? PIECE_MAX : length;
        enum XML_Status status = XML_Parse(p->expat, data, (int)piece, last && piece == length);
        good = status != XML_STATUS_ERROR;
        data += piece;
        length -= piece;
    } while (good && length);
    if (check_error_pending(t)) return false;
    if (!good) return error_false(expat_raise(t, p, XML_GetErrorCode(p->expat)));
    return expat_flush_text(p);
}
static bool begin(Thread *t, Parser *p)
{
    if (p->t) return error_false(raise_error(t, &exc_RuntimeError, "the parser is parsing already"));
    p->t = t;
    return true;
}
static Value parser_parse(Thread *t, Value self, const Value *args)
{
    OWN Value kept = retain(self);
    Parser *p = as_parser(kept);
    int last = object_truth(t, args[1]);
    if (last < 0) return ERROR;
    OWN_MEMORY char *utf8 = NULL;
    OWN_BUFFER Buffer buffer = {0};
    size_t length;
    if (is_str(args[0])) {
        if (!(utf8 = str_to_utf8(t, as_str(args[0]), &length))) return ERROR;
    } else {
        if (!buffer_get(t, args[0], &buffer, 0)) return ERROR;
        length = (size_t)buffer.length;
    }
    if (!begin(t, p)) return ERROR;
    if (utf8) (void)XML_SetEncoding(p->expat, "utf-8");
    bool good = parse_piece(t, p, utf8 ? utf8 : buffer.data, length, last);
    p->t = NULL;
    return good ? small_int(1) : ERROR;
}
static Value parser_parse_file(Thread *t, Value self, const Value *args)
{
    OWN Value kept = retain(self);
    Parser *p = as_parser(kept);
    OWN Value read = object_get_attr_optional(t, args[0], NAME(read));
    if (is_error(read)) return ERROR;
    if (is_unbound(read)) return raise_type_error(t, "argument must have 'read' attribute");
    for (bool last = false; !last;) {
        OWN Value piece = call1(t, read, small_int(FILE_PIECE));
        if (is_error(piece)) return ERROR;
        OWN_BUFFER Buffer buffer = {0};
        if (!is_bytes(piece) && !is_bytearray(piece)) return raise_type_error(t, "read() did not return a bytes object (type=%.400T)", piece);
        if (!buffer_get(t, piece, &buffer, 0)) return ERROR;
        if (buffer.length > FILE_PIECE) return raise_value_error(t, "read() returned too much data: %d bytes requested, %zd returned", FILE_PIECE, buffer.length);
        last = buffer.length == 0;
        if (!begin(t, p)) return ERROR;
        bool good = parse_piece(t, p, buffer.data, (size_t)buffer.length, last);
        p->t = NULL;
        if (!good) return ERROR;
    }
    return small_int(1);
}

// ---- Other methods
static Value parser_set_base(Thread *t, Value self, const Value *args)
{
    Str *base = argument_str(t, args[0], "SetBase", "1");
    OWN_MEMORY char *utf8 = base ? str_to_utf8(t, base, NULL) : NULL;
    if (!utf8) return ERROR;
    return XML_SetBase(as_parser(self)->expat, utf8) ? NONE : raise_memory_error(t);
}
static Value text_or_none(Thread *t, const XML_Char *text) { return text ? str_from_utf8(t, text, strlen(text)) : NONE; }
static Value parser_get_base(Thread *t, Value self, const Value *args) { return text_or_none(t, XML_GetBase(as_parser(self)->expat)); }
static Value parser_get_input_context(Thread *t, Value self, const Value *args)
{
    Parser *p = as_parser(self);
    int offset, size;
    const char *context = p->in_handler ? XML_GetInputContext(p->expat, &offset, &size) : NULL;
    return context ? bytes_from(t, context + offset, (size_t)(size - offset)) : NONE;
}
static Value parser_external(Thread *t, Value self, const Value *args)
{
    Parser *p = as_parser(self);
    OWN_MEMORY char *context = is_none(args[0]) ? NULL : str_to_utf8(t, as_str(args[0]), NULL);
    if (!is_none(args[0]) && !context) return ERROR;
    OWN_MEMORY char *encoding = is_unbound(args[1]) || is_none(args[1]) ? NULL : str_to_utf8(t, as_str(args[1]), NULL);
    if (!encoding && !is_unbound(args[1]) && !is_none(args[1])) return ERROR;
    if (p->t && p->t != t) return raise_error(t, &exc_RuntimeError, "the parser is in use by another thread");
    OWN_POINTER Parser *child = parser_blank(t, XML_ExternalEntityParserCreate(p->expat, context, encoding), p->intern);
    if (!child) return ERROR;
    child->parent = retain(self);
    child->ordered_attributes = p->ordered_attributes;
    child->specified_attributes = p->specified_attributes;
    child->namespace_prefixes = p->namespace_prefixes;
    if (p->buffers_text) {
        if (!(child->text = mem_allocate(t, (size_t)p->text_room))) return ERROR;
        child->text_room = p->text_room;
        child->buffers_text = true;
    }
    for (enum Handler i = 0; i < HANDLER_COUNT; i++) {
        assign(&child->handlers[i], retain(p->handlers[i]));
        expat_install(child, i, !is_none(p->handlers[i]));
    }
    return object_value(MOVE_POINTER(child));
}
static Value parser_external_checked(Thread *t, Value self, const Value *args)
{
    if (!is_none(args[0]) && !is_str(args[0])) return raise_type_error(t, "ExternalEntityParserCreate() argument 1 must be str or None, not %.50T", args[0]);
    if (!is_unbound(args[1]) && !is_none(args[1]) && !is_str(args[1])) return raise_type_error(t, "ExternalEntityParserCreate() argument 2 must be str, not %.50T", args[1]);
    return parser_external(t, self, args);
}
static Value parser_set_param_entity_parsing(Thread *t, Value self, const Value *args)
{
    int flag;
    return int_as_int(t, args[0], &flag) ? small_int(XML_SetParamEntityParsing(as_parser(self)->expat, (enum XML_ParamEntityParsing)flag)) : ERROR;
}
static Value parser_use_foreign_dtd(Thread *t, Value self, const Value *args)
{
    int flag = object_truth(t, args[0]);
    if (flag < 0) return ERROR;
    enum XML_Error code = XML_UseForeignDTD(as_parser(self)->expat, (XML_Bool)flag);
    return code == XML_ERROR_NONE ? NONE : expat_raise(t, as_parser(self), code);
}
static const Method parser_methods[] = {
    {"Parse", parser_parse, "(self, data, isfinal=False, /)", "Parse XML data.\n\n'isfinal' should be true at end of input."},
    {"ParseFile", parser_parse_file, "(self, file, /)", "Parse XML data from file-like object."},
    {"SetBase", parser_set_base, "(self, base, /)", "Set the base URL for the parser."},
    {"GetBase", parser_get_base, "(self, /)", "Return base URL string for the parser."},
    {"GetInputContext", parser_get_input_context, "(self, /)", "Return the untranslated text of the input that caused the current event."},
    {"ExternalEntityParserCreate", parser_external_checked, "(self, context, encoding=<unset>, /)", "Create a parser for parsing an external entity based on the information passed to the ExternalEntityRefHandler."},
    {"SetParamEntityParsing", parser_set_param_entity_parsing, "(self, flag, /)", "Controls parsing of parameter entities (including the external DTD subset)."},
    {"UseForeignDTD", parser_use_foreign_dtd, "(self, flag=True, /)", "Allows the application to provide an artificial external subset if one is not specified as part of the document instance."},
    {0},
};

// ---- Attributes
#define NUMBER(name, expression) static Value get_##name(Thread *t, Value self) { return int_value(t, (int64_t)(expression)); }
NUMBER(ErrorCode, XML_GetErrorCode(as_parser(self)->expat))
NUMBER(ErrorLineNumber, XML_GetErrorLineNumber(as_parser(self)->expat))
NUMBER(ErrorColumnNumber, XML_GetErrorColumnNumber(as_parser(self)->expat))
NUMBER(ErrorByteIndex, XML_GetErrorByteIndex(as_parser(self)->expat))
NUMBER(CurrentLineNumber, XML_GetCurrentLineNumber(as_parser(self)->expat))
NUMBER(CurrentColumnNumber, XML_GetCurrentColumnNumber(as_parser(self)->expat))
NUMBER(CurrentByteIndex, XML_GetCurrentByteIndex(as_parser(self)->expat))
NUMBER(buffer_size, as_parser(self)->text_room ? as_parser(self)->text_room : TEXT_ROOM)
NUMBER(buffer_used, as_parser(self)->text_used)
static Value get_intern(Thread *t, Value self) { return retain(as_parser(self)->intern); }
static Value get_buffer_text(Thread *t, Value self) { return bool_value(as_parser(self)->buffers_text); }
static Value get_namespace_prefixes(Thread *t, Value self) { return bool_value(as_parser(self)->namespace_prefixes); }
static Value get_ordered_attributes(Thread *t, Value self) { return bool_value(as_parser(self)->ordered_attributes); }
static Value get_specified_attributes(Thread *t, Value self) { return bool_value(as_parser(self)->specified_attributes); }

static bool flag_from(Thread *t, Value v, bool *flag)
{
    if (is_unbound(v)) return error_false(raise_error(t, &exc_RuntimeError, "Cannot delete attribute"));
    int truth = object_truth(t, v);
    *flag = truth > 0;
    return truth >= 0;
}
static bool set_ordered_attributes(Thread *t, Value self, Value v) { return flag_from(t, v, &as_parser(self)->ordered_attributes); }
static bool set_specified_attributes(Thread *t, Value self, Value v) { return flag_from(t, v, &as_parser(self)->specified_attributes); }
static bool set_namespace_prefixes(Thread *t, Value self, Value v)
{
    Parser *p = as_parser(self);
    if (!flag_from(t, v, &p->namespace_prefixes)) return false;
    XML_SetReturnNSTriplet(p->expat, p->namespace_prefixes);
    return true;
}
static bool not_elsewhere(Thread *t, const Parser *p)
{
    return !p->t || p->t == t || error_false(raise_error(t, &exc_RuntimeError, "the parser is in use by another thread"));
}
static bool set_text_room(Thread *t, Parser *p, int room)
{
    if (p->t && !expat_flush_text(p)) return false;
    char *text = mem_allocate(t, (size_t)room);
    if (!text) return false;
    mem_free(p->text);
    p->text = text;
    p->text_room = room;
    p->text_used = 0;
    return true;
}
static bool set_buffer_text(Thread *t, Value self, Value v)
{
    Parser *p = as_parser(self);
    bool on;
    if (!flag_from(t, v, &on) || !not_elsewhere(t, p)) return false;
    if (on && !p->text_room && !set_text_room(t, p, TEXT_ROOM)) return false;
    if (!on && p->t && !expat_flush_text(p)) return false;
    p->buffers_text = on;
    return true;
}
static bool set_buffer_size(Thread *t, Value self, Value v)
{
    Parser *p = as_parser(self);
    int64_t room;
    if (is_unbound(v)) return error_false(raise_error(t, &exc_RuntimeError, "Cannot delete attribute"));
    if (!is_exact_int(v)) return error_false(raise_type_error(t, "buffer_size must be an integer"));
    if (!int_as_i64(t, v, &room)) return false;
    if (room <= 0) return error_false(raise_value_error(t, "buffer_size must be greater than zero"));
    if (room > INT_MAX) return error_false(raise_value_error(t, "buffer_size must not be greater than %d", INT_MAX));
    return not_elsewhere(t, p) && (room == p->text_room || set_text_room(t, p, (int)room));
}
#define X(name) \
    static Value get_##name(Thread *t, Value self) { return retain(as_parser(self)->handlers[HANDLER_##name]); } \
    static bool set_##name(Thread *t, Value self, Value v) { return expat_set_handler(t, as_parser(self), HANDLER_##name, v); }
EACH_HANDLER(X)
#undef X
static const GetSet parser_getsets[] = {
#define X(name) {#name, get_##name, set_##name, NULL},
    EACH_HANDLER(X)
#undef X
#define READ_ONLY(name) {#name, get_##name, NULL, NULL},
    READ_ONLY(ErrorCode) READ_ONLY(ErrorLineNumber) READ_ONLY(ErrorColumnNumber) READ_ONLY(ErrorByteIndex) READ_ONLY(CurrentLineNumber) READ_ONLY(CurrentColumnNumber)
    READ_ONLY(CurrentByteIndex) READ_ONLY(buffer_used) READ_ONLY(intern)
#undef READ_ONLY
    {"buffer_size", get_buffer_size, set_buffer_size, NULL}, {"buffer_text", get_buffer_text, set_buffer_text, NULL},
    {"namespace_prefixes", get_namespace_prefixes, set_namespace_prefixes, NULL}, {"ordered_attributes", get_ordered_attributes, set_ordered_attributes, NULL},
    {"specified_attributes", get_specified_attributes, set_specified_attributes, NULL}, {0},
};
const TypeSpec expat_parser_spec = {
    .name = "pyexpat.xmlparser", .doc = "XML parser", .size = sizeof(Parser), .flags = TYPE_GC | TYPE_NO_NEW,
    .slots = {.visit = parser_visit, .unlink = parser_unlink, .finish = parser_finish}, .methods = parser_methods, .getsets = parser_getsets,
};
