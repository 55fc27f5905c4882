"""`db`: the schema, a check of everything stored, copies and their return."""

import json
import shlex
from pathlib import Path

import click
from sqlalchemy import URL

from app.bank.problems import counted
from app.cli.parts import Parts, Refusal, ToldGroup, only_process
from app.services import backup as backups
from app.services import checking, migrating

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=ToldGroup)
def db() -> None:
    """Look after the database."""


@db.command()
@click.pass_obj
def upgrade(parts: Parts) -> None:
    """Bring the schema to this version; `run` does it too."""
    before, after = migrating.upgrade(parts.database)
    click.echo(f"schema {after}" if before == after else f"schema {before or 'empty'} -> {after}")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print the problems as a JSON list.")
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Verify integrity, references, and that every card equals the replay of its log."""
    parts: Parts = ctx.obj
    migrating.require_head(parts.database)
    with parts.database.reading() as session:
        found = list(checking.problems(session))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    for line in [] if as_json else found:
        click.echo(line, err=True)
    if not as_json:
        click.echo(counted(len(found), "problem") if found else "no problem found")
    ctx.exit(1 if found else 0)


@db.command()
@click.argument("target", type=_FILE)
@click.pass_obj
def backup(parts: Parts, target: Path) -> None:
    """Copy the database to TARGET while it serves, and verify the copy (SQLite)."""
    source = _sqlite_path(parts, f"pg_dump --format=custom --file={shlex.quote(str(target))}")
    try:
        backups.back_up(source, target)
    except backups.BackupProblem as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{target}: {target.stat().st_size} bytes, verified")


@db.command()
@click.argument("source", type=_FILE)
@click.pass_obj
def restore(parts: Parts, source: Path) -> None:
    """Put the copy SOURCE in the place of the database; stop the server first (SQLite)."""
    target = _sqlite_path(parts, f"pg_restore --clean --if-exists {shlex.quote(str(source))}")
    try:
        with only_process(target):
            kept = backups.restore(source, target)
    except backups.BackupProblem as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{target} is now the copy {source}" + (f"; the one before is kept as {kept}" if kept else ""))


def _sqlite_path(parts: Parts, instead: str) -> Path:
    """The file of the database; raises Refusal, with the tool to use `instead`, when it is PostgreSQL's."""
    path = parts.database.path
    if path is None:
        address = shlex.quote(libpq_address(parts.database.engine.url))
        raise Refusal(f"this database is PostgreSQL, which has its own tool: {instead} --dbname={address}")
    return path


def libpq_address(url: URL) -> str:
    """A database's address as PostgreSQL's own tools read it, without its password: they ask, or read ~/.pgpass."""
    open_to_all = url.difference_update_query(["password", "sslpassword"])
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, open_to_all.query)
    return bare.render_as_string()
