# SPDX-License-Identifier: MIT
"""Child processes: their transport, and Process with streams on top. The end of a child is seen through its pidfd."""
import os
import subprocess
import threading

from . import connections, events, protocols, streams, tasks, transports

__all__ = ("create_subprocess_exec", "create_subprocess_shell")

PIPE = subprocess.PIPE
STDOUT = subprocess.STDOUT
DEVNULL = subprocess.DEVNULL
_LIMIT = 64 * 1024


# ---- The transport
class _PipeProtocol(protocols.Protocol):
    def __init__(self, child, fd):
        self.child, self.fd = child, fd
        self.pipe = None
        self.disconnected = False

    def connection_made(self, transport):
        self.pipe = transport

    def connection_lost(self, error):
        self.disconnected = True
        self.child._pipe_lost(self.fd, error)

    def data_received(self, data):
        self.child._tell(self.child._protocol.pipe_data_received, self.fd, data)

    def pause_writing(self):
        self.child._protocol.pause_writing()

    def resume_writing(self):
        self.child._protocol.resume_writing()


class ProcessTransport(transports.SubprocessTransport):
    """A child process."""

    def __init__(self, loop, protocol, process):
        super().__init__()
        self._loop, self._protocol, self._process = loop, protocol, process
        self._extra["subprocess"] = process
        self._pid = process.pid
        self._returncode = None
        self._pipes = {}
        self._pending = []                  # what to tell once the protocol knows of the connection
        self._closed = self._finished = False
        self._waiters = []

    def __repr__(self):
        state = "closed" if self._closed else "running" if self._returncode is None else f"returncode={self._returncode}"
        return f"<{type(self).__name__} pid={self._pid} {state}>"

    async def _connect(self):
        """Open the pipes, tell the protocol, and watch for the end."""
        process = self._process
        for fd, pipe, reads in ((0, process.stdin, False), (1, process.stdout, True), (2, process.stderr, True)):
            if pipe is not None:
                connect = self._loop.connect_read_pipe if reads else self._loop.connect_write_pipe
                _, self._pipes[fd] = await connect(lambda fd=fd: _PipeProtocol(self, fd), pipe)
        self._loop.call_soon(self._protocol.connection_made, self)
        pending, self._pending = self._pending, None
        for callback, args in pending:
            self._loop.call_soon(callback, *args)
        self._watch()

    def _watch(self):
        try:
            self._pidfd = os.pidfd_open(self._pid)
        except OSError:
            self._pidfd = None
            threading.Thread(target=self._wait_in_thread, name=f"waitpid-{self._pid}", daemon=True).start()
        else:
            self._loop.add_reader(self._pidfd, self._on_exit)

    def _on_exit(self):
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        self._pidfd = None
        self._exited(self._process.wait())

    def _wait_in_thread(self):
        code = self._process.wait()
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._exited, code)

    def _exited(self, code):
        self._returncode = code
        self._tell(self._protocol.process_exited)
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(code)
        self._waiters = None
        self._finish_if_over()

    def _tell(self, callback, *args):
        if self._pending is not None:
            self._pending.append((callback, args))
        else:
            self._loop.call_soon(callback, *args)

    def _pipe_lost(self, fd, error):
        self._tell(self._protocol.pipe_connection_lost, fd, error)
        self._finish_if_over()

    def _finish_if_over(self):
        if self._returncode is not None and not self._finished and all(each.disconnected for each in self._pipes.values()):
            self._finished = True
            self._tell(self._lose)

    def _lose(self):
        self._protocol.connection_lost(None)
        self._closed = True

    async def _wait(self):
        if self._returncode is None:
            waiter = self._loop.create_future()
            self._waiters.append(waiter)
            await waiter
        return self._returncode

    def set_protocol(self, protocol):
        """Tell another protocol from now on."""
        self._protocol = protocol

    def get_protocol(self):
        """The protocol that is told."""
        return self._protocol

    def is_closing(self):
        """Whether it was closed."""
        return self._closed

    def get_pid(self):
        """The child's number."""
        return self._pid

    def get_returncode(self):
        """How it ended; None: it has not."""
        return self._returncode

    def get_pipe_transport(self, fd):
        """The transport of one of its pipes, or None."""
        return self._pipes[fd].pipe if fd in self._pipes else None

    def send_signal(self, signal):
        """Send it a signal."""
        if self._returncode is not None:
            raise ProcessLookupError()
        self._process.send_signal(signal)

    def terminate(self):
        """Ask it to end."""
        self.send_signal(15)

    def kill(self):
        """End it."""
        self.send_signal(9)

    def close(self):
        """Close its pipes, and end it if it still runs."""
        if self._closed:
            return
        self._closed = True
        for each in self._pipes.values():
            if each.pipe is not None:
                each.pipe.close()
        if self._returncode is None and self._process.poll() is None:
            try:
                self._process.kill()
            except (ProcessLookupError, PermissionError):
                pass


async def _start(loop, protocol_factory, command, shell, kwargs):
    universal = {key: kwargs.pop(key, default) for key, default in (("universal_newlines", False), ("bufsize", 0), ("encoding", None), ("errors", None), ("text", None))}
    if universal["universal_newlines"] or universal["text"]:
        raise ValueError("universal_newlines must be False" if universal["universal_newlines"] else "text must be False")
    if universal["bufsize"] != 0:
        raise ValueError("bufsize must be 0")
    if universal["encoding"] is not None:
        raise ValueError("encoding must be None")
    if universal["errors"] is not None:
        raise ValueError("errors must be None")
    protocol = protocol_factory()
    process = subprocess.Popen(command, shell=shell, bufsize=0, **kwargs)
    transport = ProcessTransport(loop, protocol, process)
    try:
        await transport._connect()
    except BaseException:
        transport.close()
        await transport._wait() if transport._pending is None else None
        raise
    return transport, protocol


