# SPDX-License-Identifier: MIT
"""What is said when a loop is about to wait for ever, or some of its tasks do: which tasks wait, where, and for what.

A task is stuck if it waits for a lock that a stuck task took by `async with`, for a semaphore all of whose places are taken so by stuck
tasks, or for the end of a stuck task (await, gather(), a TaskGroup, wait()). Locks taken by acquire() may be released by anybody, and a
time limit may cancel: such tasks are not stuck.
"""
from asyncio.locks import Lock, Semaphore
from asyncio.stacks import _source_line
from asyncio.taskgroups import TaskGroup
from asyncio.tasks import FIRST_COMPLETED, _wait, _wait_a_while, all_tasks
from asyncio.timeouts import Timeout

# Where a task can be seen to wait for others, by its code: other functions have the same names.
_WAIT, _WAIT_A_WHILE = _wait.__code__, _wait_a_while.__code__
_ACQUIRE, _TURN, _LEAVE_GROUP = Lock.acquire.__code__, Semaphore._turn.__code__, TaskGroup.__aexit__.__code__


def report(loop):
    """A text about the tasks of a loop that nothing will wake; None if no task waits."""
    tasks = sorted((task for task in all_tasks(loop) if not task.done()), key=lambda task: (len(task.get_name()), task.get_name()))
    if not tasks:
        return None
    head = "a task waits for what can never come." if len(tasks) == 1 else f"{len(tasks)} tasks wait for each other, and none of them can go on."
    return head + "\n\n" + "\n".join(_paragraph(task, tasks) for task in tasks)


def ring(loop, suspects):
    """A text about tasks that wait for each other while others go on, beginning with one of the suspects, and whether nobody is known who
    could free one of them (cancel it, or release a semaphore that is not its own); None: there are no such tasks."""
    for suspect in dict.fromkeys(suspects):
        stuck = _stuck_from(suspect)
        if suspect not in stuck or all(getattr(task, "_told_stuck", False) for task in stuck):
            continue
        if stuck & _limited(loop):
            continue
        for task in stuck:
            task._told_stuck = True
        certain = not _may_be_freed(loop, stuck)
        tasks = sorted(stuck, key=lambda task: (len(task.get_name()), task.get_name()))
        head = f"{len(tasks)} tasks wait for each other, and none of them can go on" if len(tasks) > 1 else "a task waits for what can never come"
        reserve = "" if certain else "; but for another task that would free one of them"
        return f"{head}{reserve}.\n\n" + "\n".join(_paragraph(task, tasks) for task in tasks), certain
    return None


def _frames(task):
    """The frames in which a task waits, the outermost first."""
    inner = task.get_coro()
    while inner is not None:
        frame = getattr(inner, "cr_frame", None) or getattr(inner, "gi_frame", None) or getattr(inner, "ag_frame", None)
        if frame is None:
            return
        yield frame
        inner = getattr(inner, "cr_await", None) or getattr(inner, "gi_yieldfrom", None) or getattr(inner, "ag_await", None)


def _targets(task):
    """(whether one of them is enough to hold it up, tasks that it waits for); None: it waits for something else, or does not wait."""
    inner = None
    for frame in _frames(task):
        if not frame.f_code.co_filename.startswith("<frozen asyncio"):
            continue
        names, code = frame.f_locals, frame.f_code
        inner = names.get("self")
        if code is _WAIT_A_WHILE or code is _WAIT and names["timer"] is not None:
            return None
        if code is _WAIT:
            return names["return_when"] != FIRST_COMPLETED, [future for future in names["fs"] if not future.done()]
        if code is _ACQUIRE and type(inner) is Lock:
            return (True, [inner._holder]) if inner._locked and inner._holder is not None else None
        if code is _TURN:
            return (False, list(inner._holders)) if inner._value == 0 and inner._holders is not None and inner._places == len(inner._holders) else None
        if code is _LEAVE_GROUP:
            return True, [each for each in inner._tasks if not each.done()]
    waiter = getattr(task, "_fut_waiter", None)
    if waiter is None or waiter.done() or inner is not None:
        return None
    return True, [each for each in getattr(waiter, "_children", [waiter]) if not each.done()]


