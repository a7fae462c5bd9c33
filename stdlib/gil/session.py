# SPDX-License-Identifier: MIT
"""Sessions of the recorder: for `with gil.trace(…)` and for the options of the command line."""
import fcntl
import posix
import sys

import _gil

_session = None          # the one that runs


class Session:
    """One spool, which one or more traces share: each reads what lies between its own two times."""

    def __init__(self, records):
        self.records, self.users, self.pid = records, 0, posix.getpid()
        self.folder, self._lock = _make_folder()
        try:
            _gil.trace_start(self.folder, records)
        except BaseException:
            self.remove()
            raise

    def stop(self):
        _gil.trace_stop()

    def remove(self):
        """Take the recorded away."""
        _remove_folder(self.folder)
        posix.close(self._lock)

    def read(self, now):
        """The Run so far: a thread's last state lasts until now."""
        from gil.reader import read
        return read(self.folder, self.pid, now)


_LOCK = "lock"               # a file in the folder, locked for as long as a process of the session lives


def _make_folder():
    """A folder for what the processes record, and the descriptor of its lock."""
    place = posix.environ.get(b"TMPDIR", b"/tmp").decode("utf-8", "surrogateescape") or "/tmp"
    for attempt in range(100):
        folder = f"{place.rstrip('/') or '/'}/baton-trace-{posix.getpid()}-{_gil.now()}"
        try:
            posix.mkdir(folder, 0o700)
        except FileExistsError:
            continue
        lock = posix.open(f"{folder}/{_LOCK}", posix.O_RDWR | posix.O_CREAT | posix.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_left(place)
        return folder, lock
    raise FileExistsError(f"no folder for the trace can be made in {place}")


def _remove_left(place):
    """Removes the folders of programs that were killed: nobody has their locks."""
    for name in posix.listdir(place):
        if not name.startswith("baton-trace-"):
            continue
        try:
            lock = posix.open(f"{place}/{name}/{_LOCK}", posix.O_RDWR | posix.O_CLOEXEC | posix.O_NOFOLLOW)
        except OSError:
            continue           # somebody else's, or one that is being made
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove_folder(f"{place}/{name}")
        except OSError:
            pass               # its program runs
        finally:
            posix.close(lock)


def _remove_folder(folder):
    try:
        for name in posix.listdir(folder):
            posix.unlink(f"{folder}/{name}")
        posix.rmdir(folder)
    except OSError:
        pass                   # a child that still runs has put something in


def _open_session(records):
    global _session
    if _session is None or _session.pid != posix.getpid():
        _session = Session(records)
    elif records and not _session.records:
        raise RuntimeError("a report is being made without a trace: use --gil-trace, or leave out --gil-report")
    _session.users += 1
    return _session


def _recorded_by_parent():
    return _gil.is_tracing() and (_session is None or _session.pid != posix.getpid())


def _close_session(session, since, until):
    """The Run of one user; the last one ends the session."""
    global _session
    session.users -= 1
    if session.users:
        _gil.trace_flush()
        run = session.read(until)
    else:
        session.stop()
        _session = None
        try:
            run = session.read(until)
        finally:
            session.remove()
    if since is not None:
        run.cut(since, until)
    return run


def kind_of(file):
    """How a file of that name is written: "html", "json" or "text"; None: no way."""
    if file == "-" or file.endswith(".txt"):
        return "text"
    if file.endswith(".html") or file.endswith(".htm"):
        return "html"
    return "json" if file.endswith(".json") else None


def _check_writable(file):
    """Raises the OSError that writing the file would; leaves everything as it is."""
    flags = posix.O_WRONLY | posix.O_CLOEXEC
    try:
        posix.close(posix.open(file, flags))
    except FileNotFoundError:
        posix.close(posix.open(file, flags | posix.O_CREAT, 0o666))
        posix.unlink(file)


def _write_all(fd, text):
    data = memoryview(text.encode("utf-8", "backslashreplace"))
    while data:
        data = data[posix.write(fd, data):]


def write(run, file):
    """Writes the run as the file's name asks."""
    from gil.terminal import Terminal
    kind = kind_of(file)
    if file == "-":
        from gil.timeline import timeline
        if sys.stdout is not None:
            sys.stdout.flush()
        _write_all(1, timeline(run, Terminal(1)))
        return
    fd = posix.open(file, posix.O_WRONLY | posix.O_CREAT | posix.O_TRUNC | posix.O_CLOEXEC, 0o666)
    try:
        if kind == "html":
            from gil.page import chunks
        elif kind == "json":
            from gil.chrome import chunks
        else:
            from gil.timeline import timeline
            chunks = lambda run: (timeline(run, Terminal(fd)),)
        for chunk in chunks(run):
            _write_all(fd, chunk)
    finally:
        posix.close(fd)


class trace:
    """Records what threads do with the lock: `with gil.trace("run.html"): …`

    The file is written at the end: .html is a page, .json a trace for Perfetto, .txt or "-" a timeline. Without a file, the
    events are there to be asked for: `with gil.trace() as run: …`, then run.events(), run.report().
    """

    def __init__(self, file=None):
        if file is not None:
            file = file if isinstance(file, str) else posix.fspath(file)
            if isinstance(file, bytes):
                file = file.decode("utf-8", "surrogateescape")
            if kind_of(file) is None:
                raise ValueError(f"a trace is written to .html, .json, .txt or -, not to {file!r}")
        self.file = file
        self.run = self._session = None

    def __enter__(self):
        if self._session is not None:
            raise RuntimeError("this trace is running already")
        if _recorded_by_parent():
            sys.stderr.write(f"gil.trace: process {posix.getpid()} is recorded by its parent, whose trace has its lanes\n")
            return self
        if self.file not in (None, "-"):           # better now than at the end
            _check_writable(self.file)
        self._session = _open_session(True)
        self._since = _gil.now()
        return self

    def __exit__(self, *exc):
        session, self._session = self._session, None
        until = _gil.now()
        if session is None or session.pid != posix.getpid():
            return                                 # a forked child came here: the trace is its parent's
        self.run = _close_session(session, self._since, until)
        global last
        last = self.run
        if self.file is not None:
            write(self.run, self.file)

    def _finished(self):
        if self.run is None:
            raise RuntimeError("the trace has not ended yet")
        return self.run

    def events(self):
        """What happened, in the order of time: a list of gil.Event."""
        from gil.eventlist import events_of
        return events_of(self._finished())

    def report(self, width=80):
        """The report, as text."""
        from gil.report import report
        from gil.terminal import Terminal
        return report(self._finished(), Terminal(2, width, colours=False))


last = None                    # the Run of the last trace that ended


def run_so_far():
    """The Run of the session under way, or of the last one. None: there was none."""
    if _session is not None and _session.pid == posix.getpid() and _session.records:
        now = _gil.now()
        _gil.trace_flush()
        return _session.read(now)
    return last


# ---- the command line: interp/program.c calls these two
_wanted = None
_live = None


def start(report, file, live):
    """Before the program: begins what the options ask for. An error in words, or None."""
    global _wanted, _live
    if file is not None:
        if kind_of(file) is None:
            return f"--gil-trace writes to a FILE that ends with .html, .json or .txt, or to -, not to {file}"
        if file != "-":
            try:
                _check_writable(file)
            except OSError as error:
                return f"cannot write the trace to {file}: {error.strerror}"
            file = file if file.startswith("/") else f"{posix.getcwd()}/{file}"       # the program may go elsewhere
    _wanted = report, file, posix.getpid()
    try:
        if live:
            from gil.live import Live
            _live = Live()
        session = _open_session(file is not None or live)
        if live:
            _live.watch(session.folder)
    except OSError as error:
        return f"cannot record: {error}"
    return None


def finish():
    """After the program's end: writes what was asked for. An error in words, or None."""
    global _wanted, _live
    wanted, _wanted = _wanted, None
    if wanted is None or wanted[2] != posix.getpid() or _session is None:
        return None
    report, file, pid = wanted
    until = _gil.now()
    if _live is not None:
        _gil.trace_flush()
        _live.end()
        _live = None
    _session.users = 1                             # a `with gil.trace()` that never came to its end ends here
    run = _close_session(_session, None, until)
    try:
        if file is not None:
            write(run, file)
    except OSError as error:
        return f"cannot write the trace to {file}: {error.strerror}"
    finally:
        if report:
            from gil.report import report as text_of
            from gil.terminal import Terminal
            _write_all(2, text_of(run, Terminal(2)))
    return None
