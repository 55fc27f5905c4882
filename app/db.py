"""The database: one engine, the only three ways to use it, and every SQLite setting.

SQLite's own waiting is unfair (a writer can starve for seconds while newcomers pass) and its
default transactions lose updates silently, so writers queue here, first come first served, and
always begin IMMEDIATE. Readers never wait: they hold a read-only snapshot.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteError
from time import monotonic
from types import TracebackType
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from app.errors import Busy

Found = TypeVar("Found")

PATIENCE_S = 5.0
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={int(PATIENCE_S * 1000)}",
    "trusted_schema=OFF",
    "journal_size_limit=67108864",
)

_AWAKE_S = 1.0
_DATA_EXCEPTION = "22"  # the class of SQLSTATE whose first line may quote a value as well
_READ_SQLITE = {"rappel_begin": "DEFERRED"}
_SINGLE_POSTGRESQL = {"isolation_level": "AUTOCOMMIT"}
_READ_POSTGRESQL = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}  # one snapshot, as on SQLite


class FairQueue(AbstractContextManager[None]):
    """A lock whose waiters pass in the order they came; raises Busy after `patience_s` seconds."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._mutex = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        with self._mutex:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(self._patience_s):
            return
        with self._mutex:
            if turn.is_set():  # the turn came between the deadline and here: it is ours
                return
            self._waiting.remove(turn)
        raise Busy

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


class Database:
    """One engine and the only three ways to use it."""

    def __init__(self, url: str, patience_s: float = PATIENCE_S) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.path = Path(parsed.database) if self.is_sqlite and parsed.database else None
        self._queue: AbstractContextManager[None] = FairQueue(patience_s) if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            self.engine = create_engine(url, pool_size=8, max_overflow=8, hide_parameters=True)
            event.listen(self.engine, "connect", _open_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = create_engine(url, hide_parameters=True)
            event.listen(self.engine, "handle_error", _keep_values_out)
            _ask_sleepers(self.engine)
        self._write = sessionmaker(self.engine, expire_on_commit=False)
        options = _READ_SQLITE if self.is_sqlite else _READ_POSTGRESQL
        self._read = sessionmaker(self.engine.execution_options(**options), expire_on_commit=False, autoflush=False)
        self._single = self.engine.execution_options(**(_READ_SQLITE if self.is_sqlite else _SINGLE_POSTGRESQL))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One unit of work: commits on leaving, rolls back on any exception.

        Writers on SQLite pass one at a time, first come first served. Raises Busy when the
        database could not take the write (after 5 s of waiting, on SQLite): nothing was stored.
        """
        with self._queue, _busy_when_unavailable(), self._write.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read-only snapshot; what a page shows is from one instant. Raises Busy like `writing`."""
        with _busy_when_unavailable(), self._read.begin() as session:
            yield session

    def look_up(self, ask: Callable[[Connection], Found]) -> Found:
        """What one statement reads, for what every request asks: no transaction around it, half of the way.

        A connection that broke without having slept is replaced, with all others, and the new one is asked: nothing is
        stored twice. Two statements would see two instants: they belong into `reading`. Raises Busy like `writing`.
        """
        with _busy_when_unavailable():
            try:
                return self._asked(ask)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            return self._asked(ask)

    def _asked(self, ask: Callable[[Connection], Found]) -> Found:
        with self._single.connect() as connection:
            return ask(connection)

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


@contextmanager
def _busy_when_unavailable() -> Iterator[None]:
    """A lock held elsewhere past the timeout, a full or read-only disk, a server away: nothing was stored."""
    try:
        yield
    except (OperationalError, SqliteError) as error:
        raise Busy from error


def _keep_values_out(context: ExceptionContext) -> None:
    """Leave the values that PostgreSQL quotes in its errors ("Failing row contains …") out of them: they are logged."""
    error, told = context.original_exception, context.sqlalchemy_exception
    diagnosis = getattr(error, "diag", None)
    if diagnosis is None or not diagnosis.sqlstate:  # the driver's own words
        return
    said = "" if diagnosis.sqlstate.startswith(_DATA_EXCEPTION) else diagnosis.message_primary
    bare = f"{said} ({diagnosis.sqlstate})".strip()
    if told is not None:
        told.args = tuple(str(part).replace(str(error), bare) for part in told.args)
    error.args = (bare,)


def _ask_sleepers(engine: Engine) -> None:
    """Ask a pooled connection that slept whether it is still there, before a transaction relies on it.

    One that was at work within the last second is: asking it too would be a fifth of a short transaction.
    """

    def fell_asleep(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["asleep_since"] = monotonic()

    def ask(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        since = entry.info.get("asleep_since")
        if since is None or monotonic() - since < _AWAKE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # a server that went away took all of them

    event.listen(engine, "checkin", fell_asleep)
    event.listen(engine, "checkout", ask)


def _open_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Begin through the driver itself: through SQLAlchemy it cost as much as the statements that follow."""
    mode = connection.get_execution_options().get("rappel_begin", "IMMEDIATE")
    driver = cast(SqliteConnection, connection.connection.driver_connection)
    driver.execute(f"PRAGMA query_only={'ON' if mode == 'DEFERRED' else 'OFF'}")
    driver.execute(f"BEGIN {mode}")
