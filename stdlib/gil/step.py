# SPDX-License-Identifier: MIT
"""--step: a person is the scheduler.

Before each instruction of the program's own code the terminal shows every thread's next one, with its source line, what changed in
its variables, and who has which lock; a key says who goes on. The program runs in a child; to undo, the child is ended and another
one repeats the choices but the last.

Keys: a digit: one instruction of that thread; Return: the same thread again; n: on to its next line; r LINE: on until some thread
is to run that line; c: on to the end, without asking; u: undo; q: quit; h: help. Keys typed into a pipe work as well.
"""
import posix
import sys

import _gil_steer as _c
import _signal
from gil import replay
from gil.records import Trace

UNDO_STATUS = 77
HELP = """  0-9     one instruction of the thread with that number
  Return  one instruction of the same thread
  n       the same thread up to its next line
  r LINE  the same thread, and whoever follows it, up to that line
  c       go on to the end
  u       undo the last choice
  q       quit
"""


class InChild(BaseException):
    """Leaves the driver in the child that is to run the program."""


class Stepper:
    """The dialogue, in the child that runs the program."""

    def __init__(self, program, done, tape, control):
        self.program, self.tape, self.control = program, tape, control
        self.repeat = list(done)         # choices to repeat before asking again: thread numbers
        self.made = []                   # choices so far
        self.before = {}                 # thread -> {variable: text} when it was last shown
        self.until_line = None           # (file, line) or a line number: go on without asking
        self.silent = False
        self.last = 0

    def ask(self, current):
        """The number of the thread that goes on."""
        number = self._choose(current)
        self.made.append(number)
        self.last = number
        return number

    def _choose(self, current):
        threads = {row[0]: row for row in _c.threads()}
        able = [number for number, row in threads.items() if row[3] or row[4]]
        usual = self.last if self.last in able else min(able)
        if self.repeat:
            wanted = self.repeat.pop(0)
            return wanted if wanted in able else usual
        if self.silent or self._not_there_yet(threads, usual):
            return usual
        self._show(threads)
        while True:
            key, argument = self._read(f"[{usual}] > ")
            if key.isdigit():
                if int(key) in able:
                    return int(key)
                print(f"thread {key} cannot go on now", file=sys.stderr)
            elif key in ("", "s"):
                return usual
            elif key == "n":
                self.until_line = ("leave", usual, self._place(threads[usual]))
                return usual
            elif key == "r" and argument.isdigit():
                self.until_line = ("reach", None, int(argument))
                return usual
            elif key == "c":
                self.silent = True
                return usual
            elif key in ("u", "q"):
                self._end(key)
            else:
                print(HELP, end="", file=sys.stderr)

    @staticmethod
    def _place(row):
        return (row[6].f_code.co_filename, row[6].f_lineno) if row[6] is not None else None

    def _not_there_yet(self, threads, usual):
        if self.until_line is None:
            return False
        how, thread, wanted = self.until_line
        if how == "leave":
            there = usual != thread or self._place(threads[usual]) != wanted
        else:
            place = self._place(threads[usual])
            there = place is not None and place[1] == wanted
        if there:
            self.until_line = None
        return not there

    # ---- the screen
    def _show(self, threads):
        out = [f"── step {len(self.made) + 1} "]
        owners = {}
        for lock, number in _c.lock_owners():
            owners.setdefault(number, []).append(lock)
        for number, row in sorted(threads.items()):
            _, name, state, able, timed, waits, frame, instruction = row
            mark = "▸" if number == self.last else " "
            how = "" if state == "runs" else f", {state}" + (f" on {waits}" if waits else "") + (" (its wait can be cut short)" if timed else "")
            has = f", has {', '.join(owners[number])}" if number in owners else ""
            out.append(f"{mark} {number} {name}{how}{has}")
            if frame is None:
                continue
            line = frame.f_lineno
            out.append(f"      {frame.f_code.co_name}, line {line}: {self._source(frame.f_code.co_filename, line)}")
            out.append(f"      next: {' '.join(instruction.split())}")
            changed = self._changes(number, frame)
            if changed:
                out.append(f"      changed: {', '.join(changed)}")
        print("\n".join(out), file=sys.stderr)

    def _changes(self, number, frame):
        now = {}
        shown = frame.f_locals if frame.f_code.co_name != "<module>" else {name: value for name, value in frame.f_globals.items() if not name.startswith("__")}
        for name, value in list(shown.items()):
            if isinstance(value, (int, float, str, bool, type(None), list, dict, tuple, set)):
                text = repr(value)
                now[name] = text if len(text) <= 40 else text[:39] + "…"
        before = self.before.get(number, {})
        self.before[number] = now
        return [f"{name} = {text}" for name, text in now.items() if before.get(name) != text]

    _texts = {}

    def _source(self, name, line):
        if name not in self._texts:
            try:
                with open(name, encoding="utf-8", errors="replace") as file:
                    self._texts[name] = file.read().split("\n")
            except OSError:
                self._texts[name] = []
        lines = self._texts[name]
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""

    def _read(self, prompt):
        sys.stderr.write(prompt)
        sys.stderr.flush()
        _c.pause(True)
        try:
            text = b""
            while not text.endswith(b"\n"):
                more = posix.read(0, 1)
                if not more:
                    return "c", ""              # the end of the input: nobody is there to ask
                text += more
        finally:
            _c.pause(False)
        words = text.decode("utf-8", "replace").split()
        return (words[0].lower(), words[1] if len(words) > 1 else "") if words else ("", "")

    def _end(self, key):
        sys.stdout.flush()
        record = self.made[:-1] if key == "u" else self.made
        posix.write(self.control, bytes([min(number, 255) for number in record]))
        posix._exit(UNDO_STATUS if key == "u" else 0)


_stepper = None


def step_program(program):
    """For --step. None: this is a child, which is to run the program now; else the exit status."""
    global _stepper
    done = []
    tape = _c.Tape(1 << 26)
    while True:
        reading, writing = posix.pipe()
        tape.clear()
        child = posix.fork()
        if child == 0:
            posix.close(reading)
            _signal.signal(2, 0)                 # Ctrl-C ends the child, whoever's turn it is
            _stepper = Stepper(program, done, tape, writing)
            _c.start(_c.ASK, tape=tape, ask=_stepper.ask)
            return None
        posix.close(writing)
        try:
            _, status = posix.waitpid(child, 0)
        except KeyboardInterrupt:
            print(file=sys.stderr)
            return 130
        told = b""
        while more := posix.read(reading, 65536):
            told += more
        posix.close(reading)
        status = posix.waitstatus_to_exitcode(status)
        if status != UNDO_STATUS:
            break
        done = list(told)
        print("── undone: the program runs again up to here", file=sys.stderr)
    trace = Trace(tape)
    token = replay.encode(replay.STEPS, program, choices=trace.choices())
    print(f"baton: {replay.told(token, trace.flags)}", file=sys.stderr)
    return status if status >= 0 else 128 - status
