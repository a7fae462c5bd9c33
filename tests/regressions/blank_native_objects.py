# Objects of native types whose __init__ never ran (made by __new__, or a subclass that forgets it) refuse to work, and no more.
# CPython falls over at some of these.
import asyncio
import io


class Static(staticmethod):
    def __init__(self): pass


class Class(classmethod):
    def __init__(self): pass


class Newlines(io.IncrementalNewlineDecoder):
    def __init__(self): pass


class Task(asyncio.Task):
    def __init__(self): pass


def tell(f, *args):
    try:
        f(*args)
    except Exception as e:
        print(type(e).__name__)
    else:
        print("fine")


tell(Static())    # expect: RuntimeError
tell(lambda: Static().__isabstractmethod__)    # expect: fine
tell(lambda: Class().__isabstractmethod__)    # expect: fine
tell(lambda: Static().__annotations__)    # expect: AttributeError
tell(lambda: Class().__get__(1, int))    # expect: RuntimeError
tell(Newlines().decode, "x")    # expect: ValueError
tell(Newlines().setstate, (b"", 0))    # expect: ValueError
tell(Task()._wakeup if hasattr(Task, "_wakeup") else lambda: 1 / 0, None)    # expect: RuntimeError
tell(io.StringIO.__new__(io.StringIO).getvalue)    # expect: fine
tell(property.__new__(property).__get__, 1, int)    # expect: AttributeError
print(type(property.__new__(property)).__name__, type(io.TextIOWrapper.__new__(io.TextIOWrapper)).__name__)    # expect: property TextIOWrapper
