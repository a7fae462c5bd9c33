# SPDX-License-Identifier: MIT
"""What is said when a loop is about to wait for ever: which tasks wait, where, and for what."""
from asyncio.stacks import _source_line
from asyncio.tasks import all_tasks


def report(loop):
    """A text about the tasks of a loop that nothing will wake; None if no task waits."""
    tasks = sorted((task for task in all_tasks(loop) if not task.done()), key=lambda task: (len(task.get_name()), task.get_name()))
    if not tasks:
        return None
    head = "a task waits for what can never come." if len(tasks) == 1 else f"{len(tasks)} tasks wait for each other, and none of them can go on."
    return head + "\n\n" + "\n".join(_paragraph(task, tasks) for task in tasks)


def _paragraph(task, tasks):
    frames, waits_for = [], None
    inner = task.get_coro()
    while inner is not None:
        frame = getattr(inner, "cr_frame", None) or getattr(inner, "gi_frame", None) or getattr(inner, "ag_frame", None)
        if frame is None:
            break
        code = frame.f_code
        if code.co_filename.startswith("<frozen"):
            waits_for = waits_for or _described(frame.f_locals.get("self"))
        else:
            frames.append((code.co_filename, frame.f_lineno, code.co_name))
        inner = getattr(inner, "cr_await", None) or getattr(inner, "gi_yieldfrom", None) or getattr(inner, "ag_await", None)
    waits_for = waits_for or _awaited(task, tasks) or "a future"
    lines = [f"{task.get_name()} waits for {waits_for}:"]
    for name, line, function in frames:
        lines.append(f'  File "{name}", line {line}, in {function}')
        source = _source_line(name, line)
        if source:
            lines.append(f"    {source}")
    return "\n".join(lines) + "\n"


def _described(what):
    if what is None:
        return None
    kind = type(what)
    module = kind.__module__.partition(".")[0]
    return f"{'an' if module[0] in 'aeiou' else 'a'} {module}.{kind.__name__}"


def _awaited(task, tasks):
    """The other task whose end it waits for, if that is what it waits for."""
    for other in tasks:
        if other is not task and getattr(task, "_fut_waiter", None) is other:
            return f"the end of {other.get_name()}"
    return None
