"""What a learner answered before a study day: counted by topic, and stored."""

from collections.abc import Sequence
from datetime import date, timedelta
from zlib import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.stats import numbers
from app.stats.answered import Answers, Ends, Firsts, Given, Later, Responses, Told, add
from app.stats.answered_document import FORMAT, StoredEnds, ends_written, firsts_read, firsts_written
from app.stats.shares import Share

MARK = date(2026, 11, 23)
TOPICS = {1: "network", 2: "volumes", 3: "network"}  # question 4 is of no topic

Asked = tuple[int, int, bool]  # how many days before the mark, the question, whether it was right

firsts_asked = st.lists(st.tuples(st.integers(1, 28), st.integers(1, 4), st.booleans()))
later_asked = st.lists(st.tuples(st.integers(-12, 0), st.integers(1, 4), st.booleans()))
gone = st.integers(0, 40)
words = st.none() | st.sampled_from(['{"choice": "a"}', '{"typed": "\\u0000 é"}', '{"dont_know": true}'])
ends = st.builds(
    Ends, st.integers(1, 9), st.integers(1, 99), st.integers(730_000, 750_000), words, st.integers(0, 99),
    st.integers(730_000, 750_000), words,
)  # fmt: skip


def firsts_of(asked: Sequence[Asked], active: Sequence[int] = ()) -> Firsts:
    def only(right: bool) -> Given:
        chosen = sorted((days, question) for days, question, was_right in asked if was_right == right)
        return Given([days for days, _ in chosen], [question for _, question in chosen])

    return Firsts(MARK, only(True), only(False), active)


def later_of(asked: Sequence[Asked]) -> Sequence[Later]:
    return [Later(MARK - timedelta(days=days), key, Told.RIGHT if right else Told.WRONG) for days, key, right in asked]


def counts_of(asked: Sequence[Asked], topic: str, days: range) -> tuple[int, int]:
    """How many answers of a topic that are so many days ago were right, and how many there are, counted by hand."""
    chosen = [right for before, question, right in asked if TOPICS.get(question) == topic and before in days]
    return sum(chosen), len(chosen)


@given(firsts_asked, later_asked, gone)
def test_answers_are_those_of_the_last_seven_days_and_of_the_21_before_them(
    asked: list[Asked], later: list[Asked], days: int
) -> None:
    found = firsts_of(asked).joined(later_of(later)).answers(TOPICS.get, MARK + timedelta(days=days))

    for topic in set(TOPICS.values()):
        week, before = range(-days, 7 - days), range(7 - days, 28 - days)
        expected = Answers(*counts_of(asked + later, topic, week), *counts_of(asked + later, topic, before))
        assert found.get(topic, Answers()) == expected


@given(firsts_asked, later_asked, gone)
def test_of_the_28_days_each_answer_is_told(asked: list[Asked], later: list[Asked], days: int) -> None:
    firsts, today = firsts_of(asked).joined(later_of(later)), MARK + timedelta(days=days)

    right, wrong = firsts.keys(TOPICS.get, today)

    both = {topic: answers.both for topic, answers in firsts.answers(TOPICS.get, today).items()}
    told = {topic: Share(right.count(topic), right.count(topic) + wrong.count(topic)) for topic in TOPICS.values()}
    assert {topic: share for topic, share in told.items() if share.of} == {
        topic: share for topic, share in both.items() if share.of
    }


@pytest.mark.parametrize(("days", "active"), [(0, 3), (1, 2), (4, 1), (6, 0), (40, 0)])
def test_days_with_reviews_are_those_of_the_last_seven(days: int, active: int) -> None:
    firsts = firsts_of([], active=[1, 3, 6])

    assert firsts.active_days(MARK + timedelta(days=days)) == active


@pytest.mark.parametrize(("days", "active"), [(0, 2), (1, 2), (2, 3), (6, 2), (8, 1), (9, 0)])
def test_days_of_the_mark_and_later_are_counted_once_each_and_none_that_is_to_come(days: int, active: int) -> None:
    kinds = (Told.WRONG, Told.REVIEWED), (Told.RIGHT,), (Told.NOTHING,)
    came = [Later(MARK + timedelta(days=2 * ago), 1, told) for ago, kind in enumerate(kinds) for told in kind]
    firsts = firsts_of([], active=[2]).joined(came)

    assert firsts.active_days(MARK + timedelta(days=days)) == active


