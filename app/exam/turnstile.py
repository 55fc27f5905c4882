"""Many want to start at one instant: who comes at once, and when it is the turn of the others."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

AT_ONCE_S = 0.05  # who would wait for less is not sent away for it
SENT_AWAY_S = 1.5  # no shorter: meanwhile all the others are told when to come
_SHARE = 1.6  # starts take five eighths of a server's time: what was started saves its answers meanwhile
_FIRST_GUESS_S = 0.01
_STEP = 1.03  # how far the guess moves with each start: it follows the median, whatever a few take
_MOST_GUESSES = 5  # a start counts for no more than so many: the first one of a process is slow for reasons of its own
_SHORTEST_S, _LONGEST_S = 0.002, 0.1


class Turnstile:
    """The line before a start, of one process: each who comes books a turn, one after the other.

    How far apart they are is learned from how long starts take here. Times are seconds of one monotonic clock, which
    the caller reads.
    """

    def __init__(self) -> None:
        self._each_s = _FIRST_GUESS_S
        self._free_at = 0.0
        self._at_work = 0
        self._turns: OrderedDict[Hashable, float] = OrderedDict()  # of who was sent away, as they come
        self._mutex = Lock()

    def is_free(self, now_s: float) -> bool:
        """Whether who comes now comes at once."""
        with self._mutex:
            return self._free_at - now_s <= AT_ONCE_S

    def book(self, now_s: float, who: Hashable) -> float:
        """Take the next turn; return in how many seconds it is, 0.0 for at once. Who has a turn to come keeps that."""
        with self._mutex:
            while self._turns and next(iter(self._turns.values())) <= now_s:
                self._turns.popitem(last=False)
            if who in self._turns:
                return self._turns[who] - now_s
            turn_at = max(now_s, self._free_at)
            is_sent_away = turn_at - now_s > AT_ONCE_S
            if is_sent_away:
                turn_at = self._turns[who] = max(turn_at, now_s + SENT_AWAY_S)
            self._free_at = turn_at + _SHARE * self._each_s
            return turn_at - now_s if is_sent_away else 0.0

    def enter(self) -> int:
        """Note that a start is at work; return how many are, which share the process."""
        with self._mutex:
            self._at_work += 1
            return self._at_work

    def leave(self, took_s: float, together: int, *, is_booked: bool, is_made: bool) -> None:
        """Note that a start is done: how long it took, what `enter` had returned, and whether it was one.

        `is_booked` says that its turn was booked for this very request: refused, it gives that back, or whoever may not
        start could hold up the line. A turn that was given earlier is given back by nobody: it may be sent again.
        """
        with self._mutex:
            shared_by = (together + self._at_work) / 2  # when it began and now
            own_s = min(took_s / shared_by, _MOST_GUESSES * self._each_s)
            self._at_work -= 1
            if is_made or is_booked:  # what was booked was a guess
                self._free_at += _SHARE * ((own_s if is_made else 0.0) - self._each_s)
            if not is_made:
                return
            nearer = self._each_s * (_STEP if own_s > self._each_s else 1 / _STEP)
            self._each_s = min(max(nearer, _SHORTEST_S), _LONGEST_S)
