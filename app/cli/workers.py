"""gunicorn, told what to serve in code; imported only where several processes serve."""

import os
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from app.cli import memory

FINISH_WITHIN_S = 3.0


class Worker(ThreadWorker):  # type: ignore[misc]
    """One of the processes: no idle browser keeps it, neither from another one's request nor from its end.

    gunicorn gives a new connection a thread, of which there is one, and waits 5 s for its first byte; browsers
    open connections that they may never use.
    """

    alive: bool

    def enqueue_req(self, conn: Any) -> None:
        """Answer a connection that has something to say; another waits where all idle ones do."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        if not self.alive and _is_silent(conn.sock):  # taken in the same turn as the order to leave
            self.nr_conns -= 1
            conn.close()
            return
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no new connection, answer what was asked, and be gone in 3 s."""
        if self.alive:
            self.alive = False
            self.method_queue.defer(self._forget_silent)
            last = threading.Timer(FINISH_WITHIN_S, os._exit, (0,))
            last.daemon = True
            last.start()

    handle_quit = handle_exit  # Ctrl+C as SIGTERM

    def _forget_silent(self) -> None:
        """Close the connections that have asked nothing yet."""
        for conn in [one for one in self.pending_conns if _is_silent(one.sock)]:
            self.pending_conns.remove(conn)
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            conn.close()


def _is_silent(connection: socket.socket) -> bool:
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except OSError:  # nothing has come, or nothing will
        return True


def leave(_arbiter: object, _worker: object) -> None:
    """End a worker that has done its work: taking the interpreter down piece by piece would last a second."""
    error = sys.exc_info()[1]
    if isinstance(error, SystemExit) and not error.code:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


class Workers(BaseApplication):  # type: ignore[misc]
    """The processes that share one listening socket."""

    def __init__(self, make_app: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make_app = make_app
        self._options = {**options, "worker_class": Worker, "worker_exit": leave}
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are: no file, no variable of the environment."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application; called in each worker, after the fork."""
        application = self._make_app()
        memory.settle()
        return application