def test_what_nothing_came_after_stays_as_it_is() -> None:
    firsts = firsts_of([(3, 1, True)], active=[3])

    assert firsts.joined([]) is firsts


def test_the_answers_of_several_are_added_up() -> None:
    assert add([Answers(1, 2, 3, 4), Answers(10, 20, 30, 40)]) == Answers(11, 22, 33, 44)
    assert add([]) == Answers()


def test_the_ends_of_two_parts_of_a_log_are_the_first_and_the_last_of_both() -> None:
    early = Ends(1, number=2, day=10, wrong="first", last_number=5, last_day=12, last_wrong="last")
    late = Ends(1, number=3, day=11, wrong=None, last_number=4, last_day=11, last_wrong=None)

    assert early.joined(late) == late.joined(early) == early


@pytest.mark.parametrize(
    ("last_number", "last_day", "is_later"),
    [
        (2, 11, True),
        (2, 10, False),  # on the same day
        (2, 9, False),  # it waited on a device
        (0, 0, False),  # all are drills
    ],
)
def test_a_later_response_is_one_of_a_later_day(last_number: int, last_day: int, is_later: bool) -> None:
    told = Responses.none()

    told.add(7, Ends(1, 1, 10, "a", last_number, last_day, "b"))

    assert list(map(list, told)) == [[7], [(7, "a")], [7] * is_later, [(7, "b")] * is_later]


def test_a_right_response_is_among_none_of_the_wrong_ones() -> None:
    told = Responses.none()

    told.add(7, Ends(1, 1, 10, None, 2, 11, None))

    assert list(map(list, told)) == [[7], [], [7], []]


@given(firsts_asked, st.lists(st.integers(1, 7), unique=True))
def test_firsts_are_read_as_they_were_written(asked: list[Asked], active: list[int]) -> None:
    firsts = firsts_of(asked, active)

    read = firsts_read(MARK, firsts_written(firsts))

    known = [*firsts.right, *firsts.wrong, firsts.active]
    assert [list(column) for column in (*read.right, *read.wrong, read.active)] == known


@given(st.dictionaries(st.integers(1, 10_000), ends))
def test_ends_are_read_as_they_were_written(known: dict[int, Ends]) -> None:
    assert dict(StoredEnds(ends_written(known))) == known


@given(st.dictionaries(st.integers(1, 5), ends), st.dictionaries(st.integers(1, 5), st.integers(1, 9)))
def test_stored_responses_are_those_of_the_versions_asked_for(known: dict[int, Ends], versions: dict[int, int]) -> None:
    expected = Responses.none()
    for key, one in known.items():
        if versions.get(key) == one.version:
            expected.add(key, one)

    assert StoredEnds(ends_written(known)).responses(versions, {}) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no sums",
        compress(b""),
        compress(b"abc"),
        compress(numbers.written([FORMAT])),
        compress(numbers.written([FORMAT + 1, 0, 0, 0, 0, 0])),
        compress(numbers.written([FORMAT, 1, 0, 0, 0, 0])),
    ],
    ids=["nothing", "text", "no numbers", "half a number", "no columns", "another format", "a column too short"],
)
def test_damaged_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"damaged|bytes length"):
        firsts_read(MARK, content)
    with pytest.raises(ValueError, match=r"damaged|bytes length|Expecting value"):
        StoredEnds(content)


def test_columns_that_do_not_fit_each_other_are_refused() -> None:
    lengths, columns = [1, 1, 1, 1, 1, 1, 1, 1, 1], [5, 0, 1, 1, 1, 0, 0, 0]
    outside = compress(b"[null]" + bytes(1) + numbers.written([FORMAT, *lengths, *columns, 7]))
    shorter = compress(b"[null]" + bytes(1) + numbers.written([FORMAT, *lengths[:-1], 0, *columns]))

    for content in (outside, shorter):
        with pytest.raises(ValueError, match="damaged"):
            StoredEnds(content)
    assert len(StoredEnds(compress(b"[null]" + bytes(1) + numbers.written([FORMAT, *lengths, *columns, 0])))) == 1
