"""The night before: the cards on the edge, and no others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.srs.eve import LEAST, MOST, borderline, evening
from app.srs.plan import memories

TODAY = date(2026, 11, 25)


@dataclass(frozen=True)
class Seen:
    """A card by its first answer of each day."""

    id: int
    history: Sequence[tuple[date, int]]


def ago(*answers: tuple[int, int]) -> list[tuple[date, int]]:
    """A history by days before today and grade, oldest first."""
    return [(TODAY - timedelta(days), grade) for days, grade in sorted(answers, reverse=True)]


decks = st.lists(
    st.dictionaries(st.integers(0, 40), st.integers(0, 5), max_size=6).map(lambda days: ago(*days.items())), max_size=12
).map(lambda histories: [Seen(place, history) for place, history in enumerate(histories)])


def test_a_card_on_the_edge_is_asked_and_neither_a_sure_nor_a_lost_one() -> None:
    sure, edge, lost = (
        Seen(1, ago((60, 5), (40, 5), (20, 5), (1, 5))),
        Seen(2, ago((8, 4))),
        Seen(3, ago((40, 1))),
    )

    assert [choice.id for choice in borderline(TODAY, [sure, edge, lost])] == [2]


@given(decks)
def test_nothing_new_and_nothing_answered_today_is_asked(cards: list[Seen]) -> None:
    asked = {choice.id for choice in borderline(TODAY, cards)}

    assert all(card.history and card.history[-1][0] < TODAY for card in cards if card.id in asked)


@given(decks)
def test_every_card_asked_is_as_likely_recalled_tomorrow_as_the_rule_says(cards: list[Seen]) -> None:
    known = memories([card for card in cards if card.history])
    asked = {choice.id for choice in borderline(TODAY, cards)}

    on_the_edge = {
        id_
        for id_, memory in known.items()
        if memory.last < TODAY and LEAST <= memory.recall(TODAY + timedelta(1)) <= MOST
    }
    assert asked == on_the_edge


@given(decks, st.integers(1, 60))
def test_an_evening_holds_no_more_than_its_minutes(cards: list[Seen], minutes: int) -> None:
    asked = evening(TODAY, cards, minutes, unit_s=20)

    assert len(asked) * 20 <= minutes * 60
