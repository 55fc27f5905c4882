"""`bank`: the question bank, as files and as stored."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from app.bank import formatting, json_schema, lint
from app.bank.loader import load_course
from app.bank.problems import counted
from app.cli.bank_coverage import coverage
from app.cli.bank_extract import extract
from app.cli.checking import document, print_report, print_statistics
from app.cli.parts import Parts, ToldGroup
from app.services import migrating, syncing

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(cls=ToldGroup)
def bank() -> None:
    """Make a question bank from a course, check it, and store it."""


bank.add_command(coverage)
bank.add_command(extract)


@bank.command()
@click.argument("folder", required=False, type=_FOLDER)
@click.option("--against", type=_FILE, help="The course itself: questions that take its sentences over are told.")
@click.option("--statistics", is_flag=True, help="Also print figures over the whole bank.")
@click.option("--json", "as_json", is_flag=True, help="Print problems, scores and figures as JSON.")
@click.pass_context
def check(ctx: click.Context, folder: Path | None, against: Path | None, statistics: bool, as_json: bool) -> None:
    """Judge every file of FOLDER (the courses of RAPPEL_COURSES if left out); exit with 1 on an error or a warning.

    Spelling is not judged.
    """
    folders = [folder] if folder else ctx.obj.courses
    source = against.read_text(encoding="utf-8", errors="replace") if against else ""
    reports = {one.name: lint.examine(load_course(one), source) for one in folders}
    if as_json:
        click.echo(json.dumps(document(reports), ensure_ascii=False))
    else:
        print_report(reports)
        if statistics:
            print_statistics(reports)
    ctx.exit(1 if any(report.to_mend for report in reports.values()) else 0)


@bank.command()
@click.argument("folder", required=False, type=_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print what changed, by course, as JSON.")
@click.pass_context
def sync(ctx: click.Context, folder: Path | None, as_json: bool) -> None:
    """Store FOLDER (the courses of RAPPEL_COURSES if left out); a bad file changes nothing."""
    parts: Parts = ctx.obj
    migrating.upgrade(parts.database)
    folders = [folder] if folder else parts.settings.courses
    reports = {one.name: syncing.sync_folder(parts.database, one, parts.clock()) for one in folders}
    for problem in (problem for report in reports.values() for problem in report.problems):
        click.echo(str(problem), err=True)
    if as_json:
        told = {name: report.document() for name, report in reports.items()}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for name, report in reports.items():
            click.echo(f"{name}: {report.summary()}")
    ctx.exit(1 if any(report.problems for report in reports.values()) else 0)


@bank.command("format")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit with 1 if a file would change.")
@click.pass_context
def format_(ctx: click.Context, paths: tuple[Path, ...], only_check: bool) -> None:
    """Put files, or all those of folders, in the canonical form (the courses of RAPPEL_COURSES if left out).

    A file that cannot be read is left as it is, with every reason, and the others are put in order.
    """
    problems, changed = 0, 0
    for path in _files(paths or ctx.obj.courses):
        before = path.read_bytes()
        try:
            after = formatting.format_file(str(path), before).encode()
        except formatting.Unformattable as error:
            problems += len(error.problems)
            for problem in error.problems:
                click.echo(str(problem), err=True)
            continue
        if after != before:
            changed += 1
            click.echo(f"{path}: {'would change' if only_check else 'changed'}", err=only_check)
            if not only_check:
                _replace(path, after)
    click.echo(f"{changed} {'would change' if only_check else 'changed'}, {counted(problems, 'problem')}")
    ctx.exit(1 if problems or (only_check and changed) else 0)


@bank.command()
@click.argument("what", type=click.Choice(list(json_schema.SCHEMAS)), default="questions")
def schema(what: str) -> None:
    """Print the JSON Schema of a file of questions (or of course.yaml), from which editors complete and check."""
    click.echo(json_schema.published(what), nl=False)


def _files(paths: Iterable[Path]) -> list[Path]:
    """The bank files among `paths` and below them, each once."""
    found = (file for path in paths for file in (path.rglob("*.y*ml") if path.is_dir() else [path]))
    return sorted({file.resolve(): file for file in found if file.is_file()}.values())


def _replace(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, under the permissions that it has."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        shutil.copymode(path, draft)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
