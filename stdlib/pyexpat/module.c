// SPDX-License-Identifier: MIT
// stdlib/pyexpat/module.c: the module pyexpat, and its submodules of errors and content models.
#include "runtime/types/dict.h"
#include "runtime/types/exception.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/tuple.h"
#include "stdlib/pyexpat/expat.h"

static char *text_or_null(Thread *t, Value v, const char *which, bool *failed)
{
    *failed = false;
    if (is_none(v)) return NULL;
    if (!is_str(v)) raise_type_error(t, "ParserCreate() argument '%s' must be str or None, not %.50T", which, v);
    char *text = is_str(v) ? str_to_utf8(t, as_str(v), NULL) : NULL;
    *failed = !text;
    return text;
}
static Value parser_create(Thread *t, Value module, const Value *args)
{
    bool failed;
    OWN_MEMORY char *encoding = text_or_null(t, args[0], "encoding", &failed);
    if (failed) return ERROR;
    OWN_MEMORY char *separator = text_or_null(t, args[1], "namespace_separator", &failed);
    if (failed) return ERROR;
    if (separator && strlen(separator) > 1) return raise_value_error(t, "namespace_separator must be at most one character, omitted, or None");
    Value intern = is_unbound(args[2]) ? NONE : args[2];
    if (!is_none(intern) && !is_dict(intern)) return raise_type_error(t, "intern must be a dictionary");
    return expat_parser_new(t, encoding, separator, intern);
}
static Value error_string(Thread *t, Value module, const Value *args)
{
    int64_t code;
    if (!int_as_i64(t, args[0], &code)) return ERROR;
    const char *text = code >= 0 && code <= INT32_MAX ? XML_ErrorString((enum XML_Error)code) : NULL;
    return text ? str_from_text(t, text) : NONE;
}
static const Method functions[] = {
    {"ParserCreate", parser_create, "(encoding=None, namespace_separator=None, intern=<unset>)", "Return a new XML parser object."},
    {"ErrorString", error_string, "(code, /)", "Returns string error for given number."},
    {0},
};

#define E(name) {"XML_ERROR_" #name, XML_ERROR_##name}
static const NamedInt errors[] = {
    E(NO_MEMORY), E(SYNTAX), E(NO_ELEMENTS), E(INVALID_TOKEN), E(UNCLOSED_TOKEN), E(PARTIAL_CHAR), E(TAG_MISMATCH), E(DUPLICATE_ATTRIBUTE), E(JUNK_AFTER_DOC_ELEMENT),
    E(PARAM_ENTITY_REF), E(UNDEFINED_ENTITY), E(RECURSIVE_ENTITY_REF), E(ASYNC_ENTITY), E(BAD_CHAR_REF), E(BINARY_ENTITY_REF), E(ATTRIBUTE_EXTERNAL_ENTITY_REF),
    E(MISPLACED_XML_PI), E(UNKNOWN_ENCODING), E(INCORRECT_ENCODING), E(UNCLOSED_CDATA_SECTION), E(EXTERNAL_ENTITY_HANDLING), E(NOT_STANDALONE), E(UNEXPECTED_STATE),
    E(ENTITY_DECLARED_IN_PE), E(FEATURE_REQUIRES_XML_DTD), E(CANT_CHANGE_FEATURE_ONCE_PARSING), E(UNBOUND_PREFIX), E(UNDECLARING_PREFIX), E(INCOMPLETE_PE), E(XML_DECL), E(TEXT_DECL),
    E(PUBLICID), E(SUSPENDED), E(NOT_SUSPENDED), E(ABORTED), E(FINISHED), E(SUSPEND_PE), E(RESERVED_PREFIX_XML), E(RESERVED_PREFIX_XMLNS), E(RESERVED_NAMESPACE_URI),
    E(INVALID_ARGUMENT), E(NO_BUFFER), E(AMPLIFICATION_LIMIT_BREACH),
};
#undef E
static const NamedInt models[] = {
    NAMED_INT(XML_CTYPE_EMPTY), NAMED_INT(XML_CTYPE_ANY), NAMED_INT(XML_CTYPE_MIXED), NAMED_INT(XML_CTYPE_NAME), NAMED_INT(XML_CTYPE_CHOICE), NAMED_INT(XML_CTYPE_SEQ),
    NAMED_INT(XML_CQUANT_NONE), NAMED_INT(XML_CQUANT_OPT), NAMED_INT(XML_CQUANT_REP), NAMED_INT(XML_CQUANT_PLUS),
};
static const NamedInt constants[] = {
    NAMED_INT(XML_PARAM_ENTITY_PARSING_NEVER), NAMED_INT(XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE), NAMED_INT(XML_PARAM_ENTITY_PARSING_ALWAYS),
};

