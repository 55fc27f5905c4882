"""`run`: what it refuses, what it warns of, how it stops."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import waitress
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from app.cli import rappel, servers
from app.cli.parts import Parts
from app.cli.run import prepare
from app.config import Settings
from app.db import Database
from app.models import Upload
from app.web.security import CSP
from tests.bank.packing import course, written
from tests.bench.server import Server
from tests.conftest import POSTGRES, Clock, skip_or_fail

Run = Callable[..., Result]
SLOW_S = 1.5
EXIT_WITHIN_S = 5.0


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Return a function that runs `run`, or another command, in this process, with settings under which it must end."""
    monkeypatch.setattr(sys.modules["app.cli.run"], "to_stdout", lambda _level: None)
    before, mask = signal.getsignal(signal.SIGTERM), os.umask(0o022)
    for name in [name for name in os.environ if name.startswith("RAPPEL_")]:
        monkeypatch.delenv(name)

    def end(*command: str, **settings: str) -> Result:
        private = {"RAPPEL_INSTANCE": str(tmp_path), "RAPPEL_PORT": "0"}
        return CliRunner(env=private | settings).invoke(rappel, command or ("run",))

    yield end
    signal.signal(signal.SIGTERM, before)
    os.umask(mask)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of a private installation, in a process of its own."""
    made = Server(tmp_path)
    yield made
    made.kill()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that is started and that tests only ask."""
    made = Server(tmp_path_factory.mktemp("running")).start()
    yield made
    made.kill()


