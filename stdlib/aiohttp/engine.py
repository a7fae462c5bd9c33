# SPDX-License-Identifier: MIT
"""libcurl's multi-socket interface on an event loop: which sockets it wants watched, and when it wants to be called."""
import _curl


class Engine:
    """The transfers of one session. Everything happens in the loop's thread."""

    def __init__(self, loop, limit, limit_per_host):
        self._loop, self._multi = loop, _curl.Multi()
        self._multi.limit(limit, limit_per_host)
        self._waiting = {}             # transfer -> future of its code
        self._watched = {}             # fd -> what libcurl wants to know of it
        self._timer = None

    def start(self, transfer):
        """Begin a transfer: a future of libcurl's code. Cancelling the future gives the transfer up."""
        future = self._loop.create_future()
        self._waiting[transfer] = future
        future.add_done_callback(lambda done: self._given_up(transfer) if done.cancelled() else None)
        self._multi.add(transfer)
        self._follow()
        return future

    def close(self):
        """Give every transfer up."""
        for transfer, future in list(self._waiting.items()):
            self._multi.remove(transfer)
            future.cancel()
        self._waiting.clear()
        self._follow()
        for fd in list(self._watched):
            self._watch(fd, _curl.POLL_REMOVE)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._multi = None

    def _given_up(self, transfer):
        if self._multi is not None and self._waiting.pop(transfer, None) is not None:
            self._multi.remove(transfer)
            self._follow()

    def _act(self, fd, what):
        if self._multi is None:
            return
        self._multi.action(fd, what)
        self._follow()
        for transfer, code in self._multi.ended():
            future = self._waiting.pop(transfer, None)
            if future is not None and not future.done():
                future.set_result(code)
        self._follow()

    def _follow(self):
        """Do what libcurl has asked for since we last looked."""
        if self._multi is None:
            return
        events, timeout = self._multi.wishes()
        for fd, what in events:
            self._watch(fd, what)
        if timeout is None:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if timeout == 0:
            self._timer = self._loop.call_soon(self._time_is_up)
        elif timeout > 0:
            self._timer = self._loop.call_later(timeout, self._time_is_up)

    def _time_is_up(self):
        self._timer = None
        self._act(-1, 0)

    def _watch(self, fd, what):
        before = self._watched.pop(fd, 0)
        if what != _curl.POLL_REMOVE:
            self._watched[fd] = what
        else:
            what = 0
        if what & _curl.POLL_IN:
            self._loop.add_reader(fd, self._act, fd, _curl.SELECT_IN)
        elif before & _curl.POLL_IN:
            self._loop.remove_reader(fd)
        if what & _curl.POLL_OUT:
            self._loop.add_writer(fd, self._act, fd, _curl.SELECT_OUT)
        elif before & _curl.POLL_OUT:
            self._loop.remove_writer(fd)
