"""Many want to start at one instant: who comes at once, and when it is the turn of the others."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from math import inf
from threading import Lock

AT_ONCE_S = 0.05  # who would wait for less is not sent away for it
SENT_AWAY_S = 1.5  # no shorter: meanwhile all the others are told when to come
_SHARE = 1.6  # starts take five eighths of a server's time: what was started saves its answers meanwhile
_FIRST_GUESS_S = 0.01
_STEP = 1.03  # how far the guess moves with each start: it follows the median, whatever a few take
_MOST_GUESSES = 5  # a start counts for no more than so many: the first one of a process is slow for reasons of its own
_SHORTEST_S, _LONGEST_S = 0.002, 0.1


@dataclass(frozen=True, slots=True)
class Booking:
    """What somebody has of the line: their turn is in `wait_s` seconds, 0.0 for at once.

    `booked_s` of the line were taken for their start, a guess; 0.0 for who took nothing. It is `told` when that was
    for an earlier request, which was answered with their turn.
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
        self._turns: OrderedDict[Hashable, float] = OrderedDict()  # of who was sent away, as they come
        self._mutex = Lock()

    def come(self, now_s: float) -> Booking | None:
        """Book what starts at once; None where there is a line."""
        with self._mutex:
            return self._booked(now_s) if self._free_at - now_s <= AT_ONCE_S else None

    def book(self, now_s: float, who: Hashable, most_s: float = inf) -> Booking:
        """Take the next turn. Who has a turn to come keeps that, and takes nothing.

        Who would wait for `most_s` or longer comes at once, and takes nothing.
        """
        with self._mutex:
            while self._turns and next(iter(self._turns.values())) <= now_s:
                self._turns.popitem(last=False)
            kept_s = self._turns.get(who, now_s) - now_s  # one that is past can be behind another that is not
            if kept_s > 0:
                return Booking(kept_s) if kept_s < most_s else Booking()
            if self._free_at - now_s <= AT_ONCE_S:
                return self._booked(now_s)
            turn_at = max(self._free_at, now_s + SENT_AWAY_S)
            if turn_at - now_s >= most_s:
                return Booking()
            self._turns.pop(who, None)  # or the new one stood where the old one did
            self._turns[who] = turn_at
            return self._booked(turn_at, turn_at - now_s)

    def in_turn(self) -> Booking:
        """What was booked for who comes in the turn that they were told, as far as is known: the guess of now."""
        with self._mutex:
            return Booking(booked_s=_SHARE * self._each_s, told=True)

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

    def _booked(self, turn_at: float, wait_s: float = 0.0) -> Booking:
        """The next of the line is free after this one."""
        booked_s = _SHARE * self._each_s
        self._free_at = max(turn_at, self._free_at) + booked_s
        return Booking(wait_s, booked_s)
