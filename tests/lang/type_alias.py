# type X = …: an alias whose value is worked out when it is asked for (3.12).
type Number = int | float
print(Number, type(Number).__name__, Number.__name__, Number.__value__, Number.__type_params__, Number.__module__)
type Pair[T] = tuple[T, T]
print(Pair, Pair.__value__, Pair.__type_params__, Pair[int], Pair[int].__args__, Pair.__parameters__, Pair[int].__value__)
type Tree = dict[str, Tree] | None
print(Tree.__value__, Tree.__value__.__args__[0].__args__[1] is Tree)
type Later = undefined_yet
try: Later.__value__
except NameError as e: print(e)
undefined_yet = str
print(Later.__value__, Later.__value__ is Later.__value__)
print(Number | None, None | Number, int | Number, (Number | str).__args__[0] is Number)
for bad in (lambda: isinstance(1, Number), lambda: Number[int], lambda: Number(), lambda: setattr(Number, "x", 1), lambda: setattr(Number, "__name__", 1), lambda: issubclass(int, Number)):
    try: bad()
    except Exception as e: print(type(e).__name__, e)
def f(x: Number) -> Pair[int]: ...
print(f.__annotations__, {Number: 1}[Number], Number == Number)
import copy
print(copy.copy(Number) is Number, copy.deepcopy(Number) is Number)
def local[T]():
    type Inner[U] = list[T] | list[U]
    return Inner
I = local(); print(I.__value__, I.__type_params__, I.__module__)
class C:
    type Own = list[C]
    type Gen[T: int] = dict[T, C]
print(C.Own.__value__, C.Gen.__value__, C.Gen.__type_params__[0].__bound__, C.Gen[int])
A = type(Number)("A", list[int], type_params=()); print(A, A.__value__, A.__type_params__)
try: type(Number)(5, int)
except TypeError as e: print(e)
try: type X = 1/0; X.__value__
except ZeroDivisionError as e: print(e)
import gc
def cycle():
    type Loop = list[Loop]
    Loop.__value__
for _ in range(100): cycle()
print(gc.collect() > 0)
from typing import get_type_hints, Optional, Union
print(get_type_hints(f), Union[Number, None])

# expect: Number TypeAliasType Number int | float () __main__
# expect: Pair tuple[~T, ~T] (~T,) Pair[int] (<class 'int'>,) (~T,) tuple[~T, ~T]
# expect: dict[str, Tree] | None True
# expect: name 'undefined_yet' is not defined
# expect: <class 'str'> True
# expect: Number | None None | Number int | Number True
# expect: TypeError isinstance() arg 2 must be a type, a tuple of types, or a union
# expect: TypeError Only generic type aliases are subscriptable
# expect: TypeError 'typing.TypeAliasType' object is not callable
# expect: AttributeError 'typing.TypeAliasType' object has no attribute 'x'
# expect: AttributeError attribute '__name__' of 'typing.TypeAliasType' objects is not writable
# expect: TypeError issubclass() arg 2 must be a class, a tuple of classes, or a union
# expect: {'x': Number, 'return': Pair[int]} 1 True
# expect: True True
# expect: list[~T] | list[~U] (~U,) __main__
# expect: list[__main__.C] dict[~T, __main__.C] <class 'int'> Gen[int]
# expect: A list[int] ()
# expect: typealias() argument 'name' must be str, not int
# expect: division by zero
# expect: True
# expect: {'x': Number, 'return': Pair[int]} typing.Optional[Number]
