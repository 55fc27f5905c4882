"""Dear pages, made one at a time: a second one at the same moment would take the server from everybody."""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from app.errors import Busy

Given = ParamSpec("Given")
Made = TypeVar("Made")


def one_at_a_time(view: Callable[Given, Made]) -> Callable[Given, Made]:
    """Make a view's page in one thread of this process at a time; raises Busy at once for whoever comes meanwhile.

    Nobody waits in line: a waiting request would keep one of the few threads that save answers.
    """
    at_work = Lock()

    @wraps(view)
    def alone(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        if not at_work.acquire(blocking=False):
            raise Busy
        try:
            return view(*args, **kwargs)
        finally:
            at_work.release()

    return alone