@pytest.fixture
def server_on_postgres(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Return a factory of servers on one new PostgreSQL database."""
    if not POSTGRES:
        skip_or_fail("RAPPEL_TEST_POSTGRES names no PostgreSQL server")
    admin = create_engine(POSTGRES or "", isolation_level="AUTOCOMMIT")
    name = f"rappel_run_{uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(POSTGRES or "").set(database=name).render_as_string(hide_password=False)
    made: list[Server] = []

    def make(**settings: str) -> Server:
        made.append(Server(tmp_path, RAPPEL_DATABASE_URL=url, **settings))
        return made[-1]

    yield make
    for server in made:
        server.kill()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def test_every_setting_that_cannot_be_used_is_told_at_once(run: Run) -> None:
    ended = run(RAPPEL_PORT="99999", RAPPEL_TRUSTED_PROXIES="many", RAPPEL_BASE_URL="rappel", RAPPEL_HOST="0.0.0.0")

    named = [line.removeprefix("Error: ").split(":")[0] for line in ended.stderr.splitlines()]
    assert ended.exit_code == 2
    assert sorted(named) == ["RAPPEL_BASE_URL", "RAPPEL_PORT", "RAPPEL_SECRET_KEY", "RAPPEL_TRUSTED_PROXIES"]


@pytest.mark.parametrize(
    "settings",
    [
        {"RAPPEL_HOST": "0.0.0.0"},
        {"RAPPEL_HOST": "::"},
        {"RAPPEL_BASE_URL": "https://rappel.example.org"},
    ],
)
def test_an_installation_that_others_reach_needs_a_secret(run: Run, settings: dict[str, str]) -> None:
    ended = run(**settings)

    assert ended.exit_code == 2
    assert ended.stderr.startswith("Error: RAPPEL_SECRET_KEY: missing")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "status", "words"),
    [
        ({"RAPPEL_DATABASE_URL": "rappel"}, 2, "RAPPEL_DATABASE_URL"),
        ({"RAPPEL_DATABASE_URL": "postgresql+psycopg://nobody:pa55@127.0.0.1:1/x"}, 1, "Connection refused"),
        ({"RAPPEL_REDIS_URL": "rappel"}, 2, "RAPPEL_REDIS_URL"),
        ({"RAPPEL_INSTANCE": "/dev/null/rappel"}, 2, "RAPPEL_INSTANCE"),
        ({"RAPPEL_DATABASE_URL": "sqlite:////dev/null/x/rappel.db"}, 2, "RAPPEL_DATABASE_URL"),
        ({"RAPPEL_HOST": "192.0.2.1", "RAPPEL_SECRET_KEY": "a long one for the test"}, 1, "cannot be used"),
    ],
)
def test_what_cannot_be_used_is_one_line(run: Run, settings: dict[str, str], status: int, words: str) -> None:
    ended = run(**settings)

    assert ended.exit_code == status
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "pa55" not in ended.stderr


def test_a_file_that_is_no_database_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rappel.db").write_text("something else\n" * 1000, encoding="utf-8")

    ended = run()

    assert (ended.exit_code, ended.stderr) == (1, "Error: the database cannot be used: file is not a database\n")


def test_a_start_forgets_what_teachers_sent_and_never_applied(
    db: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "boats").mkdir()
    (tmp_path / "boats" / "course.yaml").write_bytes(written(course()))
    settings = {"INSTANCE": str(tmp_path), "DATABASE_URL": str(db.engine.url), "COURSES": str(tmp_path / "boats")}
    for name, value in settings.items():
        monkeypatch.setenv(f"RAPPEL_{name}", value)
    sent = {"retire_missing": False, "file_name": "a.yaml", "sha256": "", "size_bytes": 2, "content": b"[]"}
    with db.writing() as session:
        for hours in (-1, 1):
            expires = clock() + timedelta(hours=hours)
            session.add(Upload(**sent, created_at=clock(), expires_at=expires))

    prepare(Parts(clock))

    with db.reading() as session:
        assert session.scalars(select(Upload.id)).all() == [2]


def test_a_port_in_use_is_one_line_and_nothing_else_is_done(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run(RAPPEL_PORT=str(taken.getsockname()[1]))

    assert ended.exit_code == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "RAPPEL_PORT" in ended.stderr
    assert not (tmp_path / "rappel.db").exists()


def test_a_second_server_on_one_sqlite_file_is_refused(running: Server, run: Run) -> None:
    ended = run(RAPPEL_INSTANCE=str(running.folder))

    assert ended.exit_code == 1
    assert "SQLite takes one process" in ended.stderr


def test_the_database_is_readable_by_its_owner_alone(running: Server) -> None:
    assert (running.folder / "rappel.db").stat().st_mode & 0o777 == 0o600


def test_what_was_stored_is_there_after_a_restart(server: Server, run: Run) -> None:
    server.start()
    added = run("user", "add", "alice", "--generate")
    server.stop()

    server.start()

    found = run("user", "role", "alice", "teacher")
    assert (added.exit_code, found.exit_code) == (0, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_seconds_under_idle_browsers(server: Server, number: signal.Signals) -> None:
    server.start()
    idle = [http.client.HTTPConnection("127.0.0.1", server.port) for _ in range(20)]
    for connection in idle:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    asked = time.monotonic()

    os.kill(server.pid, number)
    status = server.wait()

    assert status == 0
    assert time.monotonic() - asked < EXIT_WITHIN_S
    for connection in idle:
        connection.close()


class Slow:
    """Serves one slow page in this process, as `run` does; the test stops it from outside its thread."""

    def __init__(self, seconds: float) -> None:
        self.app = Flask("slow")
        self.working = threading.Event()
        self.app.add_url_rule("/", view_func=lambda: self._work(seconds))

    def _work(self, seconds: float) -> str:
        self.working.set()
        threading.Event().wait(seconds)
        return "done"


def test_a_request_at_work_is_answered_before_the_end() -> None:
    slow, sockets = Slow(SLOW_S), dict[int, Any]()
    listening = socket.create_server(("127.0.0.1", 0))
    server = waitress.create_server(slow.app, map=sockets, sockets=[listening], **servers.alone_options(0))
    connection = http.client.HTTPConnection("127.0.0.1", listening.getsockname()[1], timeout=10)
    connection.request("GET", "/")
    while not slow.working.is_set():
        server.asyncore.loop(timeout=0.05, map=sockets, use_poll=True, count=1)

    servers.finish(server, sockets)

    assert connection.getresponse().read() == b"done"
    connection.close()
    server.task_dispatcher.shutdown()
    server.trigger.close()


def test_waitress_is_told_what_its_defaults_get_wrong() -> None:
    options = servers.alone_options(trusted_proxies=0)

    assert options["connection_limit"] == 2000
    assert options["asyncore_use_poll"] is True
    assert options["backlog"] == 2048
    assert options["channel_timeout"] == 30
    assert options["clear_untrusted_proxy_headers"] is True


def test_waitress_leaves_the_headers_of_a_trusted_proxy_to_the_application() -> None:
    assert servers.alone_options(trusted_proxies=1)["clear_untrusted_proxy_headers"] is False


def test_gunicorn_has_one_thread_a_process_and_no_control_socket() -> None:
    options = servers.shared_options(3)

    assert options["threads"] == 1
    assert options["workers"] >= 1
    assert options["control_socket_disable"] is True
    assert (options["forwarded_allow_ips"], options["secure_scheme_headers"]) == ("", {})


def test_the_150th_idle_browser_is_answered(running: Server) -> None:
    browsers = [http.client.HTTPConnection("127.0.0.1", running.port, timeout=10) for _ in range(150)]

    statuses = set()
    for browser in browsers:
        browser.request("GET", "/healthz")
        reply = browser.getresponse()
        reply.read()
        statuses.add(reply.status)

    assert statuses == {200}
    for browser in browsers:
        browser.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n", b"400", id="no-length"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 262_144, b"431", id="long-headers"),
    ],
)
def test_the_servers_own_refusals_come_under_the_same_policy(running: Server, sent: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(sent)

        reply = connection.makefile("rb").read()

    assert reply.split()[1] == status
    assert CSP.encode() in reply


@pytest.fixture
def shared_server(server_on_postgres: Callable[..., Server]) -> Server:
    """A server of several processes, started."""
    redis = os.environ.get("RAPPEL_TEST_REDIS")
    if not redis:
        skip_or_fail("RAPPEL_TEST_REDIS names no Redis server")
    return server_on_postgres(RAPPEL_REDIS_URL=redis or "").start()


def children(server: Server) -> list[str]:
    """The numbers of the processes that a server has started."""
    return Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_several_processes_stop_at_once_when_nobody_asks_anything(
    shared_server: Server, number: signal.Signals
) -> None:
    workers = children(shared_server)
    silent = [socket.create_connection(("127.0.0.1", shared_server.port)) for _ in range(8)]
    asked = time.monotonic()

    os.kill(shared_server.pid, number)
    status = shared_server.wait()
    took = time.monotonic() - asked
    for connection in silent:
        connection.close()

    assert len(workers) == servers.shared_options(3)["workers"]
    assert status == 0
    assert took < EXIT_WITHIN_S / 2
    assert "SIGKILL" not in shared_server.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_several_processes_stop_within_seconds_under_browsers(shared_server: Server, number: signal.Signals) -> None:
    idle = [http.client.HTTPConnection("127.0.0.1", shared_server.port) for _ in range(20)]
    for connection in idle:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    asked = time.monotonic()

    os.kill(shared_server.pid, number)
    status = shared_server.wait()

    assert status == 0
    assert time.monotonic() - asked < EXIT_WITHIN_S
    assert "SIGKILL" not in shared_server.log.read_text(encoding="utf-8")
    for connection in idle:
        connection.close()


def test_a_browser_that_says_nothing_keeps_nobody_waiting(shared_server: Server) -> None:
    silent = [socket.create_connection(("127.0.0.1", shared_server.port)) for _ in range(8)]
    asked = time.monotonic()

    connection = http.client.HTTPConnection("127.0.0.1", shared_server.port, timeout=10)
    connection.request("GET", "/healthz")

    assert connection.getresponse().read() == b"ok\n"
    assert time.monotonic() - asked < EXIT_WITHIN_S / 2
    for one in (connection, *silent):
        one.close()


SLOW_APP = f"""
import os, socket, time
from flask import Flask
from app.cli.servers import serve_shared
app = Flask("slow")
app.add_url_rule("/", view_func=lambda: (print("working", flush=True), time.sleep({SLOW_S}), "done")[2])
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
serve_shared(lambda: app, listening)
print("stopped", flush=True)
os._exit(0)  # as `run` does
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_at_work_in_one_of_several_processes_is_answered_before_the_end(number: signal.Signals) -> None:
    pytest.importorskip("gunicorn")
    with subprocess.Popen([sys.executable, "-c", SLOW_APP], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        connection = http.client.HTTPConnection("127.0.0.1", int(process.stdout.readline()), timeout=10)
        connection.request("GET", "/")
        assert process.stdout.readline() == "working\n"

        process.send_signal(number)

        assert connection.getresponse().read() == b"done"
        assert process.wait(timeout=EXIT_WITHIN_S) == 0
        assert process.stdout.read() == "stopped\n"
        connection.close()


@pytest.mark.parametrize(("code", "left"), [(0, [0]), (None, [0]), (3, [])])
def test_a_worker_that_failed_keeps_its_exit_status(
    code: int | None, left: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = pytest.importorskip("app.cli.workers")
    ended: list[int] = []
    monkeypatch.setattr(workers.os, "_exit", ended.append)

    with pytest.raises(SystemExit):
        try:
            sys.exit(code)
        finally:
            workers.leave(None, None)

    assert ended == left


def test_postgresql_without_redis_is_served_by_one_process_that_says_so(
    server_on_postgres: Callable[..., Server],
) -> None:
    server = server_on_postgres().start()

    status = server.stop()

    assert status == 0
    assert "one process serves" in server.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"redis_url": "redis://127.0.0.1:1/0"}, ["RAPPEL_REDIS_URL does not answer"]),
        ({"base_url": "https://rappel.example.org"}, ["RAPPEL_TRUSTED_PROXIES is 0"]),
        ({"base_url": "https://rappel.example.org", "trusted_proxies": 1}, []),
        ({"database_url": "postgresql+psycopg://127.0.0.1/rappel"}, ["one process serves"]),
        ({}, []),
    ],
)
def test_what_could_work_better_is_said(tmp_path: Path, changed: dict[str, Any], words: list[str]) -> None:
    values: dict[str, Any] = {"instance": tmp_path, "database_url": "sqlite://", "secret_key": "long", "courses": ()}

    said = list(sys.modules["app.cli.run"].warnings(Settings(**(values | changed))))

    assert len(said) == len(words)
    assert all(part in line for part, line in zip(words, said, strict=True))
