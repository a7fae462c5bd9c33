# SPDX-License-Identifier: MIT
"""Listings of what the interpreter runs.

Baton's instructions work on the registers of a frame: its local variables, by their names, and temporaries, %0, %1, ...
What each does is in `opdoc` and, with the interface, in the listing of `help(dis)`: interp/opcodes.def is where both come from.
"""
import _dis
import collections
import io
import sys
import types

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels", "show_code", "get_instructions", "Instruction", "Bytecode",
           "cmp_op", "hasarg", "hasconst", "hasname", "hasjrel", "hasjabs", "haslocal", "hascompare", "hasfree", "opname", "opmap", "opdoc"]

_NONE, _CONST_KINDS, _FREE, _SITE, _JUMP = 0, (8, 9, 13), 11, 12, 14       # enum OperandKind of interp/code.h
_table = _dis.opcodes()
opname = [row[0] for row in _table]
opmap = {name: number for number, name in enumerate(opname)}
opdoc = {row[0]: row[1] for row in _table}


def _with(*kinds):
    return [number for number, row in enumerate(_table) if any(kind in kinds for kind in row[2:])]


hasarg = [number for number, row in enumerate(_table) if any(row[2:])]
hasconst, hasfree, hasname, hasjrel, hasjabs = _with(*_CONST_KINDS), _with(_FREE), _with(_SITE), _with(_JUMP), []
haslocal = hascompare = ()
cmp_op = ("<", "<=", "==", "!=", ">", ">=")

COMPILER_FLAG_NAMES = {1: "OPTIMIZED", 2: "NEWLOCALS", 4: "VARARGS", 8: "VARKEYWORDS", 16: "NESTED", 32: "GENERATOR", 64: "NOFREE",
                       128: "COROUTINE", 256: "ITERABLE_COROUTINE", 512: "ASYNC_GENERATOR"}


def pretty_flags(flags):
    """The names of the bits of co_flags, joined by commas."""
    names = [COMPILER_FLAG_NAMES.get(1 << bit, hex(1 << bit)) for bit in range(flags.bit_length()) if flags >> bit & 1]
    return ", ".join(names) or "0x0"


Positions = collections.namedtuple("Positions", "lineno end_lineno col_offset end_col_offset", defaults=[None] * 4)
_Instruction = collections.namedtuple("_Instruction", "opname opcode arg argval argrepr offset starts_line is_jump_target positions", defaults=[None])


class Instruction(_Instruction):
    """An instruction: opname, opcode, arg (its operands as a number), argval (the constant, name or target it is about), argrepr (the
    operands as a listing shows them), offset (2 for a word), starts_line, is_jump_target, positions."""

    def _line(self, line_width, current, offset_width=4):
        start = "" if self.starts_line is None else str(self.starts_line)
        fields = [start.rjust(line_width)] if line_width else []
        fields += ["-->" if current else "   ", ">>" if self.is_jump_target else "  ", str(self.offset).rjust(offset_width), self.opname.ljust(20), self.argrepr]
        return " ".join(fields).rstrip()


def _code_of(x):
    """The code object of whatever may be listed: a function, method, generator, coroutine, class's code, or source text."""
    for attribute in ("__func__",):
        x = getattr(x, attribute, x)
    for attribute in ("__code__", "gi_code", "ag_code", "cr_code"):
        code = getattr(x, attribute, None)
        if code is not None:
            return code
    if isinstance(x, str):
        return _compiled(x, "<disassembly>")
    if isinstance(x, types.CodeType):
        return x
    raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def _compiled(source, name):
    try:
        return compile(source, name, "eval")
    except SyntaxError:
        return compile(source, name, "exec")


def findlinestarts(code):
    """(offset, line) wherever another line begins."""
    last = None
    for start, end, line in code.co_lines():
        if line is not None and line != last:
            last = line
            yield start, line


def _labels(code):
    rows = _dis.instructions(code)
    return sorted({row[2] for row in rows if row[5]} | {target for _, _, target, _ in _dis.handlers(code)})


def findlabels(code):
    """The offsets that instructions of a code object jump to, and those of its handlers."""
    return _labels(code)


def get_instructions(x, *, first_line=None, show_caches=False, adaptive=False):
    """The instructions of a function, method, generator, code object or source text. Caches stand beside the code and are not shown."""
    code = _code_of(x)
    return _instructions(code, first_line - code.co_firstlineno if first_line is not None else 0)


