"""The archive of an exam: one zip with all that its scores come from, and a script that recomputes them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bank.schema import to_document
from app.formats import csv_file, score_tables
from app.formats.archive import Archive
from app.formats.score_tables import ATTEMPTS, ITEMS, RESPONSES, SCORES, Field, Style
from app.formats.tables import Column, Table, hundredths
from app.models import Adjustment, Attempt, ExamItem, Regrade, User
from app.models import Question as QuestionRow
from app.services import item_statistics, score_rows, scores
from app.services.marks import FrozenExam
from app.services.score_rows import Source

FORMAT = "rappel-archive/1"
_HUNDRED = 100
_README = """\
{title} ({group})

exam.json         the rules of the exam
scores.csv        one row a student: the score that counts
attempts.csv      one row an attempt, with its adjustment and its score
responses.csv     one row a question of an attempt: the response, its credit by the frozen key, the credit that counts
items.csv         one row a question, with its statistics
questions.json    the questions as they were frozen, with their keys
regrades.csv      every change of what a question is worth, with its reason; undone ones too
adjustments.csv   every adjustment by hand, with its reason; undone ones too
statistics.json   the statistics of the exam and of its questions
dictionary.csv    what each column means, in English and in French
recompute.py      recomputes scores and statistics from the credits: python3 recompute.py
SHA256SUMS        what sha256sum -c checks

Text is UTF-8 and untouched: a response may begin with "=" or "-". Import it, do not open it with a double click.
{names}
"""
_NAMED = "The names are those of the class."
_UNNAMED = (
    "Without names: pseudonyms are the same in all files of this exam and in no other.\n"
    "Typed responses and reasons are as they were written, and may hold a name."
)


def write(session: Session, exam: FrozenExam, now: datetime, named: bool, target: BinaryIO) -> None:
    """Write the archive into `target`. The same marks give the same bytes, whoever asks and whenever."""
    source = score_rows.source(session, exam, now, Style(None, named))
    archive = Archive(target, (exam.published_at or now).astimezone(ZoneInfo(exam.zone)))
    names = _NAMED if named else _UNNAMED
    archive.add("README.txt", [_README.format(title=exam.title, group=exam.class_name, names=names).encode()])
    archive.add("exam.json", [_json(_rules(exam))])
    for name in scores.TABLES:
        archive.add(f"{name}.csv", csv_file.stream(scores.table_of(source, name), "tidy"))
    archive.add("questions.json", [_json(_questions(exam))])
    archive.add("regrades.csv", csv_file.stream(_regrades(source, named), "tidy"))
    archive.add("adjustments.csv", csv_file.stream(_adjustments(source, named), "tidy"))
    archive.add("statistics.json", [_json(_statistics(session, exam, now))])
    archive.add("dictionary.csv", csv_file.stream(_dictionary(source.style), "tidy"))
    archive.add("recompute.py", [_script()])
    archive.close()


def _rules(exam: FrozenExam) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "exam_id": exam.id,
        "title": exam.title,
        "class": exam.class_name,
        "zone": exam.zone,
        "published_at": exam.published_at and exam.published_at.isoformat(),
        "closes_at": exam.closes_at and exam.closes_at.isoformat(),
        "scale": str(hundredths(exam.scale_hundredths)),
        "pass_mark": None if exam.pass_hundredths is None else str(hundredths(exam.pass_hundredths)),
        "keep": exam.keep.value,
        "penalty_percent": int(exam.rules.penalty * _HUNDRED),
        "all_or_nothing": exam.rules.all_or_nothing,
        "drawn_for_each": exam.drawn,
    }


def _questions(exam: FrozenExam) -> list[dict[str, Any]]:
    return [
        {
            "question": item.slug,
            "version": item.version,
            "position": item.position,
            "points": item.points,
            "topic": item.topic,
            "objective": item.objective,
            "dropped": item.dropped,
            "body": to_document(item.body),
        }
        for item in exam.items.values()
    ]


def _statistics(session: Session, exam: FrozenExam, now: datetime) -> dict[str, Any]:
    """All in %, but attempts, skewness and kurtosis, and the points of an item."""
    found = asdict(item_statistics.statistics(session, exam, now))
    points = {item.slug: item.points for item in exam.items.values()}
    return found | {"items": [{**one, "points": points[one["id"]]} for one in found["items"]]}


def _regrades(source: Source, named: bool) -> Table:
    rows = source.session.execute(
        select(Regrade, QuestionRow.slug, User.display_name, User.login)
        .join(ExamItem, ExamItem.id == Regrade.item_id)
        .join(QuestionRow, QuestionRow.id == ExamItem.question_id)
        .outerjoin(User, User.id == Regrade.by_id)
        .where(ExamItem.exam_id == source.exam.id)
        .order_by(Regrade.id)
    )
    columns = ("question", "kind", "details", "reason", "at", "by", "undone_at")
    made = (
        [
            slug,
            one.kind,
            json.dumps(one.details, ensure_ascii=False, sort_keys=True),
            one.reason,
            source.local(one.at),
            (name or login) if named else None,
            one.undone_at and source.local(one.undone_at),
        ]
        for one, slug, name, login in rows
    )
    return _table("regrades", columns, made)


def _adjustments(source: Source, named: bool) -> Table:
    rows = source.session.execute(
        select(Adjustment, Attempt.learner_id, Attempt.pseudonym, Attempt.number, User.display_name, User.login)
        .join(Attempt, Attempt.id == Adjustment.attempt_id)
        .outerjoin(User, User.id == Adjustment.by_id)
        .where(Attempt.exam_id == source.exam.id)
        .order_by(Adjustment.id)
    )
    columns = ("student_id", "attempt", "hundredths", "reason", "at", "by", "undone_at")
    made = (
        [
            source.student_id(pseudonym or f"#{learner_id}"),
            number,
            one.hundredths,
            one.reason,
            source.local(one.at),
            (name or login) if named else None,
            one.undone_at and source.local(one.undone_at),
        ]
        for one, learner_id, pseudonym, number, name, login in rows
    )
    return _table("adjustments", columns, made)


def _dictionary(style: Style) -> Table:
    """One row a column: its meaning in English and in French."""
    tables: dict[str, Iterable[Field[Any]]] = {
        "scores": SCORES,
        "attempts": ATTEMPTS,
        "responses": RESPONSES,
        "items": ITEMS,
    }
    english, french = (score_tables.dictionary(tables, locale, style).rows for locale in ("en", "fr"))
    rows = ([*one, other[-1]] for one, other in zip(english, french, strict=True))
    return _table("dictionary", ("table", "column", "meaning_en", "meaning_fr"), rows)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    return Table(title, [Column(name) for name in columns], rows)


def _script() -> bytes:
    return files("app.formats").joinpath("data", "recompute.txt").read_bytes()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
