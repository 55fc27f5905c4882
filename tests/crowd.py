"""A line before the start of exams, whoever comes."""

import pytest

from app.exam.turnstile import Booking, Turnstile


def gather(monkeypatch: pytest.MonkeyPatch, wait_s: float) -> None:
    """Have so many start that the next turn is in `wait_s` seconds."""

    def book(_line: Turnstile, _now_s: float, _who: object, most_s: float) -> Booking:
        return Booking(wait_s, 0.016) if wait_s < most_s else Booking()

    monkeypatch.setattr(Turnstile, "come", lambda *_: None)
    monkeypatch.setattr(Turnstile, "book", book)
