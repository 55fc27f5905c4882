"""What was worked out once and is kept in this process, so that the next request need not."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

ValueT = TypeVar("ValueT")
NameT = TypeVar("NameT", bound=Hashable)

_ALL: "WeakSet[Kept[Any]]" = WeakSet()


class Kept(Generic[ValueT]):
    """Values by all that they depend on: a key that says less would show somebody an old one.

    At most `most` are kept, the least recently used are dropped. Two threads may make the same value at once: that
    costs time and nothing else.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, ValueT] = OrderedDict()
        self._mutex = Lock()
        _ALL.add(self)

    def get(self, key: Hashable, make: Callable[[], ValueT]) -> ValueT:
        """The value of `key`, made when it is not kept; what `make` raises is raised, and nothing is kept."""
        with self._mutex:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()  # outside the lock: it reads the database, and others need not wait for that
        self._put({key: made})
        return made

    def get_all(
        self, keys: Mapping[NameT, Hashable], make: Callable[[Sequence[NameT]], Mapping[NameT, ValueT]]
    ) -> dict[NameT, ValueT]:
        """The values of these keys by name; `make` is called once, for the names whose values are not kept."""
        with self._mutex:
            found = {name: self._values[key] for name, key in keys.items() if key in self._values}
            for name in found:
                self._values.move_to_end(keys[name])
        missing = [name for name in keys if name not in found]
        if missing:
            made = make(missing)
            self._put({keys[name]: made[name] for name in missing})
            found |= made
        return found

    def found(self, key: Hashable) -> ValueT | None:
        """The value of `key` if it is kept."""
        with self._mutex:
            return self._values.get(key)

    def keep(self, key: Hashable, value: ValueT) -> None:
        """Keep a value in place of the one that was kept."""
        self._put({key: value})

    def drop(self, key: Hashable) -> None:
        """Keep the value of `key` no more."""
        with self._mutex:
            self._values.pop(key, None)

    def _put(self, made: Mapping[Hashable, ValueT]) -> None:
        with self._mutex:
            self._values |= made
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Keep nothing: for a process that goes on with another database."""
        with self._mutex:
            self._values.clear()


def forget() -> None:
    """Keep nothing of anything: for a process that goes on with another database, as tests do."""
    for kept in list(_ALL):
        kept.clear()
