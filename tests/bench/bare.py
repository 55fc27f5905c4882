"""The least that a durable answer can cost: Flask, waitress as `run` has it, one INSERT that reaches the disk."""

import os
import socket
import sqlite3
import threading
from pathlib import Path

import waitress
from flask import Flask, request

from app.cli.servers import alone_options

app = Flask(__name__)
_path = Path(os.environ.get("RAPPEL_INSTANCE", ".")) / "bare.db"
_thread = threading.local()
_one_writer = threading.Lock()


def connection() -> sqlite3.Connection:
    """This thread's connection, with the settings of the application's."""
    if not hasattr(_thread, "connection"):
        _thread.connection = sqlite3.connect(_path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            _thread.connection.execute(f"PRAGMA {pragma}")
        _thread.connection.execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, words TEXT)")
    kept: sqlite3.Connection = _thread.connection
    return kept


@app.get("/readyz")
def ready() -> str:
    """The process answers."""
    return "ready"


@app.post("/answer")
def answer() -> str:
    """Keep one answer."""
    with _one_writer:
        connection().execute("INSERT INTO answer (words) VALUES (?)", (request.form["words"],))
    return "kept"


def main() -> None:
    """Serve until killed."""
    listening = socket.create_server(("127.0.0.1", int(os.environ["RAPPEL_PORT"])))
    waitress.create_server(app, sockets=[listening], **alone_options(0)).run()


if __name__ == "__main__":
    main()
