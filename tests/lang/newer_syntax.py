# Syntax of 3.12 that costs nothing: type aliases, type parameters, any quotes in f-strings. `type` stays a name.
type Number = int | float
print(Number, Number.__value__)                   # expect: Number int | float


def first[T](items: list[T]) -> T:
    return items[0]
print(first([3, 4]), first.__type_params__, first.__annotations__)     # expect: 3 (~T,) {'items': list[~T], 'return': ~T}


class Box[T, *Ts, **P]:
    def __init__(self, value: T):
        self.value = value

    def get[U: int](self, other: U) -> T:
        return self.value
print(Box(4).get(1), Box.__type_params__, Box.__name__, Box.get.__type_params__[0].__bound__)     # expect: 4 (~T, Ts, ~P) Box <class 'int'>
print(Box.__orig_bases__)                         # expect: (typing.Generic[~T, *Ts, ~P],)


class Base:
    pass
class Derived[K](Base):
    pass
print([c.__name__ for c in Derived.__mro__], Derived[int])     # expect: ['Derived', 'Base', 'Generic', 'object'] __main__.Derived[int]


async def later[T](value: T) -> T:
    return value
try:
    later(1).send(None)
except StopIteration as e:
    print(e.value)                                # expect: 1

type = 5
print(type + 1)                                   # expect: 6
match 3:
    case type:
        print("soft", type)                       # expect: soft 3

names = ["x", "y"]
print(f"{", ".join(names)} {'a' + f"{'b'}"} {"\n".join(names)!r}")     # expect: x, y ab 'x\ny'
print(f"{
    len(names)  # how many
}")                                               # expect: 2
