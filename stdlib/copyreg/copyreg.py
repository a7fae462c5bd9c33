# SPDX-License-Identifier: MIT
"""How types that cannot say it themselves are pickled and copied."""

__all__ = ["pickle", "constructor", "add_extension", "remove_extension", "clear_extension_cache"]

dispatch_table = {}
_extension_registry = {}     # (module, name) -> code
_inverted_registry = {}      # code -> (module, name)
_extension_cache = {}        # code -> object
_OWN_NEW = 1 << 9            # a class made by Python


def _demand_callable(object, what):
    if not callable(object):
        raise TypeError(f"{what} must be callable")


def pickle(ob_type, pickle_function, constructor_ob=None):
    """Have objects of ob_type reduced by pickle_function."""
    _demand_callable(pickle_function, "reduction functions")
    dispatch_table[ob_type] = pickle_function
    if constructor_ob is not None:
        constructor(constructor_ob)


def constructor(object):
    """Say that object makes objects from pickles."""
    _demand_callable(object, "constructors")


def pickle_complex(c):
    return complex, (c.real, c.imag)


pickle(complex, pickle_complex, complex)


def pickle_union(union):
    import functools
    import operator
    return functools.reduce, (operator.or_, union.__args__)


pickle(type(int | str), pickle_union)


def _reconstructor(cls, base, state):
    if base is object:
        return object.__new__(cls)
    made = base.__new__(cls, state)
    if base.__init__ != object.__init__:
        base.__init__(made, state)
    return made


def _reduce_ex(self, proto):
    """What protocols 0 and 1 write of an object without a __reduce__ of its own."""
    cls = self.__class__
    base = object
    for each in cls.__mro__:
        if not each.__flags__ & _OWN_NEW if hasattr(each, "__flags__") else each.__module__ == "builtins":
            base = each
            break
    if base is object:
        state = None
    elif base is cls:
        raise TypeError(f"cannot pickle {cls.__name__!r} object")
    else:
        state = base(self)
    arguments = cls, base, state
    if hasattr(self, "__getstate__") and type(self).__getstate__ is not object.__getstate__:
        attributes = self.__getstate__()
    else:
        if getattr(self, "__slots__", None):
            raise TypeError(f"a class that defines __slots__ without defining __getstate__ cannot be pickled with protocol {proto}")
        attributes = getattr(self, "__dict__", None)
    return (_reconstructor, arguments, attributes) if attributes else (_reconstructor, arguments)


def __newobj__(cls, *args):
    return cls.__new__(cls, *args)


def __newobj_ex__(cls, args, kwargs):
    return cls.__new__(cls, *args, **kwargs)


def _slotnames(cls):
    """The names of the slots that cls and its bases have."""
    known = cls.__dict__.get("__slotnames__")
    if known is not None:
        return known
    names = []
    for each in cls.__mro__:
        slots = each.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name in ("__dict__", "__weakref__"):
                continue
            stripped = each.__name__.lstrip("_")
            if name.startswith("__") and not name.endswith("__") and stripped:
                name = f"_{stripped}{name}"
            names.append(name)
    try:
        cls.__slotnames__ = names
    except Exception:
        return names
    return names


def add_extension(module, name, code):
    """Have (module, name) written as the number code."""
    code = int(code)
    if not 1 <= code <= 0x7fffffff:
        raise ValueError("code out of range")
    key = module, name
    if _extension_registry.get(key) == code and _inverted_registry.get(code) == key:
        return
    if key in _extension_registry:
        raise ValueError(f"key {key} is already registered with code {_extension_registry[key]}")
    if code in _inverted_registry:
        raise ValueError(f"code {code} is already in use for key {_inverted_registry[code]}")
    _extension_registry[key] = code
    _inverted_registry[code] = key


def remove_extension(module, name, code):
    """Take back what add_extension() did."""
    key = module, name
    if _extension_registry.get(key) != code or _inverted_registry.get(code) != key:
        raise ValueError(f"key {key} is not registered with code {code}")
    del _extension_registry[key]
    del _inverted_registry[code]
    _extension_cache.pop(code, None)


def clear_extension_cache():
    _extension_cache.clear()
