# Source that nests deeply is compiled or refused, in any thread; garbage is a SyntaxError.
import ast
import random
import threading


def attempt(what, source, function=lambda s: compile(s, "<deep>", "exec")):
    try:
        function(source)
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        return f"{what}: refused"
    return f"{what}: compiled"


MANY = 100000
SOURCES = {
    "brackets": "(" * MANY + ")" * MANY, "open brackets": "(" * MANY, "lists": "[" * MANY + "]" * MANY, "dicts": "{1:" * MANY + "1" + "}" * MANY, "calls": "f(" * MANY + ")" * MANY,
    "blocks": "\n".join(" " * i + "if 1:" for i in range(200)) + "\n" + " " * 200 + "pass", "lambdas": "lambda: " * MANY + "1",
    "f-strings": "f'{" * 200 + "1" + "}'" * 200, "decorators": "@f\n" * 1000 + "def g(): pass", "subscripts open": "a[" * MANY, "nots": "not " * MANY + "1", "minus": "-" * MANY + "1",
    "powers": "1**" * MANY + "1", "ifs": "1 if 1 else " * MANY + "1", "functions": "".join(" " * i + "def f():\n" for i in range(99)) + " " * 99 + "pass",
    "null": "a = 1\0", "braces": "}" * 10, "cut string": "'abc", "cut triple": "'''abc", "cut def": "def f(", "cut class": "class A", "only a backslash": "\\", "surrogate": "'\ud800'",
}
print("\n".join(attempt(name, source) for name, source in SOURCES.items() if name in ("brackets", "open brackets", "null", "braces", "cut string", "cut triple", "cut def", "cut class", "only a backslash")))
results = [attempt(name, source) for name, source in SOURCES.items()]
for name, source in SOURCES.items():
    attempt(name, source, ast.parse)
    attempt(name, source, lambda s: eval(s, {}))
in_thread = []
thread = threading.Thread(target=lambda: in_thread.extend(attempt(name, source) for name, source in SOURCES.items()))
thread.start()
thread.join()
print(in_thread == results or [p for p in zip(in_thread, results) if p[0] != p[1]])
random.seed(7)
for _ in range(300):
    garbage = bytes(random.randrange(256) for _ in range(random.randrange(200)))
    try:
        compile(garbage, "<garbage>", "exec")
    except (SyntaxError, ValueError):
        pass
text = open(__file__).read()
for _ in range(200):
    cut = text[:random.randrange(len(text))]
    try:
        compile(cut, "<cut>", "exec")
    except SyntaxError:
        pass
print("alive")
