# SPDX-License-Identifier: MIT
"""The same job serial, in threads, in processes and in asyncio: a table, a picture of bars, a sentence."""
import posix
import sys
import time

import _gil
from gil.terminal import Terminal, clip

WAYS = ("serial", "threads", "processes", "asyncio")


class Figure:
    """What one way took: seconds of wall-clock time, CPU seconds of this process and its children, holding and waiting for the lock."""

    def __init__(self, way, seconds, cpu, held, waited, failure=None):
        self.way, self.seconds, self.cpu, self.held, self.waited, self.failure = way, seconds, cpu, held, waited, failure


def is_coroutine_function(function):
    while hasattr(function, "func"):               # functools.partial
        function = function.func
    function = getattr(function, "__func__", function)
    return bool(getattr(getattr(function, "__code__", None), "co_flags", 0) & 0x80)


def _one(function, args):
    """One job, wherever it runs."""
    if is_coroutine_function(function):
        import asyncio
        return asyncio.run(function(*args))
    return function(*args)


def _serial(function, args, jobs):
    for job in range(jobs):
        _one(function, args)


def _threads(function, args, jobs):
    import threading
    failures = []

    def work():
        try:
            _one(function, args)
        except BaseException as error:
            failures.append(error)
    workers = [threading.Thread(target=work, name=f"job {job + 1}") for job in range(jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]


def _processes(function, args, jobs):
    import multiprocessing
    workers = [multiprocessing.Process(target=_one, args=(function, args), name=f"job {job + 1}") for job in range(jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    failed = [worker for worker in workers if worker.exitcode]
    if failed:
        raise RuntimeError(f"{failed[0].name} ended with status {failed[0].exitcode}")


def _asyncio(function, args, jobs):
    import asyncio

    async def together():
        if is_coroutine_function(function):
            await asyncio.gather(*(function(*args) for job in range(jobs)))
        else:
            await asyncio.gather(*(asyncio.to_thread(function, *args) for job in range(jobs)))
    asyncio.run(together())


def _cpu_seconds():
    times = posix.times()
    return times.user + times.system + times.children_user + times.children_system


def _measure(way, function, args, jobs):
    sys.stdout.flush()
    before, cpu, start = _gil.stats()["total"], _cpu_seconds(), time.perf_counter()
    failure = None
    try:
        {"serial": _serial, "threads": _threads, "processes": _processes, "asyncio": _asyncio}[way](function, args, jobs)
    except Exception as error:
        failure = error
    seconds = time.perf_counter() - start
    after = _gil.stats()["total"]
    return Figure(way, seconds, _cpu_seconds() - cpu, after["held"] - before["held"], after["waited"] - before["waited"], failure)


def compare(function, args=(), jobs=4):
    """A Figure for each way. What the jobs return is not looked at; the first failure of a way is kept."""
    if not callable(function):
        raise TypeError(f"a function is needed, not {type(function).__name__}")
    if not isinstance(jobs, int) or jobs < 1:
        raise ValueError("jobs must be a whole number from 1 on")
    return [_measure(way, function, args, jobs) for way in WAYS]


def _bar(figure, longest, width, terminal):
    full, rest = divmod(figure.seconds / longest * width * 8, 8) if longest else (0, 0)
    if terminal.unicode:
        return "█" * int(full) + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[int(rest)] or "▏"
    return "#" * max(int(full + rest / 8 + 0.5), 1)


def sentence(figures, jobs):
    """What it means."""
    by_way = {figure.way: figure for figure in figures if not figure.failure}
    if "serial" not in by_way or len(by_way) < 2:
        return "There is nothing to compare: a way failed."
    serial = by_way["serial"].seconds or 1e-9
    gain = {way: serial / (figure.seconds or 1e-9) for way, figure in by_way.items()}
    best = max((way for way in gain if way != "serial"), key=gain.get)
    held, worked = by_way["serial"].held / serial, by_way["serial"].cpu / serial
    share, threads, processes = f"{100 * min(held, 1):.0f} %", f"{gain.get('threads', 0):.2f}×", f"{gain.get('processes', 0):.2f}×"
    if held >= 0.7:
        pays = gain.get("processes", 0) >= 1.15
        rest = f"only processes, each with a lock of its own, help ({processes})." if pays else f"processes do not pay ({processes}): the job is too short, or there are too few processors."
        return f"The job holds the lock {share} of its time, so threads take turns ({threads} as fast as serial) and {rest}"
    if worked < 0.5:
        same = [way for way in gain if way != "serial" and gain[way] > 0.8 * gain[best]]
        return f"The job holds the lock only {share} of its time and waits for the rest, so {jobs} of them wait at the same time: {' and '.join(same)} took about {100 / gain[best]:.0f} % of the serial time."
    return f"The job works without the lock for most of its time, so even threads are {threads} as fast as serial; {best} gain most ({gain[best]:.2f}×)."


def lines_of(figures, jobs, name, terminal):
    yield from terminal.wrap(f"{name}, {jobs} {'time' if jobs == 1 else 'times'}, four ways ({posix.cpu_count()} processors; wall-clock seconds)")
    yield ""
    wide = terminal.width >= 64
    yield terminal.paint(f"{'way':9}  {'seconds':>7}  {'speed':>6}" + (f"  {'CPU s':>6}  {'held s':>6}  {'waited s':>8}" if wide else ""), "bold")
    serial = figures[0].seconds
    for figure in figures:
        if figure.failure:
            yield clip(f"{figure.way:9}  failed: {type(figure.failure).__name__}: {figure.failure}", terminal.width)
            continue
        yield f"{figure.way:9}  {figure.seconds:7.3f}  {serial / (figure.seconds or 1e-9):5.2f}×" + (f"  {figure.cpu:6.2f}  {figure.held:6.2f}  {figure.waited:8.2f}" if wide else "")
    yield ""
    longest = max((figure.seconds for figure in figures if not figure.failure), default=0)
    for figure in figures:
        if not figure.failure:
            yield f"{figure.way:9}  " + terminal.paint(_bar(figure, longest, max(terminal.width - 20, 8), terminal), "green") + f" {figure.seconds:.2f}"
    yield ""
    yield from terminal.wrap(sentence(figures, jobs))
    if wide:
        yield from terminal.wrap("held and waited: seconds that this process's threads had the lock, and wanted it; what processes did with locks of their own is not among them.")


def show(figures, jobs, name, file=None):
    """Prints it to a file object, or to standard output."""
    stream = sys.stdout if file is None else file
    try:
        terminal = Terminal(stream.fileno())
    except (AttributeError, OSError, ValueError):
        terminal = Terminal(-1, 80, False)
    stream.write(terminal.plain("\n".join(lines_of(figures, jobs, name, terminal))) + "\n")


# ---- the command line
def _argument(word):
    """A word of the command line as the function gets it: a number if it is one."""
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            pass
    return word


def main(target, words):
    """baton --four-ways SCRIPT:FUNCTION arguments: the exit status."""
    script, colon, name = target.rpartition(":")
    if not colon or not script or not name:
        sys.stderr.write(f"baton: --four-ways needs SCRIPT:FUNCTION, not {target}\n")
        return 2
    try:
        with open(script, "rb") as file:
            source = file.read()
    except OSError as error:
        sys.stderr.write(f"baton: can't open file {script!r}: {error.strerror}\n")
        return 2
    module = type(sys)("__four_ways__")            # not __main__: a script's own main part must not run
    module.__file__ = script
    sys.modules[module.__name__] = module
    exec(compile(source, script, "exec"), module.__dict__)
    function = module
    for part in name.split("."):
        function = getattr(function, part, None)
        if function is None:
            sys.stderr.write(f"baton: {script} has no function {name}\n")
            return 2
    if not callable(function):
        sys.stderr.write(f"baton: {name} in {script} is no function\n")
        return 2
    figures = compare(function, tuple(map(_argument, words)))
    show(figures, 4, name)
    for figure in figures:
        if figure.failure:
            raise figure.failure
    return 0
