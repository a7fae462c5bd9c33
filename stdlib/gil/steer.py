# SPDX-License-Identifier: MIT
"""Controlled runs of a whole program: what the options --switch-every, --seed, --step, --replay and --explore begin."""
import posix
import sys

import _gil_steer
from gil import replay

TAPE_SIZE = 1 << 30          # of address space: pages come as they are written
_token = None                # of the run under way, to be told at its end
_tape = None
_mode = None
_process = None


def begin(program, rule, value):
    """Begin a controlled run of the program. None: it is to run now; a number: the exit status, for it has run already; a text:
    why it cannot run."""
    global _token, _tape, _mode, _process
    _mode, _process = rule, posix.getpid()
    if rule == "explore":
        from gil.exploration import explore_program
        return explore_program(program, *value)
    if rule == "step":
        from gil.step import step_program
        return step_program(program)
    _tape = _gil_steer.Tape(4096)
    if rule == "every":
        _token = replay.encode(replay.EVERY, program, [value])
        _gil_steer.start(_gil_steer.EVERY, value, tape=_tape)
    elif rule == "seed":
        _token = replay.encode(replay.SEED, program, [value])
        _gil_steer.start(_gil_steer.RANDOM, value, tape=_tape)
    else:
        return _replay(program, value)


def _replay(program, token):
    try:
        kind, numbers, choices = replay.decode(token, program)
    except replay.BadToken as wrong:
        return str(wrong)
    if kind == replay.EVERY:
        _gil_steer.start(_gil_steer.EVERY, numbers[0], tape=_tape)
    elif kind == replay.SEED:
        _gil_steer.start(_gil_steer.RANDOM, numbers[0], tape=_tape)
    else:
        _gil_steer.start(_gil_steer.KEEP, instructions=kind == replay.STEPS, releases=kind == replay.RELEASES, choices=choices, tape=_tape)


def finish():
    """The program has ended."""
    if _process != posix.getpid():
        return                   # a child of its own, of which the token tells nothing
    if _tape is not None and _mode == "replay" and _tape.state()[0] & _gil_steer.RUN_DIVERGED:
        print("baton: this is not the same run: the program does what the token does not know", file=sys.stderr)
    if _token:
        print(f"baton: {replay.told(_token, _tape.state()[0])}", file=sys.stderr)
