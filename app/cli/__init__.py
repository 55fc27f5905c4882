"""The command line, one module a group: `run`, `db`, `bank`, `user` …"""

import os

import click

from app.cli.bank import bank
from app.cli.database import db
from app.cli.demo import demo
from app.cli.export import export
from app.cli.parts import Parts, ToldGroup
from app.cli.run import run
from app.cli.user import user


@click.group(cls=ToldGroup)
@click.pass_context
def rappel(ctx: click.Context) -> None:
    """Rappel: a course becomes a question bank, revised for the day of the exam."""
    os.umask(0o077)  # what learners answer is for this user of the machine alone
    ctx.obj = ctx.obj or Parts()


for _command in (run, db, bank, user, demo, export):
    rappel.add_command(_command)
