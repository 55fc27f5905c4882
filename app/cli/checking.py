"""How `bank check` shows what it found: as lines and tables, or as one JSON document."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import click

from app.bank.lint import Report
from app.bank.lint.statistics import Positions
from app.bank.problems import counted

Reports = Mapping[str, Report]  # by the name of the course's folder

_SEVERITIES = ("error", "warning", "info")
_COUNTED = ("question", *_SEVERITIES)


def document(reports: Reports) -> dict[str, Any]:
    """The JSON document: problems of all courses, topics with their course, figures by course."""
    written = {course: report.document() for course, report in reports.items()}
    return {
        "problems": [problem for one in written.values() for problem in one["problems"]],
        "topics": [{"course": course, **topic} for course, one in written.items() for topic in one["topics"]],
        "statistics": {course: one["statistics"] for course, one in written.items()},
    }


def print_report(reports: Reports) -> None:
    """Every problem on stderr, then a line for each topic and one for all."""
    problems = [problem for report in reports.values() for problem in report.problems]
    for problem in problems:
        click.echo(str(problem), err=True)
    topics = [topic for report in reports.values() for topic in report.topics]
    width = max((len(topic.id) for topic in topics), default=0)
    for topic in topics:
        numbers = (topic.questions, topic.errors, topic.warnings, topic.infos)
        counts = " ".join(_column(*counted) for counted in zip(numbers, _COUNTED, strict=True))
        click.echo(f"{topic.id:{width}} {counts}  score {topic.score:5.1f}")
    found = Counter[str](problem.severity for problem in problems)
    told = ", ".join(counted(found[severity], severity) for severity in _SEVERITIES)
    questions = counted(sum(topic.questions for topic in topics), "question")
    click.echo(f"{questions}, {counted(len(problems), 'problem')} ({told})")


def _column(number: int, noun: str) -> str:
    """A count in a column: numbers end below each other, and words begin so."""
    return f"{counted(number, noun):>{len(noun) + 5 - (number == 1)}}".ljust(len(noun) + 5)


def print_statistics(reports: Reports) -> None:
    """The figures over each course, in a few lines."""
    for course, report in reports.items():
        found, said = report.statistics, report.statistics.statements
        many = "" if found.questions == 1 else "s"
        click.echo(f"\n{course}: {found.questions} question{many}, {found.reserved} kept for exams")
        click.echo("  types:   " + ", ".join(f"{kind} {count}" for kind, count in found.types.items() if count))
        click.echo("  levels:  " + ", ".join(f"{level}: {count}" for level, count in found.levels.items()))
        click.echo(f"  statements: {said.true} true, {said.false} false")
        click.echo(
            f"  with an absolute word: {said.absolute_true} true statements, {said.absolute_false} false ones;"
            f" {found.absolute_keys} right choices, {found.absolute_distractors} wrong ones"
        )
        click.echo(f"  key by position as written:  {_positions(found.written)}")
        click.echo(f"  key by position, unshuffled: {_positions(found.pinned)}")
        longest = found.longest
        click.echo(
            f"  key alone the longest: {longest.longest} of {longest.questions}"
            f" ({longest.share:.0%}; chance gives {longest.by_chance:.0%})"
        )
        shortest = found.shortest
        click.echo(f"  key alone the shortest: {shortest.shortest} of {shortest.questions} ({shortest.share:.0%})")


def _positions(found: Positions) -> str:
    counts = " ".join(str(count) for count in found.counts) or "none"
    return f"{counts} (chi-square {found.chi_square:.1f}, {found.limit:.1f} once in a hundred)"
