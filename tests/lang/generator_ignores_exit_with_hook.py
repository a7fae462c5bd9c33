# A generator that yields when it is closed at its death is told of through sys.unraisablehook.
import sys


def hook(told):
    print(told.exc_type.__name__, told.exc_value, told.err_msg, type(told.object).__name__)


def stubborn():
    try:
        yield 1
    finally:
        yield 2


sys.unraisablehook = hook
generator = stubborn()
next(generator)
del generator
print("done")
