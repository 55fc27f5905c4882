"""Random states and logs, made only by answers that the rules allow."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from app.srs.answering import Kind, kind_of
from app.srs.replay import NOTHING, Entry, Totals, advance, replay
from app.srs.sm2 import MAX_INTERVAL, MIN_EASE, NEW, CardState, Grade

TODAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GRADES = st.sampled_from(Grade)
PASSES = st.sampled_from([Grade.HARD, Grade.GOOD, Grade.EASY])
FAILURES = st.sampled_from([Grade.BLACKOUT, Grade.WRONG, Grade.CLOSE])

KNOWN = st.builds(
    CardState,
    streak=st.integers(0, 30),
    interval_days=st.integers(1, MAX_INTERVAL),
    ease_permille=st.integers(MIN_EASE, 4000),
    lapses=st.integers(0, 40),
    due=st.dates(TODAY - timedelta(400), TODAY + timedelta(400)),
)
STATES = st.just(NEW) | KNOWN
STEPS = st.lists(st.tuples(st.integers(0, 12), GRADES, st.booleans()), max_size=25)  # days on, grade, practice


def entry(
    number: int, grade: int | None, day: date = TODAY, kind: Kind = Kind.REVIEW, undoes: int | None = None
) -> Entry:
    """One row, answered `number` minutes past nine on its day."""
    at = MORNING + (day - TODAY) + timedelta(minutes=number)
    return Entry(number, kind, None if grade is None else Grade(grade), day, undoes, at)


def undoing(number: int, undone: int, day: date = TODAY) -> Entry:
    """The row that takes back row `undone`."""
    return entry(number, None, day, Kind.UNDO, undone)


def walk(steps: list[tuple[int, Grade, bool]]) -> list[Entry]:
    """A log as the application would write it: every answer gets the kind the rules give it."""
    log: list[Entry] = []
    totals: Totals = NOTHING
    day = TODAY
    for number, (days, grade, practice) in enumerate(steps, start=1):
        day += timedelta(days)
        kind = kind_of(totals.state, totals.drill_day == day, day, practice)
        log.append(entry(number, grade, day, kind))
        totals = advance(totals, log[-1])
    return log


WALKS = STEPS.map(walk)


@st.composite
def walks_with_undos(draw: st.DrawFn) -> list[Entry]:
    """A log whose owner changed their mind, some answers given after an undo."""
    log: list[Entry] = []
    day = TODAY
    for number, (days, grade, practice) in enumerate(draw(STEPS), start=1):
        day += timedelta(days)
        gone = {row.undoes for row in log}
        standing = [row.number for row in log if row.grade is not None and row.number not in gone]
        if standing and draw(st.integers(0, 3)) == 0:
            log.append(undoing(number, draw(st.sampled_from(standing)), day))
            continue
        totals = replay(log)
        log.append(entry(number, grade, day, kind_of(totals.state, totals.drill_day == day, day, practice)))
    return log
