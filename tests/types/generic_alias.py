# list[int], int | str: aliases and unions
def show(*calls):
    for call in calls:
        try:
            print(repr(call()))
        except BaseException as error:
            print(type(error).__name__ + ":", error)


import types
show(lambda: list[int], lambda: dict[str, list[int]], lambda: tuple[int, ...], lambda: tuple[()], lambda: list["X"], lambda: list[None], lambda: list[int].__origin__, lambda: list[int].__args__, lambda: list[int].__parameters__, lambda: list[int](), lambda: list[int]("ab"),
     lambda: dict[str, int](a=1), lambda: list[int] == list[int], lambda: list[int] == list[str], lambda: hash(list[int]) == hash(list[int]), lambda: list[int].append, lambda: list[int].__name__, lambda: type(list[int]), lambda: list[int][str], lambda: isinstance([], list[int]),
     lambda: issubclass(list, list[int]), lambda: types.GenericAlias(list, int), lambda: types.GenericAlias(list, (int, str)), lambda: types.GenericAlias(), lambda: list[int].foo, lambda: list[int].__class__, lambda: list[int].__mro_entries__(()), lambda: [*tuple[int]], lambda: set[int], lambda: type[int], lambda: frozenset[int],
     lambda: int[str], lambda: list[int, str, float], lambda: enumerate[int])
show(lambda: int | str, lambda: int | None, lambda: None | int, lambda: int | int, lambda: int | str | int, lambda: (int | str) | (str | float), lambda: list[int] | None, lambda: (int | str).__args__, lambda: int | str == str | int, lambda: hash(int | str) == hash(str | int), lambda: isinstance(1, int | str), lambda: isinstance(1.5, int | str),
     lambda: isinstance(None, int | None), lambda: issubclass(bool, int | str), lambda: issubclass(float, int | str), lambda: int | 3, lambda: 3 | int, lambda: type(int | str), lambda: (int | str)[int], lambda: isinstance([], list[int] | int), lambda: isinstance(1, int | list[int]), lambda: list[int] | list[int], lambda: int | list[str] | dict[str, int])
class A(list[int]):
    pass
print(A.__bases__, A.__orig_bases__, A([1]), A.__mro__)
class B:
    def __class_getitem__(cls, item): return cls, item
print(B[int], B[1, 2])