def _stuck_from(task):
    """Of the task and those that it waits for, directly or not, those that are stuck."""
    waits, todo = {}, [task]
    while todo:
        each = todo.pop()
        if each not in waits and hasattr(each, "get_coro"):
            waits[each] = None if each.done() else _targets(each)
            todo += waits[each][1] if waits[each] else ()
    stuck = {each for each, found in waits.items() if found and found[1]}
    while True:
        free = {each for each in stuck if not (any if waits[each][0] else all)(other in stuck for other in waits[each][1])}
        if not free:
            return stuck
        stuck -= free


def _limited(loop):
    """The tasks that a time limit may cancel: those inside timeout() or wait_for(), those that wait() looks at for a time, and what they wait for."""
    todo = [callback.__self__._task for callback in loop._timer_callbacks() if isinstance(getattr(callback, "__self__", None), Timeout)]
    for task in all_tasks(loop):
        for frame in _frames(task):
            if frame.f_code is _WAIT_A_WHILE:
                todo.append(frame.f_locals["future"])
            elif frame.f_code is _WAIT and frame.f_locals["timer"] is not None:
                todo += frame.f_locals["fs"]
    found = set()
    while todo:
        each = todo.pop()
        if each in found:
            continue
        found.add(each)
        if hasattr(each, "get_coro"):
            targets = _targets(each)
            todo += targets[1] if targets else ()
        todo += getattr(each, "_children", ())
    return found


def _may_be_freed(loop, stuck):
    """Whether somebody could release a semaphore that is not his own, or a task that goes on has one of the stuck ones at hand."""
    if any(isinstance(frame.f_locals.get("self"), Semaphore) for task in stuck for frame in _frames(task)):
        return True
    return any(_refers(task, stuck) for task in all_tasks(loop) - stuck if not _stuck_from(task) & stuck)


def _refers(task, others):
    """Whether the task has one of the others at hand, in a variable or in a container that is in one."""
    for frame in _frames(task):
        for value in frame.f_locals.values():
            parts = value.values() if type(value) is dict else value if type(value) in (list, tuple, set) else (value,)
            if any(part in others for part in parts if hasattr(part, "get_coro")):
                return True
    return False


def _paragraph(task, tasks):
    frames, waits_for = [], None
    for frame in _frames(task):
        code = frame.f_code
        if code.co_filename.startswith("<frozen"):
            waits_for = waits_for or _described(frame.f_locals.get("self"), task)
        else:
            frames.append((code.co_filename, frame.f_lineno, code.co_name))
    waits_for = waits_for or _awaited(task, tasks) or "a future"
    lines = [f"{task.get_name()} waits for {waits_for}:"]
    for name, line, function in frames:
        lines.append(f'  File "{name}", line {line}, in {function}')
        source = _source_line(name, line)
        if source:
            lines.append(f"    {source}")
    return "\n".join(lines) + "\n"


def _described(what, task):
    if what is None:
        return None
    kind = type(what)
    module = kind.__module__.partition(".")[0]
    holders = [what._holder] if kind is Lock and what._holder is not None else what._holders or [] if isinstance(what, Semaphore) else []
    took = ", which " + " and ".join(dict.fromkeys("it took itself" if holder is task else f"{holder.get_name()} took" for holder in holders)) if holders else ""
    return f"{'an' if module[0] in 'aeiou' else 'a'} {module}.{kind.__name__}{took}"


def _awaited(task, tasks):
    """The other task whose end it waits for, if that is what it waits for."""
    for other in tasks:
        if other is not task and getattr(task, "_fut_waiter", None) is other:
            return f"the end of {other.get_name()}"
    return None