def _instructions(code, line_offset=0):
    starts, labels, places = dict(findlinestarts(code)), set(_labels(code)), list(code.co_positions())
    for opcode, arg, argval, operands, offset, jumps in _dis.instructions(code):
        line = starts.get(offset)
        operands = operands.replace(f"-> {argval // 2}", f"to {argval}") if jumps else operands
        yield Instruction(opname[opcode], opcode, arg, argval, operands, offset, None if line is None else line + line_offset,
                          offset in labels, Positions(*places[offset // 2]))


def _show(code, lasti, file, line_offset=0):
    listing = list(_instructions(code, line_offset))
    width = max([3] + [len(str(i.starts_line)) for i in listing if i.starts_line is not None])
    offset_width = max(4, len(str(listing[-1].offset)) if listing else 0)
    for instruction in listing:
        if instruction.starts_line is not None and instruction.offset > 0:
            print(file=file)
        print(instruction._line(width, instruction.offset == lasti, offset_width), file=file)
    ranges = _dis.handlers(code)
    if ranges:
        print("ExceptionTable:", file=file)
        for start, end, target, depth in ranges:
            print(f"  {start} to {end - 2} -> {target} [{depth}]", file=file)


def disassemble(code, lasti=-1, *, file=None, show_caches=False, adaptive=False):
    """Lists a code object; the instruction at `lasti` is marked."""
    _show(code, lasti, file)


disco = disassemble


def _show_all(code, file, depth):
    _show(code, -1, file)
    if depth is not None and depth <= 0:
        return
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            print(f"\nDisassembly of {constant!r}:", file=file)
            _show_all(constant, file, None if depth is None else depth - 1)


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False):
    """Lists a function, method, class, module, generator, code object or source text, and the functions within; with nothing, the last traceback."""
    if x is None:
        return distb(file=file)
    if isinstance(x, (bytes, bytearray)):
        raise TypeError("bytes of code cannot be listed: the names and constants that they refer to are with their code object")
    x = getattr(x, "__func__", x)
    has_code = any(hasattr(x, attribute) for attribute in ("__code__", "gi_code", "ag_code", "cr_code"))
    if has_code or not hasattr(x, "__dict__"):
        return _show_all(_code_of(x), file, depth)
    for name, item in sorted(x.__dict__.items()):
        if isinstance(item, (types.FunctionType, types.MethodType, types.CodeType, classmethod, staticmethod, type)):
            print(f"Disassembly of {name}:", file=file)
            try:
                dis(item, file=file, depth=depth)
            except TypeError as error:
                print("Sorry:", error, file=file)
            print(file=file)


def distb(tb=None, *, file=None, show_caches=False, adaptive=False):
    """Lists the code where a traceback ends, the instruction that raised marked; with nothing, that of the last one printed."""
    if tb is None:
        try:
            last = getattr(sys, "last_exc", None)
            tb = last.__traceback__ if last is not None else sys.last_traceback
        except AttributeError:
            raise RuntimeError("no last traceback to disassemble") from None
        while tb.tb_next:
            tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file)


def code_info(x):
    """What else a code object holds, as text."""
    code = _code_of(x)
    lines = [f"{what + ':':<18} {value}" for what, value in (
        ("Name", code.co_name), ("Filename", code.co_filename), ("Argument count", code.co_argcount),
        ("Positional-only arguments", code.co_posonlyargcount), ("Kw-only arguments", code.co_kwonlyargcount),
        ("Number of locals", code.co_nlocals), ("Stack size", code.co_stacksize), ("Flags", pretty_flags(code.co_flags)))]
    for what, values, show in (("Constants", code.co_consts, repr), ("Names", code.co_names, str), ("Variable names", code.co_varnames, str),
                               ("Free variables", code.co_freevars, str), ("Cell variables", code.co_cellvars, str)):
        if values:
            lines.append(f"{what}:")
            lines += [f"{number:4}: {show(value)}" for number, value in enumerate(values)]
    return "\n".join(lines)


def show_code(code, *, file=None):
    """Prints code_info()."""
    print(code_info(code), file=file)


class Bytecode:
    """The instructions of anything that dis() takes but classes and modules, to iterate over; dis() gives the listing as a str."""

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False):
        self.codeobj = _code_of(x)
        self.first_line = self.codeobj.co_firstlineno if first_line is None else first_line
        self._offset = self.first_line - self.codeobj.co_firstlineno
        self._original = x
        self.current_offset = current_offset

    def __iter__(self):
        return _instructions(self.codeobj, self._offset)

    def __repr__(self):
        return f"{type(self).__name__}({self._original!r})"

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """Of the frame where a traceback ends."""
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti)

    def info(self):
        """What code_info() gives."""
        return code_info(self.codeobj)

    def dis(self):
        """The listing."""
        text = io.StringIO()
        _show(self.codeobj, -1 if self.current_offset is None else self.current_offset, text, self._offset)
        return text.getvalue()


def _main():
    import argparse
    parser = argparse.ArgumentParser(prog="dis.py")
    parser.add_argument("infile", type=argparse.FileType("rb"), nargs="?", default="-")
    infile = parser.parse_args().infile
    with infile:
        source = infile.read()
    dis(compile(source, infile.name, "exec"))


if __name__ == "__main__":
    _main()
