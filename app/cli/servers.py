"""The two ways to serve: one process with a few threads, or one process a CPU over PostgreSQL and Redis."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

import click
import waitress
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from app.cli import memory
from app.web.security import CSP

THREADS = 4
BACKLOG = 2048
_EXIT_WITHIN_S = 5.0
_FINISH_WITHIN_S = 3.0
_LOOP_S = 0.1
_LARGEST_BODY = 32_000_000  # bytes; the application's own limits are lower
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 heartbeats of the workers must never wait for a disk


def exit_when_asked() -> None:
    """Obey SIGTERM from the first moment on: as process 1 of a container, nothing else would."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, leave)


class _Refusal(ErrorTask):  # type: ignore[misc]
    """An answer of the server's own, to a request that is none: under the same policy as every other."""

    def execute(self) -> None:
        self.response_headers.append(("Content-Security-Policy", CSP))
        super().execute()


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _Refusal


def serve_alone(app: Flask, listening: socket.socket, trusted_proxies: int) -> None:
    """Serve with one process until SIGTERM or Ctrl+C; requests at work are finished, within 5 s in all."""
    memory.settle()
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app, map=sockets, sockets=[listening], **alone_options(trusted_proxies))
    server.channel_class = _Channel
    stopping = _stop_on_signal(server)
    while not stopping.is_set():
        server.asyncore.loop(timeout=server.adj.asyncore_loop_timeout, map=sockets, use_poll=True, count=1)
    finish(server, sockets)


def alone_options(trusted_proxies: int) -> dict[str, Any]:
    """What waitress is told."""
    return {
        "threads": THREADS,
        "connection_limit": 2000,  # the default, 100, leaves the 101st idle browser waiting for ever
        "asyncore_use_poll": True,
        "backlog": BACKLOG,
        "channel_timeout": 30,
        "max_request_body_size": _LARGEST_BODY,  # what is larger never reaches a disk
        "ident": None,
        "clear_untrusted_proxy_headers": not trusted_proxies,  # else the application's own check never sees them
    }


def _stop_on_signal(server: Any) -> threading.Event:
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if stopping.is_set():  # asked twice: at once
            os._exit(0)
        stopping.set()
        last = threading.Timer(_EXIT_WITHIN_S - 0.5, os._exit, (0,))
        last.daemon = True
        last.start()
        server.pull_trigger()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def finish(server: Any, sockets: dict[int, Any]) -> None:
    """Take no new connection, let the requests at work end and their answers leave."""
    server.del_channel()
    server.socket.close()
    deadline = time.monotonic() + _FINISH_WITHIN_S
    while server.active_channels and time.monotonic() < deadline:
        for channel in list(server.active_channels.values()):
            if not channel.requests and not channel.total_outbufs_len:
                channel.will_close = True
        server.asyncore.loop(timeout=_LOOP_S, map=sockets, use_poll=True, count=1)


def serve_shared(make_app: Callable[[], Flask], listening: socket.socket) -> None:
    """Serve with one process a CPU; each makes its own application, and so its own database connections.

    Returns when it was asked to stop. Raises ClickException when gunicorn is not installed.
    """
    if find_spec("gunicorn") is None:
        raise click.ClickException("several processes need gunicorn: pip install 'rappel[scale]'")
    from app.cli.workers import Workers  # noqa: PLC0415 gunicorn comes with the extra `scale` only

    try:
        Workers(make_app, shared_options(listening.detach())).run()
    except SystemExit as ended:
        if ended.code:
            raise


def shared_options(descriptor: int) -> dict[str, Any]:
    """What gunicorn is told, for the listening socket `descriptor`.

    One thread a process: with more, a thread waits for the interpreter while it holds the database's locks.
    """
    return {
        "bind": f"fd://{descriptor}",
        "workers": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "threads": 1,
        "worker_connections": 1000,
        "backlog": BACKLOG,
        "keepalive": 30,
        "timeout": 30,
        "graceful_timeout": int(_EXIT_WITHIN_S) - 1,  # workers leave by themselves before it
        "worker_tmp_dir": str(_SHARED_MEMORY) if os.access(_SHARED_MEMORY, os.W_OK) else None,
        "control_socket_disable": True,  # it would be made in a home folder, which a container may not have
        "forwarded_allow_ips": "",  # the application alone decides which proxies are believed
        "secure_scheme_headers": {},
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "proc_name": "rappel",
    }
