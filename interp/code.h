// SPDX-License-Identifier: MIT
// interp/code.h: the code object: instructions, what they refer to, and where in the source each comes from.
//
// Owns     the layout of `code` and its saved form.
// Always   1. `words` never change after assembly; what an instruction learns is kept in `sites`.
//          2. handlers do not overlap and are in order of `start`; places are in order of `start`, too.
//          3. Register r of a local variable i is code_register(code, i); registers from near_locals up are temporaries.
#ifndef BATON_INTERP_CODE_H
#define BATON_INTERP_CODE_H

#include "runtime/types/dict.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"

typedef enum Opcode {
#define OP(name, a, b, c, word, traits, text) OP_CODE_##name,
#include "interp/opcodes.def"
    OPCODE_COUNT
} Opcode;

typedef enum OperandKind {
    OPERAND_NONE, OPERAND_DST, OPERAND_SRC, OPERAND_KEEP, OPERAND_RUN, OPERAND_COUNT, OPERAND_IMM, OPERAND_FLAG,
    OPERAND_K8, OPERAND_K16, OPERAND_I16, OPERAND_X16, OPERAND_SITE, OPERAND_CONST, OPERAND_JUMP, OPERAND_FAR, OPERAND_WORD,
} OperandKind;
enum OpcodeTraits { OPCODE_RAISES = 1, OPCODE_POLLS = 2 };
typedef struct OpcodeInfo { const char *name; uint8_t a, b, c, word, traits; const char *text; } OpcodeInfo;
extern const OpcodeInfo opcode_info[OPCODE_COUNT];

#define INSTRUCTION(op, a, b, c) ((uint32_t)(op) | (uint32_t)(uint8_t)(a) << 8 | (uint32_t)(uint8_t)(b) << 16 | (uint32_t)(uint8_t)(c) << 24)

enum { NEAR_LOCALS = 180, NEAR_REGISTERS = 255, NO_DESTINATION = 255 };   // locals and registers that one byte reaches

// What one instruction with a name has learnt. `kind` says which fields hold; see vm_cache.c.
typedef struct Site {
    Str *name;            // interned, kept by the code's names; NULL for calls
    uint32_t version;     // of a type or of the globals
    uint16_t kind;
    uint16_t misses;      // times that what was learnt did not hold
    union { void *pointer; Shape *shape; Dict *dict; };
    union { Value value; struct { uint32_t index, version2; }; };
} Site;

typedef struct HandlerRange { uint32_t start, end, target; uint16_t depth; } HandlerRange;   // depth: temporaries in use
typedef struct Place { uint32_t start; int32_t line, end_line; uint16_t col, end_col; } Place;   // line 0: artificial
enum { NO_COLUMN = 0xFFFF };

enum CodeFlags {    // the values of co_flags
    CODE_OPTIMIZED = 1, CODE_NEWLOCALS = 2, CODE_VARARGS = 4, CODE_VARKEYWORDS = 8, CODE_NESTED = 16, CODE_GENERATOR = 32,
    CODE_COROUTINE = 128, CODE_ITERABLE_COROUTINE = 256, CODE_ASYNC_GENERATOR = 512, CODE_FUTURE_ANNOTATIONS = 0x1000000,
    CODE_ANY_GENERATOR = CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR,
};

typedef struct Code {
    Object head;
    uint32_t *words;
    Value *constants;
    Site *sites;
    uint32_t word_count, constant_count, site_count;
    uint32_t flags;
    uint32_t argcount, posonly_count, kwonly_count;   // argcount counts the positional-only ones, as co_argcount
    uint32_t param_count;     // argcount + kwonly_count + *args + **kwargs
    uint32_t locals;          // varnames, then the cells that are no parameters
    uint32_t near_locals;     // of them, those in registers below NEAR_LOCALS
    uint32_t registers;       // that a frame needs
    uint8_t whose;            // enum CodeWhose, once code_is_program has looked
    bool announced;           // its file's name is in the record of the controlled run
    bool simple;              // a call with argcount arguments needs no more than having them in place
    HandlerRange *handlers;
    Place *places;
    uint32_t handler_count, place_count;
    int32_t first_line;
    Str *name, *qualname, *filename;
    Tuple *names, *varnames, *cellvars, *freevars;
    uint32_t *cell_locals;    // the local of each cellvar
    int64_t hash;             // -1: not known
    Value extra;              // for tools: UNBOUND
} Code;

extern Type code_type;
static inline bool is_code(Value v) { return is_object(v) && as_object(v)->type == &code_type; }
static inline Code *as_code(Value v) { ASSERT(is_code(v)); return (Code *)as_object(v); }
static ALWAYS_INLINE uint32_t code_register(const Code *code, uint32_t local)
{
    return local < NEAR_LOCALS ? local : local - NEAR_LOCALS + NEAR_REGISTERS + 1;
}

// For the visit slots of interp's types: only references to objects are shown to the collector.
#define VISIT(value) do { Value visited_ = (value); if (is_object(visited_)) visit(visited_, context); } while (0)

extern const TypeSpec code_spec;
enum CodeWhose { CODE_UNKNOWN, CODE_PROGRAM, CODE_LIBRARY };
NEEDS_GIL bool code_is_program(Thread *t, Code *code);                  // not of a module of ours or of the host's library
const Place *code_place(const Code *code, uint32_t word);               // NULL: none
int code_line(const Code *code, uint32_t word);                         // 0: none
const HandlerRange *code_handler(const Code *code, uint32_t word);      // NULL: none covers it

// The saved form: bytes that any process of the same CODE_VERSION reads back. ERROR: raised.
enum { CODE_VERSION = 7 };
NEEDS_GIL NEW_REF Value code_save(Thread *t, Value code);               // bytes
NEEDS_GIL NEW_REF Value code_load(Thread *t, const char *data, size_t length);   // ValueError if malformed
void code_trim(Code *code);                                             // gives back what the tables do not need
NEEDS_GIL NEW_REF Value disassemble(Thread *t, Value code);             // a listing, str

#endif
