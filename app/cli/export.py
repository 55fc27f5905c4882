"""`export`: files for other programs."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click
from sqlalchemy.orm import Session

from app.cli import outputs
from app.cli.parts import Parts, ToldGroup
from app.errors import NotFound
from app.formats import gradebooks
from app.formats.gradebooks import Left
from app.services import class_scores, classes, downloads, marks, migrating, score_archive, scores
from app.services.class_scores import Period

_Command = TypeVar("_Command", bound=Callable[..., Any])
_ID = click.IntRange(1, 2**31 - 1)
_ID.name = "number"  # as click says what is not one
_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_DAY = click.DateTime(["%Y-%m-%d"])
_TABLES = ("scores", "attempts", "responses", "items")
_CSV = ("fr", "en", "tidy")
_WHY = {
    gradebooks.LACKING: "nothing that --key tells them by",
    gradebooks.COMPUTED: "spreadsheets run what they are told by as a formula",
    gradebooks.SHARED: "told by the same as somebody else",
}
_Write = Callable[[Session, BinaryIO], tuple[int, int | None]]


@click.group(cls=ToldGroup)
def export() -> None:
    """Write files that other programs read."""


def _options(kinds: tuple[str, ...]) -> Callable[[_Command], _Command]:
    """What every file has: its format, its languages, its names, its place."""

    def decorate(command: _Command) -> _Command:
        for option in (
            click.option("--force", is_flag=True, help="Write over a file that is there; follow a link."),
            click.option(
                "--output", type=_FILE, required=True, help=f"The file to write: .{', .'.join(kinds)}; - is stdout."
            ),
            click.option("--without-names", is_flag=True, help="Pseudonyms instead of names."),
            click.option("--csv", "csv_for", type=click.Choice(_CSV), help="For Excel in a language, or tidy."),
            click.option("--locale", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Words."),
            click.option("--format", "kind", type=click.Choice(kinds), help="The name of the file says it too."),
        ):
            command = option(command)
        return command

    return decorate


@export.command("exam")
@click.argument("exam_id", type=_ID)
@click.option("--table", type=click.Choice(_TABLES), help="For CSV or JSON; scores if left out.")
@click.option("--for", "gradebook", type=click.Choice(["moodle", "canvas"]), help="CSV that this gradebook imports.")
@click.option("--key", type=click.Choice(gradebooks.MOODLE_KEYS), help="What Moodle will find students by.")
@_options(("xlsx", "csv", "json", "zip"))
@click.pass_obj
def export_exam(
    parts: Parts, /, exam_id: int, table: str | None, gradebook: str | None, key: str | None, **options: Any
) -> None:
    """Write the scores of the exam EXAM_ID; .zip is its archive."""
    kind = _format_of(options["output"], options["kind"], ("xlsx", "csv", "json", "zip"))
    if gradebook and (kind != "csv" or options["without_names"]):
        raise click.UsageError(f"{gradebook} imports CSV with names")
    _refuse_pairs(kind, {"--table": table, "--csv": options["csv_for"], "--for": gradebook})
    table = table or "scores"
    if (gradebook == "moodle") != (key is not None):
        raise click.UsageError(f"--for moodle goes with --key {', '.join(gradebooks.MOODLE_KEYS)}")
    now, named, locale = parts.clock(), not options["without_names"], options["locale"]
    file = (f"moodle.{key}" if key else gradebook) or {"xlsx": "book", "zip": "archive", "json": f"{table}.json"}.get(
        kind
    )
    file = file or f"{table}.{options['csv_for'] or locale}"

    def write(session: Session, target: BinaryIO) -> tuple[int, int | None]:
        exam = marks.any_exam(session, exam_id)
        if file == "archive":
            score_archive.write(session, exam, now, named, target)
        else:
            scores.write(session, exam, scores.Wanted(file, locale, named), now, target)
        if key:
            _say_left_out(scores.left_out(session, exam)[key])
        return exam.class_id, exam_id

    _make(parts, write, file, options, now, f"there is no exam {exam_id}")


def _refuse_pairs(kind: str, given: dict[str, str | None]) -> None:
    """Refuse options that the file would ignore."""
    takes = {"csv": ("--table", "--csv", "--for"), "json": ("--table",)}.get(kind, ())
    named = [name for name, value in given.items() if value]
    if strangers := [name for name in named if name not in takes]:
        raise click.UsageError(f"{' and '.join(strangers)} would change nothing in a .{kind} file")
    if given.get("--for") and len(named) > 1:
        raise click.UsageError(f"--for has a table and a form of its own: leave {' and '.join(named[:-1])} out")


def _say_left_out(left: Sequence[Left]) -> None:
    for one in left:
        click.echo(f"left out: {one.student.name}: {_WHY[one.why]}", err=True)


@export.command("class")
@click.argument("class_id", type=_ID)
@click.option("--from", "first", type=_DAY, help="The first day of the period, like 2026-09-01.")
@click.option("--to", "last", type=_DAY, help="Its last day.")
@_options(("xlsx", "csv", "json"))
@click.pass_obj
def export_class(parts: Parts, /, class_id: int, first: datetime | None, last: datetime | None, **options: Any) -> None:
    """Write the scores of the class CLASS_ID in the exams of a period."""
    period = Period(first.date() if first else None, last.date() if last else None)
    if period.is_empty:
        raise click.UsageError("--from is after --to: no day is in the period")
    _of_class(parts, class_id, "exams", period, options)


@export.command("progress")
@click.argument("class_id", type=_ID)
@_options(("xlsx", "csv", "json"))
@click.pass_obj
def export_progress(parts: Parts, /, class_id: int, **options: Any) -> None:
    """Write where the members of the class CLASS_ID stand in their revision."""
    _of_class(parts, class_id, "progress", Period(), options)


def _of_class(parts: Parts, class_id: int, content: str, period: Period, options: dict[str, Any]) -> None:
    kind, now = _format_of(options["output"], options["kind"], ("xlsx", "csv", "json")), parts.clock()
    _refuse_pairs(kind, {"--csv": options["csv_for"]})
    form = (options["csv_for"] or options["locale"]) if kind == "csv" else kind
    wanted = class_scores.Wanted(f"{content}.{form}", options["locale"], not options["without_names"], period)

    def write(session: Session, target: BinaryIO) -> tuple[int, int | None]:
        of = classes.any_class(session, class_id, options["locale"])
        class_scores.write(session, of, wanted, now, now.date(), target)
        return class_id, None

    _make(parts, write, wanted.file, options, now, f"there is no class {class_id}")


def _make(parts: Parts, write: _Write, file: str, options: dict[str, Any], now: datetime, missing: str) -> None:
    """Write the file where it was asked for; note it as a teacher's download is."""
    output: Path = options["output"]
    outputs.check(output, force=options["force"])
    migrating.require_head(parts.database)

    def made(target: BinaryIO) -> tuple[int, int | None]:
        with parts.database.reading() as session:
            return write(session, target)

    try:
        (class_id, exam_id), size = outputs.put(output, made)
    except NotFound as error:
        raise click.ClickException(missing) from error
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error
    with parts.database.writing() as session:
        details = {"named": not options["without_names"], "locale": options["locale"]}
        downloads.note(session, None, class_id, exam_id, file, details, now)
    outputs.say(output, f"{output}: {file}, {size} bytes")


def _format_of(output: Path, asked: str | None, kinds: tuple[str, ...]) -> str:
    """The format to write: the one asked for, else the one that the file's name says; they may not disagree."""
    suffix = output.suffix.lower().removeprefix(".")
    named = suffix if suffix in kinds else None
    if asked and named and asked != named:
        raise click.UsageError(f"{output.name} is a name for {named}, and --format says {asked}")
    if not (asked or named):
        raise click.UsageError(f"{output.name} says no format: end it with .{' or .'.join(kinds)}, or give --format")
    return asked or named or ""
