"""What is worked out once and kept in memory."""

import pytest

from app.services.kept import Kept


def test_a_value_is_made_once() -> None:
    kept: Kept[object] = Kept(most=2)

    assert kept.get("a", object) is kept.get("a", object)


def test_the_least_recently_used_is_dropped() -> None:
    kept: Kept[object] = Kept(most=2)
    first, second = kept.get("a", object), kept.get("b", object)
    kept.get("a", object)
    kept.get("c", object)

    assert kept.get("a", object) is first
    assert kept.get("b", object) is not second


def test_what_cannot_be_made_is_not_kept() -> None:
    kept: Kept[object] = Kept(most=2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 / 0)

    assert kept.get("a", lambda: 1) == 1


def test_nothing_is_kept_once_it_is_cleared() -> None:
    kept: Kept[object] = Kept(most=2)
    before = kept.get("a", object)
    kept.clear()

    assert kept.get("a", object) is not before
