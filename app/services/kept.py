"""What was worked out once and is kept in this process, so that the next request need not."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")


class Kept(Generic[ValueT]):
    """Values by all that they depend on: a key that says less would show somebody an old one.

    At most `most` are kept, the least recently used are dropped. Two threads may make the same value at once: that
    costs time and nothing else.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, ValueT] = OrderedDict()
        self._mutex = Lock()

    def get(self, key: Hashable, make: Callable[[], ValueT]) -> ValueT:
        """The value of `key`, made when it is not kept; what `make` raises is raised, and nothing is kept."""
        with self._mutex:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()  # outside the lock: it reads the database, and others need not wait for that
        with self._mutex:
            self._values[key] = made
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return made

    def clear(self) -> None:
        """Keep nothing: for a process that goes on with another database."""
        with self._mutex:
            self._values.clear()
