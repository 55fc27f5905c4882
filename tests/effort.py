"""How much work something is, told apart from how busy the machine is."""

import time
from collections.abc import Callable
from typing import Any

_TRIES = 5


def takes_at_most(seconds: float, action: Callable[[], Any]) -> bool:
    """Whether `action` is done within so many seconds of this thread's processor time, at least once in five tries.

    A neighbour on the same core or a collection of this process's garbage can double a time, not lower it: what
    cannot be done in time at all never is.
    """
    return any(_took(action) <= seconds for _ in range(_TRIES))


def _took(action: Callable[[], Any]) -> float:
    began = time.thread_time()
    action()
    return time.thread_time() - began
