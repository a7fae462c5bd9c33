# SPDX-License-Identifier: MIT
"""A deadlock between processes: a parent that joins a child before it has taken out what the child puts in a queue or a pipe.

The child cannot end before all is written, a full pipe takes no more, and the one that would read it waits for the child's end.
Each child tells its parent, in memory that they share, when its main thread can do nothing but write, and how far it has come.
"""
import threading

import _gil_steer
import _multiprocessing

CHECK_EVERY = 0.2            # seconds; twice without progress is a deadlock
_state = None                # of this process, to be read by its parent: [1 while it can only write, writes so far]


def new_state():
    """What a child that is about to start will share with its parent."""
    return memoryview(_multiprocessing.Memory(16)).cast("Q")


def become(state):
    """This process is a child now."""
    global _state
    _state = state


def wrote():
    """Another piece has been written."""
    if _state is not None:
        _state[1] += 1


class OnlyWriting:
    """While the main thread does nothing but write, or waits at its end for threads that write."""

    def __init__(self, feeders=0):
        self._feeders, self._told = feeders, False

    def __enter__(self):
        if _state is not None and threading.current_thread() is threading.main_thread() and threading.active_count() <= 1 + self._feeders:
            _state[0] = 1
            self._told = True

    def __exit__(self, *exc):
        if self._told:
            _state[0] = 0


def _positions(children):
    """How far each living child has come with its writing; None: one of them does something else."""
    if not children or any(child._shared[0] != 1 for child in children):
        return None
    return [(child._pid, child._shared[1]) for child in children]


def _has_other_children(children):
    """Whether there are child processes besides, which could read."""
    try:
        with open("/proc/thread-self/children") as file:
            return bool(set(map(int, file.read().split())) - {child._pid for child in children})
    except OSError:
        return True


def wait(process, children):
    """Wait until the process has ended. A deadlock is reported, and raised in the main thread."""
    before, told = None, False
    while not _multiprocessing.ready((process._sentinel,), None if told else CHECK_EVERY):
        alive = [child for child in children() if child._status is None]
        now = _positions(alive)
        if now is not None and now == before and process in alive and _gil_steer.nobody_else() and not _has_other_children(alive):
            told = True
            for child in alive:
                child._is_stuck = True
            names = ", ".join(sorted(child.name for child in alive))
            _gil_steer.report_deadlock(
                f"{threading.current_thread().name} waits for the end of {process.name}, which waits until what it sends has been read.\n"
                f"The pipe is full, and nobody else is there to read it: take the items out (get, recv) before join().\n"
                f"Waiting to write: {names}.\n")
        before = now
