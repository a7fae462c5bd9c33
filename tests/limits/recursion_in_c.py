# Deep structures: what C code walks by recursion raises RecursionError, never ends the process; the same in another thread.
import copy
import json
import pickle
import re
import sys
import threading


def attempt(what, function):
    try:
        function()
    except RecursionError:
        print(what, "RecursionError")
    except (MemoryError, ValueError, SyntaxError) as error:
        print(what, type(error).__name__, error)
    else:
        print(what, "ended")


def nested(depth, wrap=lambda x: [x], start=()):
    value = start
    for _ in range(depth):
        value = wrap(value)
    return value


DEEP = 70000


def every():
    lists, others = nested(DEEP), nested(DEEP)
    dicts = nested(DEEP, lambda x: {"k": x})
    tuples = nested(DEEP, lambda x: (x,))
    attempt("repr list", lambda: repr(lists))
    attempt("repr tuple", lambda: repr(tuples))
    attempt("==", lambda: lists == others)
    attempt("<", lambda: lists < others)
    attempt("dict ==", lambda: dicts == nested(DEEP, lambda x: {"k": x}))
    attempt("in", lambda: others in [lists])
    attempt("pickle", lambda: pickle.dumps(lists))
    attempt("copy", lambda: copy.deepcopy(lists))
    attempt("json", lambda: json.dumps(lists))
    attempt("json back", lambda: json.loads("[" * DEEP + "]" * DEEP))
    attempt("json objects back", lambda: json.loads('{"a":' * DEEP + "1" + "}" * DEEP))
    attempt("bytes join", lambda: b"".join([b"x"] * DEEP))
    attempt("sort", lambda: sorted([lists, others]))
    attempt("except*", lambda: repr(nested(DEEP, lambda x: ExceptionGroup("g", [x]), ValueError())))


every()
thread = threading.Thread(target=every)
thread.start()
thread.join()
