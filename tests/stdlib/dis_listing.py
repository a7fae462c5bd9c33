# dis: what a listing shows of a function: lines, locals by name, jumps and their targets, handlers, the functions within.
import dis, io, sys, types
counter = 0

def bump(n):
    global counter
    for i in range(n):
        try:
            counter += 1
        except ValueError:
            pass
    return lambda: n

names = [i.opname for i in dis.get_instructions(bump)]
at = names.index("STORE_GLOBAL")
print(names[at - 2:at + 1])                                           # expect: ['LOAD_GLOBAL', 'INPLACE_ADD_IMM', 'STORE_GLOBAL']
listed = list(dis.get_instructions(bump))
store = listed[at]
print(store.argval, store.opcode == dis.opmap["STORE_GLOBAL"], store.positions.lineno - bump.__code__.co_firstlineno)     # expect: counter True 4
targets = {i.offset for i in listed if i.is_jump_target}
jumps = [i for i in listed if i.opcode in dis.hasjrel]
print(all(j.argval in targets for j in jumps), len(jumps) > 2, sorted(targets) == dis.findlabels(bump.__code__))   # expect: True True True
print([line - bump.__code__.co_firstlineno for start, line in dis.findlinestarts(bump.__code__)][:4])      # expect: [0, 2, 3, 4]
print(set(names) <= set(dis.opdoc), dis.opdoc["ADD"])                 # expect: True a = b + c.

text = io.StringIO()
dis.dis(bump, file=text)
text = text.getvalue()
print("Disassembly of <code object <lambda>" in text, "ExceptionTable:" in text)            # expect: True True
text = io.StringIO()
dis.dis(bump, file=text, depth=0)
print("Disassembly" in text.getvalue())                               # expect: False

info = dis.code_info(bump).splitlines()
print(info[0], "|", info[2], "|", info[7])           # expect: Name:              bump | Argument count:    1 | Flags:             OPTIMIZED, NEWLOCALS
print(info[3])                                       # expect: Positional-only arguments: 0

print([i.opname for i in dis.Bytecode("x = 1")])                      # expect: ['LOAD_INT', 'STORE_NAME', 'RETURN_CONST']
print(dis.Bytecode(bump, first_line=100).dis().split()[0])            # expect: 100
print(dis.Bytecode("1"))                                              # expect: Bytecode('1')

def fails():
    return 1 / counter
try:
    fails()
except ZeroDivisionError as error:
    text = io.StringIO()
    dis.distb(error.__traceback__, file=text)
    marked = [line for line in dis.Bytecode.from_traceback(error.__traceback__).dis().splitlines() if "-->" in line]
    print(len(marked), marked[0].split()[-4])                         # expect: 1 TRUEDIV

class Account:
    def deposit(self): return 1
    @classmethod
    def open(cls): return cls
    @staticmethod
    def fee(): return 2
    number = 3
text = io.StringIO()
dis.dis(Account, file=text)
print([line for line in text.getvalue().splitlines() if line.startswith("Disassembly")])    # expect: ['Disassembly of deposit:', 'Disassembly of fee:', 'Disassembly of open:']
def generator():
    yield 1
async def coroutine():
    pass
g, c = generator(), coroutine()
print([i.opname for i in dis.get_instructions(g)][0], len(list(dis.get_instructions(c))) > 1)        # expect: RETURN_GENERATOR True
c.close()
for wrong in (3, None, b"\0\0"):
    try:
        dis.dis(wrong) if wrong is not None else dis.distb()
    except (TypeError, RuntimeError) as error:
        print(type(error).__name__, error)
# expect: TypeError don't know how to disassemble int objects
# expect: RuntimeError no last traceback to disassemble
# expect: TypeError bytes of code cannot be listed: the names and constants that they refer to are with their code object
import _dis
try:
    _dis.instructions(3)
except TypeError as error:
    print(error)                                                      # expect: a code object is required, not int
