"""Cards as a plan reads them, by hand or at random."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import strategies as st

from app.srs.plan import PlannedCard
from tests.bench.memory import Card
from tests.srs.logs import TODAY


def card(id_: int, *answers: tuple[int, int]) -> Card:
    """A card with these answers: how many days ago, and the grade."""
    made = Card(id_)
    for days_ago, grade in answers:
        made.history.append((TODAY - timedelta(days_ago), grade))
    return made


@st.composite
def _histories(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    days = draw(st.lists(st.integers(0, 40), max_size=6, unique=True))
    return tuple((day, draw(st.integers(0, 5))) for day in sorted(days, reverse=True))


DECKS: st.SearchStrategy[Sequence[PlannedCard]] = st.lists(_histories(), max_size=12).map(
    lambda found: [card(number, *answers) for number, answers in enumerate(found)]
)
EXAMS = st.integers(1, 40).map(lambda days: TODAY + timedelta(days))
