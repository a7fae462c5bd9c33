# SPDX-License-Identifier: MIT
"""The prompt, through a pseudo-terminal: run_prompt.py BATON [CHECK ...]. Ends with `N passed, N failed`.

Where a person would see the same under CPython, the same keys are given to both and the screens compared.
"""
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time

BATON = str(pathlib.Path(sys.argv[1]).resolve())
PYTHON = "/usr/bin/python3"
WAIT = 20


class Prompt:
    """A Python on a terminal of its own."""

    def __init__(self, program, folder, *args, env={}):
        self.master, slave = pty.openpty()
        self.home = folder
        environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "LC_ALL": "C.UTF-8", "HOME": str(folder), "INPUTRC": "/dev/null", "ASAN_OPTIONS": "detect_leaks=0", **env}
        self.process = subprocess.Popen([program, *args], stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment, start_new_session=True,
                                        preexec_fn=lambda: __import__("fcntl").ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self.screen = ""

    def until(self, text):
        """Reads until what came since the last call holds `text`; gives what came up to its end."""
        end = time.monotonic() + WAIT
        while text not in self.screen:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"{text!r} did not come; the screen has {self.screen!r}")
            try:
                got = os.read(self.master, 65536)
            except OSError:
                got = b""
            if not got:
                raise AssertionError(f"{text!r} did not come before the end; the screen has {self.screen!r}")
            self.screen += got.decode(errors="replace")
        before, found, self.screen = self.screen.partition(text)
        return before + found

    def until_then_prompt(self, text):
        """Readline may draw its line again, prompt and all, so what is waited for comes first."""
        self.until(text)
        self.until(">>> ")

    def send(self, text):
        os.write(self.master, text.encode() if isinstance(text, str) else text)

    def ask(self, line, ends=">>> "):
        """Types a line and gives what the screen shows before the next prompt, without the line itself."""
        self.send(line + "\n")
        self.until("\n")
        return clean(self.until(ends).removesuffix(ends))

    def end(self):
        """Waits for the end: (status, what was still shown)."""
        rest = b""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], 1)
            if not ready:
                continue
            try:
                got = os.read(self.master, 65536)
            except OSError:
                break
            if not got:
                break
            rest += got
        return self.process.wait(WAIT), clean(self.screen + rest.decode(errors="replace"))

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def clean(text):
    text = re.sub(r"\x1b\[\?2004[hl]\r?", "", text).replace("\r\n", "\n").replace("\r", "")
    return re.sub(r" at 0x[0-9a-f]+", " at 0x0", text)


CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def session(folder, *args, **more):
    prompt = Prompt(BATON, folder, *args, **more)
    prompt.until(">>> ")
    return prompt


def both(folder, dialogue, *args, **more):
    """The same dialogue with both: a list of lines, or (line, the prompt that comes next)."""
    screens = []
    for program in (BATON, PYTHON):
        prompt = Prompt(program, folder, *args, **more)
        try:
            prompt.until(">>> ")
            shown = []
            for line in dialogue:
                line, ends = line if isinstance(line, tuple) else (line, ">>> ")
                try:
                    shown.append((line, prompt.ask(line, ends)))
                except AssertionError as error:
                    raise AssertionError(f"{program}, {line!r}: {error}") from None
            screens.append(shown)
        finally:
            prompt.close()
    for ours, theirs in zip(*screens):
        assert ours == theirs, f"{ours!r}\n    CPython: {theirs!r}"


@check
def banner(folder):
    prompt = Prompt(BATON, folder)
    seen = clean(prompt.until(">>> "))
    assert re.fullmatch(r'Python 3\.11\.\d+ \(Baton [\d.]+\) on linux\nType "help", "copyright", "credits" or "license" for more information\.\n>>> ', seen), seen
    prompt.close()
    prompt = Prompt(BATON, folder, "-q")
    assert clean(prompt.until(">>> ")) == ">>> "
    prompt.close()


@check
def echo_and_underscore(folder):
    both(folder, ["1 + 1", "_", "_ * 21", "None", "_", "'text'", "x = 5", "x", "_", "[x, _]", "print('out')", "_ = 'mine'", "3", "_", "1; 2; 3", "import sys", "sys.ps1.strip(), sys.ps2",
                  "", "   ", "# only words", "x = 1 # words", "...", "...  # words"])


