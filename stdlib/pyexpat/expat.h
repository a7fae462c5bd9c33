// SPDX-License-Identifier: MIT
// stdlib/pyexpat/expat.h: a parser object, and what the files of pyexpat share.
#ifndef BATON_STDLIB_PYEXPAT_H
#define BATON_STDLIB_PYEXPAT_H

#include <expat.h>

#include "runtime/error.h"
#include "runtime/types/str.h"
#include "stdlib/module_slots.h"

// EACH_HANDLER(X): X(name in Python, setter in expat). Handlers that come in pairs in expat are told apart in handlers.c.
#define EACH_HANDLER(X) \
    X(StartElementHandler) X(EndElementHandler) X(ProcessingInstructionHandler) X(CharacterDataHandler) X(UnparsedEntityDeclHandler) \
    X(NotationDeclHandler) X(StartNamespaceDeclHandler) X(EndNamespaceDeclHandler) X(CommentHandler) X(StartCdataSectionHandler) \
    X(EndCdataSectionHandler) X(DefaultHandler) X(DefaultHandlerExpand) X(NotStandaloneHandler) X(ExternalEntityRefHandler) \
    X(StartDoctypeDeclHandler) X(EndDoctypeDeclHandler) X(EntityDeclHandler) X(XmlDeclHandler) X(ElementDeclHandler) X(AttlistDeclHandler) \
    X(SkippedEntityHandler)
enum Handler {
#define X(name) HANDLER_##name,
    EACH_HANDLER(X)
#undef X
    HANDLER_COUNT
};

typedef struct Parser {
    Object head;
    XML_Parser expat;
    Thread *t;                     // who parses now, or NULL: nobody
    bool in_handler;
    bool ordered_attributes, specified_attributes, namespace_prefixes, buffers_text;
    char *text;                    // character data that waits, when it is buffered
    int text_used, text_room;
    Value intern;                  // dict of names, or NONE
    Value parent;                  // of a parser for an external entity: expat's share a DTD
    Value handlers[HANDLER_COUNT]; // NONE: none
} Parser;

extern Type expat_parser_type;
extern const TypeSpec expat_parser_spec;
static inline Parser *as_parser(Value v) { return (Parser *)as_object(v); }

// handlers.c
NEEDS_GIL MAY_RAISE bool expat_set_handler(Thread *t, Parser *p, enum Handler which, Value function);
NEEDS_GIL void expat_install(Parser *p, enum Handler which, bool on);      // in expat itself
NEEDS_GIL MAY_RAISE bool expat_flush_text(Parser *p);
int expat_unknown_encoding(void *data, const XML_Char *name, XML_Encoding *info);
// parser.c
NEEDS_GIL NEW_REF Value expat_parser_new(Thread *t, const char *encoding, const char *separator, Value intern);
NEEDS_GIL COLD Value expat_raise(Thread *t, Parser *p, enum XML_Error code);

#endif
