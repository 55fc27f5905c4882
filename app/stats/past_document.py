"""`app.stats.past.Past` as bytes that a database keeps, compressed: JSON, whose floats come back exactly, and after a
NUL the entries, which are far more than the rest, as 32-bit numbers.

What was worked out by other rules than today's must not be read: `RULES` changes with them.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Any

from app.srs import worlds
from app.srs.memory import Replay
from app.stats import numbers
from app.stats.past import NONE, READY_WEEKS, TELLING, WEEKS, Count, Past
from app.stats.readiness import Evening, Readiness, weekly

FORMAT = 1
_WORLDS = tuple(dict.fromkeys(world for _, world in (*worlds.ALL, *worlds.TELLING)))
_SAMPLE = [(date(2026, 1, 1) + timedelta(day), grade) for day, grade in ((0, 3), (1, 4), (7, 1), (8, 5), (40, 2))]
_NUL = b"\0"
_QUICK = 1  # zlib's level: a tenth larger than the best, five times as fast


def _rules() -> str:
    """What the rules of today make of a few answers."""
    samples = {grade: [(_SAMPLE[0][0], grade), *_SAMPLE[1:]] for grade in range(6)}
    known = [(world, worlds.replayed(world, worlds.steps(one))) for one in samples.values() for world in _WORLDS]
    ready = weekly(samples, _SAMPLE[-1][0], READY_WEEKS)
    lengths = WEEKS, READY_WEEKS, sorted(TELLING)
    return sha256(repr((FORMAT, sys.hash_info.algorithm, lengths, known, ready)).encode()).hexdigest()


RULES = _rules()


def written(past: Past) -> bytes:
    """The bytes that `read` understands while `RULES` are the same."""
    questions = list(past.entries)
    place = {question: number for number, question in enumerate(questions)}
    entries = [entry for question in questions for entry in past.entries[question]]
    document = {
        "mark": past.mark.toordinal(),
        "activity": [(day.toordinal(), *done) for day, done in past.activity.items()],
        "quarters": _steps(past.quarters),
        "counts": list(past.quarters.values()),
        "reviews": [(day.toordinal(), *count) for day, count in past.reviews.items()],
        "questions": questions,
        "totals": [past.totals.get(question, NONE) for question in questions],
        "lengths": [len(past.entries[question]) for question in questions],
        "answers": [past.answers[question] for question in questions],
        "replays": [_plain(past.replay_of(question)) for question in questions],
        "ready": [place[question] for question in past.ready.replays],
        "evenings": [(one.day.toordinal(), one.recalled, one.seen) for one in past.ready.evenings],
        "speed": (past.ready.surprise, past.ready.information),
        "strengths": {
            _WORLDS.index(world): [known.get(question) for question in questions]
            for world, known in list(past.strengths.items())
        },
    }
    head = json.dumps(document, separators=(",", ":")).encode()
    return zlib.compress(head + _NUL + numbers.written(_steps(entries)), _QUICK)


def read(content: bytes) -> Past:
    """What was written. Raises ValueError for bytes that are damaged."""
    try:
        head, _, packed = zlib.decompress(content).partition(_NUL)
    except zlib.error as error:
        raise ValueError("the sums are damaged") from error
    document = json.loads(head)
    questions: list[int] = document["questions"]
    replays = [_replay(*known) for known in document["replays"]]
    ready = {questions[place]: replays[place] for place in document["ready"]}
    return Past(
        mark=date.fromordinal(document["mark"]),
        activity={date.fromordinal(day): (answers, took_ms) for day, answers, took_ms in document["activity"]},
        quarters=dict(zip(accumulate(document["quarters"]), document["counts"], strict=True)),
        reviews={date.fromordinal(day): (reviews, recalled) for day, reviews, recalled in document["reviews"]},
        totals=_totals(questions, document["totals"]),
        entries=_entries(questions, document["lengths"], packed),
        answers=dict(zip(questions, document["answers"], strict=True)),
        ready=Readiness(_evenings(document["evenings"]), ready, *document["speed"]),
        others={question: one for question, one in zip(questions, replays, strict=True) if question not in ready},
        strengths=_strengths(questions, document["strengths"]),
    )


def _totals(questions: Sequence[int], counts: Iterable[Sequence[int]]) -> dict[int, Count]:
    return {question: (reviews, recalled) for question, (reviews, recalled) in zip(questions, counts, strict=True)}


def _steps(every: Iterable[int]) -> list[int]:
    """The first number, then by how much each differs from the one before: they take less room."""
    return [later - before for before, later in pairwise((0, *every))]


def _entries(questions: Sequence[int], lengths: Sequence[int], packed: bytes) -> "dict[int, array[int]]":
    every = array("i", accumulate(numbers.read(packed)))
    ends = list(accumulate(lengths, initial=0))
    return {question: every[begin:end] for question, (begin, end) in zip(questions, pairwise(ends), strict=True)}


def _plain(replay: Replay) -> tuple[Any, ...]:
    day = replay.last.toordinal()
    return replay.strength, replay.ease, day, replay.surprise, replay.information, replay.way


def _replay(strength: float, ease: float, day: int, surprise: float, information: float, way: int) -> Replay:
    return Replay(strength, ease, date.fromordinal(day), surprise, information, way)


def _evenings(found: Iterable[Sequence[Any]]) -> tuple[Evening, ...]:
    return tuple(Evening(date.fromordinal(day), recalled, seen) for day, recalled, seen in found)


def _strengths(
    questions: Sequence[int], found: Mapping[str, Sequence[float | None]]
) -> dict[worlds.World, dict[int, float]]:
    return {
        _WORLDS[int(number)]: {
            question: strength for question, strength in zip(questions, known, strict=True) if strength is not None
        }
        for number, known in found.items()
    }