@check
def blocks(folder):
    more = "... "
    both(folder, [("for i in range(3):", more), ("    i", more), "", ("def f(x):", more), ("    if x:", more), ("        return 'yes'", more), ("    return 'no'", more), "", "f(1), f(0)",
                  ("class A:", more), ("    '''doc'''", more), ("    def m(self):", more), ("        return 1", more), "", "A().m()", ("@staticmethod", more), ("def g(): pass", more), "",
                  ("if 0: 1", more), ("else: 2", more), "", ("if 1: 'one line'", more), "", ("while True: break", more), "", ("try:", more), ("    1/0", more), ("except ZeroDivisionError:", more),
                  ("    'caught'", more), ("finally:", more), ("    'done'", more), "", ("with open('/dev/null') as f:", more), ("    f.read()", more), ("# words", more), ("    'still in'", more), "",
                  ("match 3:", more), ("    case 3:", more), ("        'three'", more), "", ("async def c():", more), ("    return 1", more), ""])


@check
def incomplete_input(folder):
    more = "... "
    both(folder, [("x = (1,", more), ("2,", more), "3)", "x", ("'''several", more), ("lines", more), "end'''", ("[1,", more), ("# words", more), ("", more), "2]", ("y = 1 + \\", more), "2", "y",
                  ("f'''{1 +", more), "1}'''", ("def f(a,", more), ("      b):", more), ("    return a + b", more), "", "f(1, 2)", ("{'a':", more), "1}"])


@check
def annotations(folder):
    both(folder, ["__annotations__", "x: int = 3", "__annotations__", "x", ("if x:", "... "), ("    y: str", "... "), "", "__annotations__"])


@check
def empty_line_ends_a_block(folder):
    more = "... "
    both(folder, [("def f():", more), ("    return (", more), ("", more), ("    5)", more), "", "f()"])
    prompt = session(folder)
    prompt.ask("try:", more)
    prompt.ask("    1", more)
    assert "SyntaxError: expected 'except' or 'finally' block" in prompt.ask("")
    prompt.ask("if 1:", more)
    assert "IndentationError: expected an indented block after 'if' statement on line 1" in prompt.ask("")
    prompt.close()


@check
def errors(folder):
    both(folder, ["1/0", "undefined", "x = = 1", "if x", "print 'a'", "(1, 2", ][:5] + ["  1", "for", "def f(: pass", "'unterminated", "1 +", "a b", "raise ValueError('told')", "return 1", "yield 1", "break",
                  "[1, 2)", "f(**x, *y)", "None = 1", "import nonesuch", "[].nonesuch", "int('x')", "x = 5", "x.real.foo"])


@check
def errors_in_functions(folder):
    more = "... "
    both(folder, [("def f(x):", more), ("    return g(x)", more), "", ("def g(x):", more), ("    return 1 / x", more), "", "f(0)", ("try:", more), ("    f(0)", more), ("except ZeroDivisionError as e:", more),
                  ("    raise KeyError('second') from e", more), "", ("for i in range(2):", more), ("    1/0", more), "", ("class A:", more), ("    x = 1/0", more), "", ("if 1:", more), "pass", ("if 1:", more),
                  ("    x = 1", more), "  y = 2", "import sys", "sys.last_type"])


@check
def hooks(folder):
    more = "... "
    both(folder, ["import sys", ("def show(value):", more), ("    print('shown', value)", more), "", "sys.displayhook = show", "5", "None", "sys.displayhook = sys.__displayhook__", "5",
                  ("def tell(kind, value, traceback):", more), ("    print('told', kind.__name__, value)", more), "", "sys.excepthook = tell", "1/0", "x = = 1", "sys.excepthook = sys.__excepthook__", "1/0"])
    prompt = session(folder)
    prompt.ask("import sys")
    prompt.ask("sys.ps1 = 'mine> '", "mine> ")
    assert prompt.ask("1 + 1", "mine> ") == "2\n"
    prompt.ask("sys.ps2 = 'more> '", "mine> ")
    assert prompt.ask("if 1:", "more> ") == ""
    prompt.close()


