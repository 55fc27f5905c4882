"""`run`: serve the application."""

import logging
import os
import signal
import socket
import sys
import threading
from types import FrameType

import click
import waitress
from flask import Flask

from app import create_app
from app.cli.parts import Parts
from app.config import Settings
from app.services import accounts, migrating, syncing
from app.web.logs import to_stdout

THREADS = 4
_EXIT_WITHIN_S = 5


@click.command()
@click.pass_obj
def run(parts: Parts) -> None:
    """Serve on RAPPEL_HOST:RAPPEL_PORT, after bringing the database and the bank up to date."""
    settings = parts.settings
    listening = _listen(settings)
    to_stdout(logging.INFO if os.environ.get("RAPPEL_LOG_REQUESTS") == "1" else logging.WARNING)
    prepare(parts)
    app = create_app(settings, parts.clock, parts.database)
    click.echo(f"Rappel is at {settings.base_url or _address(settings)} (Ctrl+C stops it)", err=True)
    _serve(app, listening, trusted=settings.trusted_proxies > 0)


def prepare(parts: Parts) -> None:
    """Migrate the database, load the bank, and say how to set up a first teacher."""
    try:
        migrating.upgrade(parts.database)
    except migrating.SchemaProblem as error:
        raise click.ClickException(str(error)) from error
    for folder in parts.settings.courses:
        report = syncing.sync_folder(parts.database, folder, parts.clock())
        for problem in report.problems:
            click.echo(str(problem), err=True)
        if report.problems:
            click.echo(f"{folder.name}: the bank was left as it was; mend the lines above and start again.", err=True)
    with parts.database.writing() as session:
        code = accounts.setup_code(session, parts.clock())
    if code:
        click.echo(f"No teacher yet: register with this one-time code to become one: {code}", err=True)


def _listen(settings: Settings) -> socket.socket:
    """Open the port first: a port in use must be said before anything else is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        reason = f"{_address(settings)} cannot be used ({error.strerror}): set RAPPEL_PORT to another port"
        raise click.ClickException(reason) from error
    return listening


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _serve(app: Flask, listening: socket.socket, trusted: bool) -> None:
    """One process, a few threads; SIGTERM stops it within seconds, also as process 1 of a container."""
    server = waitress.create_server(
        app,
        sockets=[listening],
        threads=THREADS,
        connection_limit=2000,  # the default, 100, leaves the 101st idle browser waiting for ever
        asyncore_use_poll=True,
        backlog=2048,
        channel_timeout=30,
        ident=None,
        clear_untrusted_proxy_headers=not trusted,  # else the application's own check never sees them
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Timer(_EXIT_WITHIN_S - 1, os._exit, (0,)).start()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        server.run()
    finally:
        server.close()
        sys.stdout.flush()
    os._exit(0)
