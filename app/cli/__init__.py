"""The command line, one module a group: `run`, `db`, `bank`, `user` …"""

import click

from app.cli.bank import bank
from app.cli.database import db
from app.cli.parts import Parts
from app.cli.run import run


@click.group()
@click.pass_context
def rappel(ctx: click.Context) -> None:
    """Rappel: a course becomes a question bank, revised for the day of the exam."""
    ctx.obj = ctx.obj or Parts()


for _command in (run, db, bank):
    rappel.add_command(_command)
