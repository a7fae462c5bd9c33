# What becomes the __context__ of an exception thrown into a generator: what the generator is handling, not what its caller is.
import contextlib


def gives(e):
    try:
        yield
    finally:
        raise e


def handles():
    try:
        raise KeyError("inside")
    except KeyError:
        yield


def chain(e):
    names = []
    while e is not None:
        names.append(e.args[0])
        e = e.__context__
    return names


for make in handles, lambda: gives(Exception("given")):
    generator = make()
    next(generator)
    try:
        raise Exception("outer")
    except Exception as outer:
        thrown = Exception("thrown")
        thrown.__context__ = Exception("earlier")
        try:
            generator.throw(thrown)
        except Exception as e:
            print(chain(e))

manager = contextlib.contextmanager(gives)
try:
    with contextlib.ExitStack() as stack:
        for n in 4, 3, 2:
            stack.enter_context(manager(Exception(n)))
        raise Exception(1)
except Exception as e:
    print(chain(e))
