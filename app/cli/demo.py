"""`demo`: a class to look around in."""

import secrets
import time

import click

from app.cli.parts import Parts
from app.errors import Conflict
from app.services import demo as demonstration
from app.services import migrating, passwords, syncing
from app.services.demo import Hashes
from app.services.demo_cast import CLASS

_WHOLE_NUMBER = click.types.IntParamType()
_WHOLE_NUMBER.name = "whole number"  # as click says what is not one
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_REFUSALS = {
    "real_people": "there are real accounts here: the demonstration needs a database of its own (RAPPEL_DATABASE_URL)",
    "no_questions": "the bank is empty: set RAPPEL_COURSES, or run `bank sync` first",
}


@click.command()
@click.option(
    "--seed",
    type=_WHOLE_NUMBER,
    metavar="NUMBER",
    default=1,
    show_default=True,
    help="The same seed, the same day: the same class.",
)
@click.pass_obj
def demo(parts: Parts, seed: int) -> None:
    """Make a teacher and a class of 30 with four weeks of history and exams; run again, it replaces them."""
    began = time.monotonic()
    _prepare(parts)
    teacher, students = _password(), _password()
    hashes = Hashes(passwords.hashed(teacher), passwords.hashed(students))
    try:
        made = demonstration.create(parts.database, seed, parts.clock(), hashes)
    except Conflict as refused:
        raise click.ClickException(_REFUSALS[refused.reason]) from refused
    click.echo(f"{len(made.students)} students, {made.answers} answers, {time.monotonic() - began:.0f} s")
    click.echo(f"class     {CLASS} (id {made.class_id}, code {made.join_code})")
    if made.exam:
        click.echo(f"exam      finished, {made.exam.attempts} attempts (id {made.exam.exam_id})")
    click.echo(f"teacher   {made.teacher}   password {teacher}")
    click.echo(f"students  {made.students[0]} … {made.students[-1]}   password {students}")
    click.echo("These passwords are shown this once.")


def _prepare(parts: Parts) -> None:
    """The schema and the bank, as `run` brings them up to date."""
    migrating.upgrade(parts.database)
    for folder in parts.settings.courses:
        for problem in syncing.sync_folder(parts.database, folder, parts.clock()).problems:
            click.echo(str(problem), err=True)


def _password() -> str:
    """Sixty bits, in groups that can be typed."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(3))
