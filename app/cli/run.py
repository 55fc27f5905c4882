"""`run`: serve the application."""

import logging
import os
import socket
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import click
from flask import Flask

from app import create_app
from app.cli.housekeeping import keep_house
from app.cli.parts import Parts, Refusal, database_trouble_told, only_process
from app.cli.servers import BACKLOG, exit_when_asked, serve_alone, serve_shared
from app.config import Settings
from app.db import Database
from app.services import accounts, migrating, syncing
from app.services.housekeeping import clean_up
from app.web import catalogues
from app.web.logs import to_stdout

_REDIS_SCHEMES = {"redis", "rediss", "unix"}


@click.command()
@click.pass_obj
def run(parts: Parts) -> None:
    """Serve on RAPPEL_HOST:RAPPEL_PORT, after bringing the database and the bank up to date."""
    exit_when_asked()
    settings = parts.settings
    refuse_redis(settings.redis_url)
    with _listen(settings) as listening:
        to_stdout(logging.INFO if os.environ.get("RAPPEL_LOG_REQUESTS") == "1" else logging.WARNING)
        with database_trouble_told(), only_process(parts.database.path):
            prepare(parts)
            for line in warnings(settings):
                click.echo(line, err=True)
            address = settings.base_url or _address(settings.host, listening.getsockname()[1])
            click.echo(f"Rappel is at {address} (Ctrl+C stops it)", err=True)
            _serve(parts, listening)
            parts.database.dispose()
    sys.stdout.flush()
    os._exit(0)  # a thread that is still at work must not keep a process that was asked to stop


def prepare(parts: Parts) -> None:
    """Bring translations, database and bank up to date, forget what is stale, say how to become the first teacher."""
    try:
        catalogues.compile_stale()
    except OSError as error:
        click.echo(f"The translations could not be compiled ({error}): pages are in English.", err=True)
    migrating.upgrade(parts.database)
    for folder in parts.settings.courses:
        report = syncing.sync_folder(parts.database, folder, parts.clock())
        for problem in report.problems:
            click.echo(str(problem), err=True)
        if report.renamed:
            click.echo(f"{folder.name}: {report.summary()}", err=True)
        if report.problems:
            click.echo(f"{folder.name}: the bank was left as it was; mend the lines above and start again.", err=True)
    clean_up(parts.database, parts.clock())
    with parts.database.writing() as session:
        code = accounts.setup_code(session, parts.clock())
    if code:
        click.echo(f"No teacher yet: register with this one-time code to become one: {code}", err=True)


def refuse_redis(url: str | None) -> None:
    """Refuse an address that can never be one; raises Refusal without printing it, it may hold a password."""
    try:
        parts = urlsplit(url or "redis:")
        sound = parts.scheme in _REDIS_SCHEMES and parts.port != 0
    except ValueError:  # a port that is no number
        sound = False
    if not sound:
        raise Refusal("RAPPEL_REDIS_URL: not like redis://127.0.0.1:6379/0")


def shared(settings: Settings) -> bool:
    """Whether several processes may serve: PostgreSQL for the data, Redis for the limits' counters."""
    return not settings.is_sqlite and bool(settings.redis_url)


def _serve(parts: Parts, listening: socket.socket) -> None:
    settings = parts.settings
    if not shared(settings):
        serve_alone(_app(parts, parts.database), listening, settings.trusted_proxies)
        return
    parts.database.dispose()  # a connection must not be shared by a process and its children
    serve_shared(lambda: _app(parts, Database(settings.database_url)), listening)


def _app(parts: Parts, database: Database) -> Flask:
    """The application of one process, which keeps house too."""
    keep_house(database, parts.clock)
    return create_app(parts.settings, parts.clock, database)


def warnings(settings: Settings) -> Iterator[str]:
    """What works, but less well than it could: one line each."""
    if not settings.is_sqlite and not settings.redis_url:
        yield "PostgreSQL without RAPPEL_REDIS_URL: one process serves; with it, one a CPU."
    if settings.secure and not settings.trusted_proxies:
        yield (
            "RAPPEL_BASE_URL is https and RAPPEL_TRUSTED_PROXIES is 0: "
            "behind a proxy, all visitors count as one address for the limits."
        )
    if settings.redis_url and not _answers(settings.redis_url):
        yield "RAPPEL_REDIS_URL does not answer: until it does, each process counts the limits alone."


def _answers(redis_url: str) -> bool:
    try:
        import redis  # noqa: PLC0415 comes with the extra `scale` only
    except ImportError as error:
        raise click.ClickException("RAPPEL_REDIS_URL needs redis: pip install 'rappel[scale]'") from error
    try:
        with redis.Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=2) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def _listen(settings: Settings) -> socket.socket:
    """Open the port first: a port in use must be said before anything else is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(BACKLOG)  # two starts at the same moment may both bind: only one may listen
    except OSError as error:
        listening.close()
        address = _address(settings.host, settings.port)
        wrong_name = isinstance(error, socket.gaierror)
        mend = "RAPPEL_HOST to an address of this machine" if wrong_name else "RAPPEL_PORT to another port"
        reason = f"{address} cannot be used ({error.strerror}): set {mend}"
        raise click.ClickException(reason) from error
    return listening


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
