# SPDX-License-Identifier: MIT
"""timeout(): a time limit for a block of code."""
from . import events, exceptions, tasks

__all__ = ("Timeout", "timeout", "timeout_at")

# CREATED --__aenter__--> ENTERED --time is up--> EXPIRING --__aexit__--> EXPIRED
#                            '--------------__aexit__----------------> EXITED
_CREATED, _ENTERED, _EXPIRING, _EXPIRED, _EXITED = "created", "active", "expiring", "expired", "finished"


class Timeout:
    """Cancels the task that is inside when the time has come, and turns that into TimeoutError."""

    def __init__(self, when):
        self._state = _CREATED
        self._timer = self._task = None
        self._when = when

    def when(self):
        """The time of the loop's clock, or None."""
        return self._when

    def reschedule(self, when):
        """Set another time; None: no limit."""
        if self._state != _ENTERED:
            if self._state == _CREATED:
                raise RuntimeError("Timeout has not been entered")
            raise RuntimeError(f"Cannot change state of {self._state} Timeout")
        self._when = when
        if self._timer is not None:
            self._timer.cancel()
        if when is None:
            self._timer = None
            return
        loop = events.get_running_loop()
        if when <= loop.time():
            self._timer = loop.call_soon(self._time_is_up)
        else:
            self._timer = loop.call_at(when, self._time_is_up)

    def expired(self):
        """Whether the time has come while inside."""
        return self._state in (_EXPIRING, _EXPIRED)

    def __repr__(self):
        when = ""
        if self._state == _ENTERED:
            when = f" when={None if self._when is None else round(self._when, 3)}"
        return f"<Timeout [{self._state}]{when}>"

    async def __aenter__(self):
        if self._state != _CREATED:
            raise RuntimeError("Timeout has already been entered")
        task = tasks.current_task()
        if task is None:
            raise RuntimeError("Timeout should be used inside a task")
        self._state = _ENTERED
        self._task = task
        self._cancelling = task.cancelling()
        self.reschedule(self._when)
        return self

    async def __aexit__(self, exc_type, exc, traceback):
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._state == _EXPIRING:
            self._state = _EXPIRED
            if self._task.uncancel() <= self._cancelling and exc_type is exceptions.CancelledError:
                raise TimeoutError
        elif self._state == _ENTERED:
            self._state = _EXITED

    def _time_is_up(self):
        self._task.cancel()
        self._state = _EXPIRING
        self._timer = None


def timeout(delay):
    """`async with timeout(seconds):` None: no limit."""
    return Timeout(None if delay is None else events.get_running_loop().time() + delay)


def timeout_at(when):
    """The same with a time of the loop's clock."""
    return Timeout(when)