@check
def words_about_leaving(folder):
    both(folder, ["exit", "quit", "help", "exit.__class__.__name__", "__name__", "__doc__", "sorted(n for n in globals() if not n.startswith('__'))"])
    for line, status in (("exit()", 0), ("exit(3)", 3), ("quit()", 0), ("quit('words')", 1), ("raise SystemExit", 0), ("import sys; sys.exit(7)", 7)):
        prompt = session(folder)
        prompt.send(line + "\n")
        assert prompt.end()[0] == status, line
        prompt.close()


@check
def control_d(folder):
    for program in (BATON, PYTHON):
        prompt = Prompt(program, folder)
        prompt.until(">>> ")
        prompt.send("\x04")
        status, rest = prompt.end()
        assert (status, rest) == (0, "\n"), (program, status, rest)
        prompt.close()
    prompt = session(folder)
    prompt.ask("import atexit, threading, time")
    prompt.ask("atexit.register(print, 'at', 'exit') and None")
    prompt.ask("threading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()")
    prompt.send("\x04")
    status, rest = prompt.end()
    assert (status, rest) == (0, "\nthread\nat exit\n"), (status, rest)
    prompt.close()


@check
def control_c_at_the_prompt(folder):
    prompt = session(folder)
    prompt.send("x = 'never")
    prompt.until("never")
    prompt.send("\x03")
    prompt.until_then_prompt("KeyboardInterrupt")
    assert prompt.ask("1 + 1") == "2\n"
    prompt.ask("def f():", "... ")
    prompt.send("\x03")
    prompt.until_then_prompt("KeyboardInterrupt")
    assert "NameError" in prompt.ask("f")
    for _ in range(5):
        prompt.send("\x03")
        prompt.until(">>> ")
    assert prompt.ask("'alive'") == "'alive'\n"
    prompt.close()


@check
def control_c_in_a_loop(folder):
    for line in ("while True: pass\n", "import time; time.sleep(60)", "import threading; threading.Lock().acquire() and threading.Event().wait()", "input('give: ')"):
        prompt = session(folder)
        prompt.send(f"print('be' + 'gun'); {line}\n" if not line.startswith("while") else "while True: print('be' + 'gun') if 'n' not in globals() else None; n = 1\n\n")
        prompt.until("begun")
        time.sleep(0.15)
        prompt.send("\x03")
        seen = clean(prompt.until("KeyboardInterrupt"))
        prompt.until(">>> ")
        assert 'File "<stdin>", line 1, in <module>' in seen, (line, seen)
        assert prompt.ask("1 + 1") == "2\n"
        prompt.close()


@check
def threads_run_while_the_prompt_waits(folder):
    prompt = session(folder)
    prompt.ask("import threading, time")
    prompt.send("threading.Timer(0.2, print, ['from a', 'thread']).start()\n")
    prompt.until("from a thread")
    assert prompt.ask("'here'").endswith("'here'\n")
    prompt.close()


@check
def history(folder):
    prompt = session(folder)
    prompt.ask("'the first'")
    prompt.ask("'the second'")
    prompt.send("\x1b[A\x1b[A\n")
    prompt.until_then_prompt("\n'the first'\r\n")
    prompt.send("\x04")
    prompt.end()
    prompt.close()
    prompt = session(folder)
    prompt.send("\x10\x10\n")          # Ctrl-P twice: kept from the session before
    prompt.until_then_prompt("'the second'\r\n")
    prompt.close()
    assert (folder / ".baton_history").exists()


@check
def completion(folder):
    prompt = session(folder)
    prompt.ask("wonderful_name = 'value'")
    prompt.send("wonderf\t\n")
    prompt.until_then_prompt("'value'")
    prompt.send("wonderful_name.startsw\t('v')\n")
    prompt.until_then_prompt("True")
    prompt.ask("import collections")
    prompt.send("collections.OrderedD\t\n")
    prompt.until_then_prompt("<class 'collections.OrderedDict'>")
    prompt.send("isinst\t(1, int)\n")
    prompt.until_then_prompt("True")
    prompt.send("wonderful_name.is\t\t")
    assert "isalnum" in prompt.until("isupper")
    prompt.send("\x15'on' 'wards'\n")
    prompt.until_then_prompt("'onwards'\r\n")
    prompt.send("nonesuch.attribute\t\n")
    prompt.until_then_prompt("NameError")
    prompt.ask("class Odd:", "... ")
    prompt.ask("    def __getattr__(self, name): raise RuntimeError", "... ")
    prompt.ask("")
    prompt.ask("odd = Odd()")
    prompt.send("odd.x.\t\t\x15'still' 'here'\n")
    prompt.until_then_prompt("'stillhere'\r\n")
    assert prompt.ask("'alive'") == "'alive'\n"
    prompt.send("if 1:\n")
    prompt.until("... ")
    prompt.send("\t'indented'\n")
    prompt.until("... ")
    prompt.send("\n")
    prompt.until_then_prompt("'indented'\r\n")
    prompt.close()


