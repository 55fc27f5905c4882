"""`export`: files for other programs."""

from pathlib import Path

import click

from app.bank.problems import counted
from app.cli.parts import Parts, ToldGroup
from app.errors import NotFound
from app.formats import csv_file, xlsx_file
from app.services import class_progress, classes, migrating

_CLASS_ID = click.IntRange(1, 2**31 - 1)
_CLASS_ID.name = "number of a class"  # as click says what is not one
_FORMATS = ("xlsx", "csv")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=ToldGroup)
def export() -> None:
    """Write files that other programs read."""


@export.command("class")
@click.argument("class_id", type=_CLASS_ID)
@click.option("--format", "kind", type=click.Choice(_FORMATS), help="What to write; the name of the file says it too.")
@click.option("--locale", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Headers, separators.")
@click.option("--output", type=_FILE, required=True, help="The file to write, .xlsx or .csv.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def export_class(parts: Parts, class_id: int, kind: str | None, locale: str, output: Path, force: bool) -> None:
    """Write where the members of the class CLASS_ID stand."""
    kind = _format_of(output, kind)
    if output.is_file() and not force:
        raise click.ClickException(f"{output} exists already: choose another name, or write over it with --force")
    migrating.require_head(parts.database)
    now = parts.clock()
    try:
        with parts.database.reading() as session:
            read = class_progress.read(session, classes.any_class(session, class_id, locale), now, locale)
    except NotFound as error:
        raise click.ClickException(f"there is no class {class_id}") from error
    table = class_progress.table_of(read, locale)
    content = csv_file.write(table, locale) if kind == "csv" else xlsx_file.write(table, now.date())
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error
    click.echo(f"{output}: {counted(len(read.members), 'student')}, {len(content)} bytes")


def _format_of(output: Path, asked: str | None) -> str:
    """The format to write: the one asked for, else the one that the file's name says; they may not disagree."""
    suffix = output.suffix.lower().removeprefix(".")
    named = suffix if suffix in _FORMATS else None
    if asked and named and asked != named:
        raise click.UsageError(f"{output.name} is a name for {named}, and --format says {asked}")
    if not (asked or named):
        raise click.UsageError(f"{output.name} says no format: end it with .xlsx or .csv, or give --format")
    return asked or named or ""