async def subprocess_exec(loop, protocol_factory, program, *args, stdin=PIPE, stdout=PIPE, stderr=PIPE, **kwargs):
    if kwargs.pop("shell", False):
        raise ValueError("shell must be False")
    return await _start(loop, protocol_factory, (program, *args), False, dict(kwargs, stdin=stdin, stdout=stdout, stderr=stderr))


async def subprocess_shell(loop, protocol_factory, cmd, *, stdin=PIPE, stdout=PIPE, stderr=PIPE, **kwargs):
    if not isinstance(cmd, (bytes, str)):
        raise ValueError("cmd must be a string")
    if not kwargs.pop("shell", True):
        raise ValueError("shell must be True")
    return await _start(loop, protocol_factory, cmd, True, dict(kwargs, stdin=stdin, stdout=stdout, stderr=stderr))


# ---- Process
class SubprocessStreamProtocol(streams.FlowControlMixin, protocols.SubprocessProtocol):
    """Between the transport and the streams of a Process."""

    def __init__(self, limit, loop):
        super().__init__(loop=loop)
        self._limit = limit
        self.stdin = self.stdout = self.stderr = self._transport = None
        self._exited = False
        self._open = []
        self._stdin_closed = loop.create_future()

    def connection_made(self, transport):
        self._transport = transport
        for fd, name in ((1, "stdout"), (2, "stderr")):
            pipe = transport.get_pipe_transport(fd)
            if pipe is not None:
                reader = streams.StreamReader(limit=self._limit, loop=self._loop)
                reader.set_transport(pipe)
                setattr(self, name, reader)
                self._open.append(fd)
        pipe = transport.get_pipe_transport(0)
        if pipe is not None:
            self.stdin = streams.StreamWriter(pipe, self, None, self._loop)

    def pipe_data_received(self, fd, data):
        reader = self.stdout if fd == 1 else self.stderr
        if reader is not None:
            reader.feed_data(data)

    def pipe_connection_lost(self, fd, exc):
        if fd == 0:
            if self.stdin is not None:
                self.stdin.close()
            self.connection_lost(exc)
            if not self._stdin_closed.done():
                if exc is None:
                    self._stdin_closed.set_result(None)
                else:
                    self._stdin_closed.set_exception(exc)
                    self._stdin_closed.exception()      # it is told through drain(), too
            return
        reader = self.stdout if fd == 1 else self.stderr
        if reader is not None:
            reader.feed_eof() if exc is None else reader.set_exception(exc)
        if fd in self._open:
            self._open.remove(fd)
        self._close_if_over()

    def process_exited(self):
        self._exited = True
        self._close_if_over()

    def _close_if_over(self):
        if self._exited and not self._open and self._transport is not None:
            self._transport.close()
            self._transport = None

    def _get_close_waiter(self, stream):
        return self._stdin_closed


class Process:
    """A child process, with streams for its pipes."""

    def __init__(self, transport, protocol, loop):
        self._transport, self._protocol, self._loop = transport, protocol, loop
        self.stdin, self.stdout, self.stderr = protocol.stdin, protocol.stdout, protocol.stderr
        self.pid = transport.get_pid()

    def __repr__(self):
        return f"<{type(self).__name__} {self.pid}>"

    @property
    def returncode(self):
        """How it ended; None: it has not."""
        return self._transport.get_returncode()

    async def wait(self):
        """Wait until it ends: its return code."""
        return await self._transport._wait()

    def send_signal(self, signal):
        """Send it a signal."""
        self._transport.send_signal(signal)

    def terminate(self):
        """Ask it to end."""
        self._transport.terminate()

    def kill(self):
        """End it."""
        self._transport.kill()

    async def _feed(self, data):
        try:
            if data is not None:
                self.stdin.write(data)
                await self.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            pass                            # it does not read what it is given
        self.stdin.close()

    async def _read(self, reader):
        return None if reader is None else await reader.read()

    async def communicate(self, input=None):
        """Give it input, read all its output, wait until it ends: (stdout, stderr)."""
        jobs = [self._read(self.stdout), self._read(self.stderr)]
        if self.stdin is not None:
            jobs.append(self._feed(input))
        out, err, *_ = await tasks.gather(*jobs)
        await self.wait()
        return out, err


async def create_subprocess_shell(cmd, stdin=None, stdout=None, stderr=None, limit=_LIMIT, **kwds):
    """Run a shell's command: a Process."""
    loop = events.get_running_loop()
    transport, protocol = await loop.subprocess_shell(lambda: SubprocessStreamProtocol(limit, loop), cmd, stdin=stdin, stdout=stdout, stderr=stderr, **kwds)
    await _connected(protocol)
    return Process(transport, protocol, loop)


async def create_subprocess_exec(program, *args, stdin=None, stdout=None, stderr=None, limit=_LIMIT, **kwds):
    """Run a program: a Process."""
    loop = events.get_running_loop()
    transport, protocol = await loop.subprocess_exec(lambda: SubprocessStreamProtocol(limit, loop), program, *args, stdin=stdin, stdout=stdout, stderr=stderr, **kwds)
    await _connected(protocol)
    return Process(transport, protocol, loop)


async def _connected(protocol):
    while protocol._transport is None and not protocol._exited:
        await tasks.sleep(0)