// pyexpat.NAME: an attribute, and importable.
static Value submodule(Thread *t, Value module, const char *name, const char *full, const char *doc)
{
    OWN Value text = str_from_text(t, doc);
    OWN_POINTER Str *full_name = str_intern_text(t, full, strlen(full));
    OWN Value made = full_name && !is_error(text) ? module_new(t, full_name, text) : ERROR;
    if (is_error(made) || !module_add(t, module, name, retain(made)) || !dict_set_str(t, t->interp->modules, full_name, made)) return ERROR;
    return MOVE(made);
}
static bool add_errors(Thread *t, Value module)
{
    OWN_POINTER Dict *codes = dict_new(t), *messages = dict_new(t);
    if (!codes || !messages) return false;
    for (size_t i = 0; i < COUNT_OF(errors); i++) {
        const char *message = XML_ErrorString((enum XML_Error)errors[i].value);
        OWN Value text = str_from_text(t, message ? message : "unknown");
        if (is_error(text) || !module_add(t, module, errors[i].name, retain(text)) || !dict_set(t, codes, text, small_int(errors[i].value)) ||
            !dict_set(t, messages, small_int(errors[i].value), text)) return false;
    }
    return module_add(t, module, "codes", retain(dict_value(codes))) && module_add(t, module, "messages", retain(dict_value(messages)));
}
static Value features_value(Thread *t)
{
    OWN Value all = list_new(t, 0);
    for (const XML_Feature *f = XML_GetFeatureList(); !is_error(all) && f->feature != XML_FEATURE_END; f++) {
        OWN Value name = str_from_text(t, f->name);
        OWN Value pair = is_error(name) ? ERROR : tuple_of(t, 2, name, small_int(f->value));
        if (is_error(pair) || !list_append(t, all, pair)) return ERROR;
    }
    return MOVE(all);
}
static bool start(Thread *t, Value module)
{
    if (expat_parser_type.version == 0 && !type_prepare(t, &expat_parser_type, &expat_parser_spec)) return false;
    Value *error = &t->interp->module_slots[SLOT_EXPAT_ERROR];
    if (is_unbound(*error)) {
        *error = exception_class_new(t, "xml.parsers.expat", "ExpatError", type_value(&exc_Exception), NULL);
        if (is_error(*error)) {
            *error = UNBOUND;
            return false;
        }
    }
    XML_Expat_Version version = XML_ExpatVersionInfo();
    OWN Value error_names = submodule(t, module, "errors", "pyexpat.errors", "Constants used to describe error conditions.");
    OWN Value model_names = is_error(error_names) ? ERROR : submodule(t, module, "model", "pyexpat.model", "Constants used to interpret content model information.");
    return !is_error(model_names) && add_errors(t, error_names) && module_add_ints(t, model_names, models, COUNT_OF(models)) && module_add(t, module, "error", retain(*error)) &&
           module_add(t, module, "ExpatError", retain(*error)) && module_add(t, module, "XMLParserType", retain(type_value(&expat_parser_type))) &&
           module_add(t, module, "EXPAT_VERSION", str_from_text(t, XML_ExpatVersion())) &&
           module_add(t, module, "version_info", tuple_of(t, 3, small_int(version.major), small_int(version.minor), small_int(version.micro))) &&
           module_add(t, module, "native_encoding", str_from_text(t, "UTF-8")) && module_add(t, module, "features", features_value(t)) &&
           module_add_ints(t, module, constants, COUNT_OF(constants));
}
extern const ModuleSpec pyexpat_spec;
const ModuleSpec pyexpat_spec = {.name = "pyexpat", .doc = "Python wrapper for Expat parser.", .functions = functions, .start = start};
