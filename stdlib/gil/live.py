# SPDX-License-Identifier: MIT
"""The timeline while the program runs.

It is drawn by a process of its own, which reads the spool as it grows: so the watcher never takes the lock that it shows. That
process is a grandchild: the program waits for children of its own making only.
"""
import posix
import _gil
import _signal

_FRAME = 0.25          # seconds between two frames on a terminal
_LINE = 1.0            # between two lines elsewhere
_WINDOW = 5_000_000_000


class Live:
    """The program's side: two pipes to the watcher."""

    def __init__(self):
        words_in, self._words = posix.pipe()
        self._done, done_out = posix.pipe()
        pid = posix.fork()
        if pid == 0:
            try:
                posix.close(self._words)
                posix.close(self._done)
                if posix.fork() == 0:
                    _watch(words_in, done_out)
            finally:
                posix._exit(0)
        posix.waitpid(pid, 0)
        posix.close(words_in)
        posix.close(done_out)

    def watch(self, folder):
        posix.write(self._words, f"{folder}\n{posix.getpid()}\n".encode("utf-8", "surrogateescape"))

    def end(self):
        """The program has ended: waits until the last frame is drawn."""
        posix.close(self._words)
        while posix.read(self._done, 100):
            pass
        posix.close(self._done)


def _watch(words, done):
    """The watcher's life."""
    for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGTSTP, _signal.SIGQUIT):
        _signal.signal(number, _signal.SIG_IGN)        # it ends when the program does
    nowhere = posix.open("/dev/null", posix.O_RDWR)
    posix.dup2(nowhere, 0)
    posix.dup2(nowhere, 1)
    try:
        text = posix.read(words, 65536)
        while text.count(b"\n") < 2 and (more := posix.read(words, 65536)):
            text += more
        if text.count(b"\n") >= 2:
            folder, pid = text.decode("utf-8", "surrogateescape").split("\n")[:2]
            _draw_until_end(folder, int(pid), words)
    except OSError:
        pass                                           # the program's end took the spool, or the terminal, away
    finally:
        posix.close(done)
        posix._exit(0)


def _draw_until_end(folder, pid, words):
    from gil.terminal import Terminal
    terminal = Terminal(2)
    screen = _Region(terminal) if terminal.is_terminal else _Lines(terminal)
    source = _Tail(folder, pid)
    try:
        ended = False
        while not ended:
            ended = _wait(words, screen.pause)
            run = source.read()
            if run is not None:
                screen.draw(run)
    finally:
        screen.close()


def _wait(fd, seconds):
    """Whether the other end of the pipe was closed within so many seconds."""
    import select
    return bool(select.select([fd], [], [], seconds)[0]) and posix.read(fd, 100) == b""


class _Tail:
    """Reads what has come to the spool since the last time, and keeps the last seconds of it."""

    def __init__(self, folder, root):
        self.folder, self.root = folder, root
        self.names_at, self.events_at, self.processes = {}, {}, {}

    def _more(self, name, places):
        try:
            fd = posix.open(f"{self.folder}/{name}", posix.O_RDONLY | posix.O_CLOEXEC)
        except OSError:
            return b""
        try:
            posix.lseek(fd, places.get(name, 0), 0)
            parts = []
            while part := posix.read(fd, 1 << 20):
                parts.append(part)
            return b"".join(parts)
        finally:
            posix.close(fd)

    def read(self):
        """A Run of the last seconds; None: nothing has been recorded."""
        from gil.reader import RECORD, Lane, Process, Run, read_names
        now = _gil.now()
        for name in posix.listdir(self.folder):
            number = name.partition(".")[0]
            if not name.endswith(".names") or not number.isdecimal():
                continue
            pid = int(number)
            process, lanes = self.processes.setdefault(pid, (Process(pid), {}))
            events = f"{pid}.events"
            records = self._more(events, self.events_at)
            records = records[:len(records) // RECORD.size * RECORD.size]
            text = self._more(name, self.names_at)
            text = text[:text.rfind(b"\n") + 1]
            self.names_at[name] = self.names_at.get(name, 0) + len(text)
            self.events_at[events] = self.events_at.get(events, 0) + len(records)
            read_names(process, lanes, text)
            for number, (states, steps) in _gil.split(records).items():
                lane = lanes.setdefault(number, Lane(process, number, f"thread {number}"))
                lane.states += states
            for lane in lanes.values():
                lane.cut(now - _WINDOW, now + 1)
            process.lanes = [lane for number, lane in sorted(lanes.items()) if lane.states]
            if not process.complete:
                process.end = now
        processes = [process for process, lanes in self.processes.values() if process.start]
        if not processes:
            return None
        run = Run(sorted(processes, key=lambda process: (process.pid != self.root, process.start)))
        run.end = now if not run.processes[0].complete else run.end
        return run


def _frame(run, terminal, most):
    """Lines: a head, the lanes of the last seconds with shares."""
    from gil.summary import seconds
    from gil.timeline import lanes_text
    end = run.end
    start = max(end - _WINDOW, run.start)
    living = [lane for lane in run.lanes]
    head = f"the GIL, the last {seconds(max(end - start, 1))} of {seconds(run.wall)}: {len(living)} {'thread' if len(living) == 1 else 'threads'}"
    lines = [head[:terminal.width]]
    for line in lanes_text(run, terminal, start, end, most):
        if not line:
            break
        lines.append(line)
    return lines


class _Region:
    """The lowest lines of a terminal: what the program prints scrolls above them."""
    pause = _FRAME

    def __init__(self, terminal):
        self.terminal = terminal
        self.height = max(min(terminal.height // 3, 14), 4)
        top = max(terminal.height - self.height, 1)
        self._write("\n" * self.height + f"\x1b[{self.height}A\x1b7\x1b[1;{top}r\x1b8")

    def _write(self, text):
        data = text.encode()
        while data:
            data = data[posix.write(2, data):]

    def draw(self, run):
        top = self.terminal.height - self.height + 1
        lines = [self.terminal.plain(line) for line in _frame(run, self.terminal, self.height - 3)][:self.height]
        text = "\x1b7"
        for place in range(self.height):
            text += f"\x1b[{top + place};1H\x1b[2K" + (lines[place] if place < len(lines) else "")
        self._write(text + "\x1b8")

    def close(self):
        self._write(f"\x1b7\x1b[r\x1b8\x1b[{self.terminal.height};1H\n")


class _Lines:
    """Not a terminal: a plain line a second."""
    pause = _LINE

    def __init__(self, terminal):
        self.terminal = terminal
        self.before = {}

    def draw(self, run):
        from gil.summary import of_lane, percent
        shares = []
        for lane in run.lanes:
            row = of_lane(lane)
            span = max(row.last - row.first, 1)
            shares.append(f"{lane.name} holds {percent(row.held, span)} waits {percent(row.waited, span)}")
        text = f"baton: the GIL at {(run.end - run.start) / 1e9:.1f} s, the last 5 s: " + "; ".join(shares) + "\n"
        posix.write(2, self.terminal.plain(text).encode())

    def close(self):
        pass
