# What types, inspect and match say of classes, as CPython 3.11 does.
import collections.abc
import inspect
import types


class Documented:
    __slots__ = {"power": "measured in kilowatts"}
class Plain:
    pass
print(inspect.getdoc(Documented.power), inspect.signature(Plain), inspect.signature(object))
print(types.MemberDescriptorType, types.GetSetDescriptorType, inspect.ismemberdescriptor(slice.start), inspect.isgetsetdescriptor(slice.start))


# The first base that is a sequence or a mapping decides which a class is.
class DictFirst(dict, collections.abc.Sequence): pass
class MappingFirst(collections.UserDict, collections.abc.Sequence): pass
class ListFirst(list, collections.abc.Mapping): pass
class SequenceFirst(collections.UserList, collections.abc.Mapping):
    def __iter__(self): return iter(())
def kind(subject):
    match subject:
        case [*_]: return "sequence"
        case {}: return "mapping"
for cls in (DictFirst, MappingFirst, ListFirst, SequenceFirst):
    print(cls.__name__, kind(cls()))


# yield from takes the value with which any iterator ends.
class Ends:
    def __iter__(self): return self
    def __next__(self): raise StopIteration(42)
def delegates():
    print("ended with", (yield from Ends()))
list(delegates())

# An assignment expression is not for the iterable of a comprehension, however deep in it.
for text in ("[i for i in (lambda: (j := range(5)))()]", "[i for i in [j for j in range(5) if (j := True)]]",
             "[i for i in range(5) for j in (lambda: (k := 3))()]"):
    try:
        compile(text, "file", "eval")
    except SyntaxError as e:
        print(e.msg)
print([(lambda: (k := i))() for i in range(3)])

# A function made by hand has the builtins of whoever makes it.
space = {"type": type, "__builtins__": {"None": None}}
exec("def one(s): pass\ntwo = type(one)(one.__code__, {})", space)
print(space["two"].__builtins__ is space["__builtins__"])

space = {}
exec("from __future__ import annotations\ndef f(a: u'x', b: -1j, c: 'y', d: 1.5j): pass", space)
print(space["f"].__annotations__)


class NoLength:
    def __iter__(self): return iter(range(10))
    def __len__(self): raise RuntimeError("no length")
for extend in (bytearray().extend, [].extend):
    try:
        extend(NoLength())
    except RuntimeError as e:
        print(e)