@check
def unicode_input(folder):
    both(folder, ["'\u00e9\u20ac\U0001f600'", "len('\u00e9\u20ac\U0001f600')", "\u00fcber = 3", "\u00fcber", "print('\u4f60\u597d')", "'\u00e9' + 1", "\u20ac = 1"])
    prompt = session(folder)
    prompt.send(b"'\xff\xfe'\n")
    prompt.until(">>> ")
    assert prompt.ask("'alive'") == "'alive'\n"
    prompt.close()


@check
def inspect_after_a_script(folder):
    (folder / "script.py").write_text("value = 42\nprint('ran')\n")
    (folder / "fails.py").write_text("value = 7\n1/0\n")
    (folder / "leaves.py").write_text("value = 8\nraise SystemExit(3)\n")
    for script in ("script.py", "fails.py", "leaves.py"):
        both(folder, ["value", "__name__"], "-i", script)
    both(folder, ["value", "import sys", "sys.argv"], "-i", "-c", "value = 9", "word")
    prompt = Prompt(BATON, folder, "-i", "script.py")
    assert clean(prompt.until(">>> ")) == "ran\n>>> "
    prompt.send("exit(5)\n")
    assert prompt.end()[0] == 5
    prompt.close()


@check
def startup_file(folder):
    (folder / "startup.py").write_text("import sys\nprint('started')\ngreeting = 'hello'\n")
    both(folder, ["greeting", "sys.argv"], env={"PYTHONSTARTUP": str(folder / "startup.py")})
    prompt = Prompt(BATON, folder, env={"PYTHONSTARTUP": str(folder / "startup.py")})
    prompt.until_then_prompt("started")
    prompt.close()
    (folder / "broken.py").write_text("1/0\n")
    prompt = Prompt(BATON, folder, env={"PYTHONSTARTUP": str(folder / "broken.py")})
    prompt.until_then_prompt("ZeroDivisionError")
    prompt.close()
    prompt = Prompt(BATON, folder, "-E", env={"PYTHONSTARTUP": str(folder / "startup.py")})
    assert "started" not in prompt.until(">>> ")
    prompt.close()


@check
def long_input(folder):
    prompt = session(folder)
    assert prompt.ask("len('" + "x" * 2000 + "')").endswith("2000\n")
    prompt.send("x = [\n")
    prompt.until("... ")
    for number in range(60):
        prompt.send(f"{number},\n")
        prompt.until("... ")
    prompt.send("]\n")
    prompt.until(">>> ")
    assert prompt.ask("len(x)") == "60\n"
    assert prompt.ask("(" * 100 + ")" * 100).count("()") == 1
    prompt.close()


@check
def stop_and_go_on(folder):
    """SIGTSTP and SIGCONT leave the prompt usable; SIGTERM and SIGHUP end it."""
    prompt = session(folder)
    os.kill(prompt.process.pid, signal.SIGSTOP)
    os.kill(prompt.process.pid, signal.SIGCONT)
    assert prompt.ask("1 + 1").endswith("2\n")
    prompt.process.send_signal(signal.SIGTERM)
    assert prompt.end()[0] == -signal.SIGTERM
    prompt.close()


passed = failed = 0
for function in CHECKS:
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 2 and function.__name__ not in sys.argv[2:]:
            continue
        try:
            function(pathlib.Path(folder))
            passed += 1
        except Exception as error:
            failed += 1
            line = error.__traceback__.tb_next.tb_lineno if error.__traceback__.tb_next else 0
            print(f"FAILED {function.__name__}, line {line}: {type(error).__name__}: {error}", flush=True)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
