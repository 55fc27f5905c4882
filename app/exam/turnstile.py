"""Many want to start at one instant: who comes at once, and when it is the turn of the others."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from math import inf
from threading import Lock

AT_ONCE_S = 0.05  # who would wait for less is not sent away for it
QUIET_S = 0.2  # who comes that long after the last one is no crowd
SENT_AWAY_S = 1.5  # no shorter: meanwhile all the others are told when to come
_SHARE = 1.6  # starts take five eighths of a server's time: what was started saves its answers meanwhile
_FIRST_GUESS_S = 0.01
_STEP = 1.03  # how far the guess moves with each start: it follows the median, whatever a few take
_MOST_GUESSES = 5  # a start counts for no more than so many: the first one of a process is slow for reasons of its own
_SHORTEST_S, _LONGEST_S = 0.002, 0.1


@dataclass(frozen=True, slots=True)
class Booking:
    """What somebody has of the line: their turn is in `wait_s` seconds, 0.0 for at once.

    `booked_s` of the line were taken for their start, a guess; 0.0 for who took nothing. It is `told` once a request
    was answered with their turn.
    """

    wait_s: float = 0.0
    booked_s: float = 0.0
    told: bool = False


class Turnstile:
    """The line before a start, of one process: each who comes books a turn, one after the other.

    How far apart they are is learned from how long starts take here. Times are seconds of one monotonic clock, which
    the caller reads.
    """

    def __init__(self) -> None:
        self._each_s = _FIRST_GUESS_S
        self._free_at = 0.0
        self._at_work = 0
        self._came_at = -inf
        # Of who was sent away, as they come: when, and what was booked.
        self._turns: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._mutex = Lock()

    def come(self, now_s: float) -> Booking | None:
        """Book what starts at once; None where there is a line."""
        with self._mutex:
            is_alone, self._came_at = now_s - self._came_at >= QUIET_S, now_s
            is_gap = is_alone and self._is_gap(now_s)
            return self._booked(now_s) if is_gap or self._free_at - now_s <= AT_ONCE_S else None

    def book(self, now_s: float, who: Hashable, most_s: float = inf) -> Booking:
        """Take the next turn. Who has a turn to come keeps that, and takes no other.

        Who would wait for `most_s` or longer comes at once, and takes nothing.
        """
        with self._mutex:
            while self._turns and next(iter(self._turns.values()))[0] <= now_s:
                self._turns.popitem(last=False)
            kept_at, booked_s = self._turns.get(who, (now_s, 0.0))  # one that is past can be behind another that is not
            if kept_at > now_s:
                return Booking(kept_at - now_s, booked_s, told=True) if kept_at - now_s < most_s else Booking()
            if self._free_at - now_s <= AT_ONCE_S:
                return self._booked(now_s)
            turn_at = max(self._free_at, now_s + SENT_AWAY_S)
            if turn_at - now_s >= most_s:
                return Booking()
            booking = self._booked(turn_at, turn_at - now_s)
            self._turns.pop(who, None)  # or the new one stood where the old one did
            self._turns[who] = turn_at, booking.booked_s
            return booking

    def enter(self) -> int:
        """Note that a start is at work; return how many are, which share the process."""
        with self._mutex:
            self._at_work += 1
            return self._at_work

    def leave(self, took_s: float, together: int, booking: Booking, *, is_made: bool) -> None:
        """Note that a start is done: how long it took, what `enter` had returned, and whether it was one.

        A start that was refused gives back what was booked for it, or whoever may not start could hold up the line;
        but nobody gives back the turn that they were told: it may be sent again.
        """
        with self._mutex:
            shared_by = (together + self._at_work) / 2  # when it began and now
            own_s = min(took_s / shared_by, _MOST_GUESSES * self._each_s)
            self._at_work -= 1
            if not is_made:
                self._free_at -= 0.0 if booking.told else booking.booked_s
                return
            self._free_at += _SHARE * own_s - booking.booked_s
            if booking.booked_s:  # others open again what they have started, which takes less
                nearer = self._each_s * (_STEP if own_s > self._each_s else 1 / _STEP)
                self._each_s = min(max(nearer, _SHORTEST_S), _LONGEST_S)

    def _is_gap(self, now_s: float) -> bool:
        """Whether hardly anybody has their turn about now: before the first turns, and between the last ones, nobody
        is served.
        """
        about_s = max(AT_ONCE_S, 2 * _SHARE * self._each_s)
        return sum(abs(turn_at - now_s) <= about_s for turn_at, _ in self._turns.values()) <= 1

    def _booked(self, turn_at: float, wait_s: float = 0.0) -> Booking:
        """The next of the line is free after this one."""
        booked_s = _SHARE * self._each_s
        self._free_at = max(turn_at, self._free_at) + booked_s
        return Booking(wait_s, booked_s)
