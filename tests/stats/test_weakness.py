"""The weakest cards first."""

from hypothesis import given
from hypothesis import strategies as st

from app.stats.weakness import Met, weakest

CARDS = st.lists(
    st.builds(
        Met,
        id=st.integers(1, 10_000),
        streak=st.integers(0, 9),
        lapses=st.integers(0, 12),
        ease_permille=st.integers(1300, 3000),
        interval_days=st.integers(1, 200),
    ),
    unique_by=lambda card: card.id,
)


def test_what_was_missed_last_comes_first_then_the_most_forgotten_then_the_hardest() -> None:
    hard = Met(1, 3, 0, 1500, 6)
    easy = Met(2, 3, 0, 2500, 6)
    forgotten = Met(3, 3, 2, 2500, 6)
    missed = Met(4, 0, 1, 2500, 1)

    assert weakest([easy, hard, forgotten, missed], 10) == [4, 3, 1, 2]


@given(CARDS, st.integers(0, 50))
def test_fewer_are_the_beginning_of_more(cards: list[Met], many: int) -> None:
    every = weakest(cards, len(cards))

    assert weakest(reversed(cards), many) == every[:many]
    assert sorted(every) == sorted(card.id for card in cards)
