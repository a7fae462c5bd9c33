# A plain exception in a codec becomes one that names the codec; one that holds more than a message stays. The hooks of sys are themselves.
import codecs
import sys


class Own(RuntimeError):
    pass


class WithInit(RuntimeError):
    def __init__(self, message):
        super().__init__(message)


class WithSlots(RuntimeError):
    __slots__ = ("more",)


marked = RuntimeError("has an attribute")
marked.more = 1
kinds = [RuntimeError, RuntimeError("told"), Own("own"), WithInit("init"), WithSlots("slots"), marked, KeyError("key"), OSError(2, "no"), UnicodeError("plain"), RuntimeError(1), RuntimeError("a", "b"),
         LookupError("gone"), StopIteration("stop")]


def raises(what):
    def code(*args):
        raise what
    return code


codecs.register(lambda name: codecs.CodecInfo(raises(kinds[int(name[6:])]), raises(kinds[int(name[6:])]), name=name) if name.startswith("raises") else None)
for n in range(len(kinds)):
    for f in (lambda: "x".encode(f"raises{n}"), lambda: codecs.encode("x", f"raises{n}"), lambda: b"x".decode(f"raises{n}"), lambda: codecs.decode(b"x", f"raises{n}")):
        try:
            f()
        except Exception as error:
            print(type(error).__name__, error, "|", repr(error.__cause__))
for f in (lambda: codecs.encode("x", "hex"), lambda: codecs.decode(b"zz", "hex_codec"), lambda: "x".encode("rot13"), lambda: b"x".decode("absent")):
    try:
        f()
    except Exception as error:
        print(type(error).__name__, error, "|", repr(error.__cause__))
for name in ("excepthook", "displayhook", "unraisablehook", "breakpointhook"):
    print(name, getattr(sys, name) is getattr(sys, f"__{name}__"))
