# SPDX-License-Identifier: MIT
"""Where a task waits: Task.get_stack() and Task.print_stack()."""
import sys


def get_stack(task, limit):
    """The frames of a task: where it waits, or where it failed; at most `limit`."""
    coro = task.get_coro()
    frame = getattr(coro, "cr_frame", None) or getattr(coro, "gi_frame", None)
    frames = []
    if frame is not None:
        while frame is not None and (limit is None or len(frames) < limit):
            frames.append(frame)
            frame = frame.f_back
        frames.reverse()
    elif task._exception is not None:
        traceback = task._exception.__traceback__
        while traceback is not None and (limit is None or len(frames) < limit):
            frames.append(traceback.tb_frame)
            traceback = traceback.tb_next
    return frames


def print_stack(task, limit, file):
    """Write them to a file."""
    file = sys.stderr if file is None else file
    frames = get_stack(task, limit)
    exception = task._exception
    if not frames:
        print(f"No stack for {task!r}", file=file)
    elif exception is not None:
        print(f"Traceback for {task!r} (most recent call last):", file=file)
    else:
        print(f"Stack for {task!r} (most recent call last):", file=file)
    for frame in frames:
        code = frame.f_code
        print(f'  File "{code.co_filename}", line {frame.f_lineno}, in {code.co_name}', file=file)
        line = _source_line(code.co_filename, frame.f_lineno)
        if line:
            print(f"    {line}", file=file)
    if exception is not None:
        kind = type(exception)
        name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
        text = str(exception)
        print(f"{name}: {text}" if text else name, file=file)


def _source_line(filename, number):
    try:
        with open(filename, encoding="utf-8", errors="replace") as source:
            for at, line in enumerate(source, 1):
                if at == number:
                    return line.strip()
    except OSError:
        pass
    return ""
