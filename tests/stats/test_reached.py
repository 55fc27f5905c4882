"""How far a learner came with their cards: added up from columns, as one would card by card."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs.memory import recall
from app.stats import numbers, reached
from app.stats.mastery import MATURE_DAYS, Reach
from app.stats.reached import FORMAT, NEVER, Card, Cards

TODAY, NOW = 740_000, 20_780.5
TOPICS = {1: 7, 2: 8, 3: 7, 4: 8, 5: 7}  # question 6 is of no topic
TOTALS = {7: 30, 8: 2}

cards = st.builds(
    Card,
    st.integers(1, 6),
    st.integers(0, 99),
    st.sampled_from([0, 1, 6, MATURE_DAYS - 1, MATURE_DAYS, 400]),
    st.booleans(),
    st.sampled_from([TODAY - 3, TODAY, TODAY + 1, NEVER]),
    st.integers(0, TODAY),
    st.floats(NOW - 400, NOW + 2),
)
decks = st.lists(cards, unique_by=lambda card: card.question)


def by_hand(deck: Sequence[Card]) -> tuple[dict[int, Reach], int]:
    found, mine = {}, [card for card in deck if card.question in TOPICS]
    for topic in {TOPICS[card.question] for card in mine}:
        of = [card for card in mine if TOPICS[card.question] == topic]
        met = [card for card in of if card.interval_days]
        settled = sum(card.interval_days >= MATURE_DAYS for card in met)
        recalled = sum(recall(NOW - card.answered_at, card.interval_days) for card in met if not card.missed)
        found[topic] = Reach(TOTALS[topic], len(met), settled, sum(card.owed_from <= TODAY for card in of), recalled)
    return found, max((card.last_day for card in mine), default=0)


def alike(deck: Sequence[Card]) -> object:
    """What the cards come to, but for the last places of sums."""
    reaches, last = by_hand(deck)
    return {topic: pytest.approx(_numbers(reach)) for topic, reach in reaches.items()}, last


def told(columns: Cards) -> object:
    reaches, last = columns.reached(TOPICS.get, TOTALS, TODAY, NOW)
    return {topic: _numbers(reach) for topic, reach in reaches.items()}, last


def _numbers(reach: Reach) -> tuple[float, ...]:
    return reach.total, reach.seen, reach.mature, reach.due, reach.recalled


@given(decks)
def test_columns_add_up_to_what_the_cards_do(deck: list[Card]) -> None:
    assert told(Cards.of(deck, TOPICS.get)) == alike(deck)


@given(decks)
def test_a_course_that_moved_its_questions_since_is_added_up_by_its_topics_of_now(deck: list[Card]) -> None:
    before = {question: 15 - topic for question, topic in TOPICS.items() if question != 3}

    assert told(Cards.of(deck, before.get)) == alike(deck)


@given(decks, st.lists(cards))
def test_cards_that_changed_take_the_place_of_what_was_known(deck: list[Card], changed: list[Card]) -> None:
    columns = Cards.of(deck, TOPICS.get)

    columns.put(changed)

    now = list({card.question: card for card in [*deck, *changed]}.values())
    assert told(columns) == alike(now)
    assert sorted(zip(columns.questions, columns.versions, strict=True)) == sorted(
        (card.question, card.version) for card in now
    )


@given(decks)
def test_what_was_written_is_read(deck: list[Card]) -> None:
    columns = Cards.of(deck, TOPICS.get)

    assert Cards.read(columns.written()) == columns


def test_a_card_answered_after_the_instant_it_is_told_for_is_recalled_for_sure() -> None:
    columns = Cards.of(
        [Card(1, 1, 1, False, TODAY, TODAY, NOW + 0.3), Card(2, 1, 0, False, NEVER, TODAY, NOW + 0.3)], TOPICS.get
    )

    reaches, _ = columns.reached(TOPICS.get, TOTALS, TODAY, NOW)

    assert (reaches[7].recalled, reaches[8].recalled) == (1.0, 0.0)


WRITTEN = Cards.of([Card(1, 2, 3, False, TODAY, TODAY, NOW)], TOPICS.get).written()


@pytest.mark.parametrize(
    "content",
    [b"", b"no cards", WRITTEN[:-1], WRITTEN + b"\0", WRITTEN[:-5] + b"\x07" + WRITTEN[-4:], WRITTEN[:20] + WRITTEN],
    ids=["nothing", "text", "cut", "too long", "one byte another", "twice the head"],
)
def test_damaged_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        Cards.read(content)


@pytest.mark.parametrize("head", [[FORMAT + 1, MATURE_DAYS], [FORMAT, MATURE_DAYS + 1]])
def test_bytes_written_by_other_rules_are_refused(head: list[int]) -> None:
    other = numbers.written(head) + WRITTEN[8:-4]

    with pytest.raises(ValueError, match="another format"):
        Cards.read(other + reached._checksum(other))
