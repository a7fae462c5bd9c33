# symtable: which variable each name of a source text means.
import _symtable
import symtable

SOURCE = """
import sys
glob = 42
class Mine:
    attribute = 1
    def method(self, *args, key=None, **rest):
        global glob
        inner = [x for x in args]
        def deep():
            nonlocal inner
            return inner, __class__
        return lambda: inner
def generator(a: int) -> str:
    b: int = a
    yield b
print(sys, [g for g in ()])
"""

def show(table, indent=0):
    print(" " * indent + f"{table.get_type()} {table.get_name()} line {table.get_lineno()} nested {table.is_nested()} optimized {table.is_optimized()}")
    for s in sorted(table.get_symbols(), key=lambda s: s.get_name()):
        facts = [w for w in ("referenced", "parameter", "global", "declared_global", "local", "free", "imported", "assigned", "annotated", "nonlocal", "namespace")
                 if getattr(s, "is_" + w)()]
        print(" " * indent + "  " + s.get_name() + ":", *facts)
    if isinstance(table, symtable.Function):
        print(" " * indent + "  =", table.get_parameters(), sorted(table.get_locals()), sorted(table.get_globals()), sorted(table.get_frees()))
    for child in table.get_children():
        show(child, indent + 4)
top = symtable.symtable(SOURCE, "file", "exec")
show(top)
print(top.lookup("Mine").get_namespace().get_methods(), top.has_children(), sorted(top.get_identifiers()))
for wrong in (("def f(x):\n  global x", "file", "exec"), ("1 +", "file", "eval"), ("1", "file", "no"), (3, "file", "exec")):
    try:
        symtable.symtable(*wrong)
    except (SyntaxError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
print(type(_symtable.symtable("1", "f", "eval")).__name__, _symtable.symtable("1", "f", "eval").id > 0)
