# SPDX-License-Identifier: MIT
"""input() with the module readline, on a pseudo-terminal: the same keys for CPython and Baton, and what the program printed compared.

run_readline.py BATON. Ends with `N passed, N failed`.
"""
import os
import pathlib
import pty
import select
import sys
import time

BATON = str(pathlib.Path(sys.argv[1]).resolve())
HEAD = "import readline, sys, threading\ndef say(*what): print('<<', *what, '>>', file=sys.stderr)\n"
# name: (program, what to type once each prompt is there)
CASES = {
    "a line is edited and kept": ("for n in range(3): say(ascii(input(f'[{n}] ')), readline.get_current_history_length())\n", ["abc\x02\x02x\r", "\x10\r", "\x15\xe9\r"]),
    "completion": ("readline.parse_and_bind('tab: complete')\nreadline.set_completer(lambda text, n: [text + '_done', None][n])\nsay(input('[0] '), input('[1] '))\n", ["wor\t\r", "a b\t c\r"]),
    "a completer that raises": ("readline.parse_and_bind('tab: complete')\nreadline.set_completer(lambda text, n: 1 / 0)\nsay(input('[0] '))\n", ["wor\t\r"]),
    "hooks": ("readline.set_startup_hook(lambda: readline.insert_text('start '))\nreadline.set_pre_input_hook(lambda: 1 / 0)\nsay(input('[0] '))\nreadline.set_startup_hook(None)\nsay(input('[1] '))\n", ["end\r", "end\r"]),
    "Ctrl-C leaves the line and the program goes on": ("try:\n    input('[0] ')\nexcept KeyboardInterrupt:\n    say('interrupted')\nsay(input('[1] '))\n", ["half\x03", "whole\r"]),
    "a signal that is handled": ("import signal\nsignal.signal(signal.SIGALRM, lambda *a: say('alarm'))\nsignal.setitimer(signal.ITIMER_REAL, 0.2)\nsay(input('[0] '))\n", ["ab|cd\r"]),
    "Ctrl-D is the end": ("try:\n    input('[0] ')\nexcept EOFError as error:\n    say(repr(error))\n", ["\x04"]),
    "no prompt": ("say('[0] ')\nsay(input())\n", ["plain\r"]),
}
OWN = {   # of Baton alone
    "another thread is told no": ("""
def meddle():
    try: readline.add_history('x')
    except RuntimeError as error: say(error)
threading.Timer(0.2, meddle).start()
say(input('[0] '))
""", ["ab|cd\r"], ["another thread is editing a line", "abcd"]),
    "a hook cannot read": ("def hook():\n    try: input('[7] ')\n    except RuntimeError as error: say(error)\nreadline.set_pre_input_hook(hook)\nsay(input('[0] '))\n", ["a\r"],
                           ["can't re-enter readline", "a"]),
}


def run(python, program, keys):
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(TERM="dumb", LC_ALL="C.UTF-8", INPUTRC="/dev/null")
        os.execv(python, [python, "-c", HEAD + program])
    screen, end = "", time.monotonic() + 20
    for turn in [*enumerate(keys), None]:
        while turn is None or f"[{turn[0]}] " not in screen:
            if not select.select([master], [], [], max(0, end - time.monotonic()))[0]:
                break
            try:
                screen += os.read(master, 65536).decode(errors="replace")
            except OSError:
                break
        if turn:
            for n, part in enumerate(turn[1].split("|")):       # | is a moment
                time.sleep(0.5 * (n > 0))
                os.write(master, part.encode())
    os.close(master)
    os.waitpid(pid, 0)
    return [piece.partition(" >>")[0] for piece in screen.split("<< ")[1:]]


failed = 0
for name, (program, keys, *wanted) in {**CASES, **OWN}.items():
    expected = wanted[0] if wanted else run("/usr/bin/python3", program, keys)
    got = run(BATON, program, keys)
    if got != expected or not got:
        failed += 1
        print(f"FAILED {name}: {got} instead of {expected}")
print(f"{len(CASES) + len(OWN) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
