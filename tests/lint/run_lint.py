# SPDX-License-Identifier: MIT
"""The rules of the house that no compiler checks: run_lint.py BATON. Ends with `N passed, N failed`."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = [p for folder in ("runtime", "interp", "stdlib") for p in sorted((ROOT / folder).rglob("*.[ch]"))]
# Calls that can wait for something outside the process. fd-less and instant ones (close on a pipe, fstat …) are not among them.
WAITS = re.compile(r"(?<![\w.>])(nanosleep|clock_nanosleep|usleep|select|poll|epoll_wait|accept|accept4|connect|recv|recvfrom|recvmsg|send|sendto|sendmsg|waitpid|wait4|"
                   r"sem_wait|sem_clockwait|sem_timedwait|getaddrinfo|pause|sigwait|flock|curl_easy_perform|ffi_call)\s*\(")
# The places where such a call may stand outside BLOCKING, and why.
ALLOWED = {
    "runtime/gil.c": "the lock itself",
    "runtime/gil_trace.c": "the drainer, a pthread that never has the lock",
    "runtime/schedule_io.c": "poll() with no time to wait: it asks, and never waits",
    "runtime/thread.c": "a thread that has ended",
    "stdlib/ctypes/_ctypes.c": "a call through PyDLL keeps the lock on purpose",
    "stdlib/_socket/socket.c": "the attempts that socket_call makes inside its BLOCKING",
    "stdlib/_socket/messages.c": "the same",
    "interp/repl.c": "reached only through BLOCKING in read_line",
}


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if match:
            yield number, match.group(1)


def layering():
    wrong = []
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        layer = name.split("/")[0]
        for number, header in includes(path):
            target = header.split("/")[0]
            if layer == "runtime" and target in ("interp", "stdlib"):
                wrong.append(f"{name}:{number}: runtime includes {header}")
            if layer == "interp" and target == "stdlib":
                wrong.append(f"{name}:{number}: interp includes {header}")
            if layer == "stdlib" and target == "interp" and header != "interp/interp.h":
                wrong.append(f"{name}:{number}: stdlib includes {header}; only interp/interp.h is public")
    return wrong


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)
    return re.sub(r"//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", "", text)


def inside_blocking(text, position):
    """Does the position stand between the parentheses of a BLOCKING( … )?"""
    for macro in ("BLOCKING", "SYSTEM_CALL"):          # SYSTEM_CALL (stdlib/posix/posix.h) is BLOCKING, again after a signal
        start = text.rfind(macro + "(", 0, position)
        if start < 0:
            continue
        depth = 0
        for character in text[start + len(macro):position]:
            depth += (character == "(") - (character == ")")
        if depth > 0:
            return True
    return False


def function_around(text, position):
    """The name of the C function whose body the position is in."""
    heads = list(re.finditer(r"^[A-Za-z_][^;{}()]*?(\w+)\s*\([^;{}]*\)[^;{}]*\n?\{", text[:position], re.MULTILINE))
    return heads[-1].group(1) if heads else None


def only_from_blocking(text, name):
    """Is a helper only called inside BLOCKING?"""
    calls = [m.start() for m in re.finditer(rf"(?<![\w.>]){name}\s*\(", text)]
    calls = [c for c in calls if not re.match(r"[^;]*\)\s*\{", text[c:c + 400])]
    return bool(calls) and all(inside_blocking(text, c) for c in calls)


def blocking():
    wrong = []
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        if name in ALLOWED or path.suffix == ".h" or name.startswith("interp/pars"):      # the parser's accept() takes a token
            continue
        text = without_comments(path.read_text())
        for match in WAITS.finditer(text):
            line_start = text.rfind("\n", 0, match.start()) + 1
            if re.match(r"\s*(static|extern|int|ssize_t)\b.*\)\s*;?$", text[line_start:text.find("\n", match.start())]):
                continue                          # a declaration
            if inside_blocking(text, match.start()):
                continue
            function = function_around(text, match.start())
            if function and only_from_blocking(text, function):
                continue
            wrong.append(f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group(1)}() outside BLOCKING")
    return wrong


def folders_have_readmes():
    folders = [ROOT / f for f in ("runtime", "interp", "tests", "scripts/demos")] + [p for p in (ROOT / "stdlib").iterdir() if p.is_dir()]
    return [f"{folder.relative_to(ROOT)} has no README.md" for folder in folders if not (folder / "README.md").exists()]


passed = failed = 0
for rule in (layering, blocking, folders_have_readmes):
    wrong = rule()
    passed += not wrong
    failed += bool(wrong)
    for line in wrong:
        print(f"FAILED {rule.__name__}: {line}")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
