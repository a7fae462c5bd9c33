# Names of nothing but underscores, and those that end in two, are not private to a class.
__, ___, ____, __a__ = "two", "three", "four", "dunder"


class C:
    seen = __, ___, ____, __a__
    __b_ = "mangled"


print(C.seen, C._C__b_)
# expect: ('two', 'three', 'four', 'dunder') mangled
