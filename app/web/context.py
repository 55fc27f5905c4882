"""What a view may ask of the application: the database, the time, the settings, the shell of its page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Flask, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map

from app.config import Settings
from app.db import Database

_KEY = "rappel"
MOST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that one application is made of."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime]


class IdConverter(IntegerConverter):
    """Whole numbers that a database can hold: beyond them an address simply does not exist."""

    regex = "[0-9]+"  # not the digits of every script

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, **{"max": MOST_ID, **options})


def init(app: Flask, settings: Settings, database: Database, clock: Callable[[], datetime]) -> None:
    """Keep the parts where views find them; choose the shell that templates extend."""
    give(app, settings, database, clock)
    app.url_map.converters["int"] = IdConverter
    app.context_processor(_shell)


def give(app: Flask, settings: Settings, database: Database, clock: Callable[[], datetime]) -> None:
    """Let `app` work with these parts from now on."""
    app.extensions[_KEY] = Parts(settings, database, clock)


def parts() -> Parts:
    """The parts of the application that answers this request."""
    return cast(Parts, current_app.extensions[_KEY])


def db() -> Database:
    """The database, for `with db().reading()` and `with db().writing()`."""
    return parts().database


def now() -> datetime:
    """The time, from the application's clock."""
    return parts().clock()


def site() -> str:
    """The public address of the site, the one of this request when it is not set; without a slash at its end."""
    return (parts().settings.base_url or request.host_url).rstrip("/")


def wants_fragment() -> bool:
    """Whether the page's own script asks for the changed part only, without its shell."""
    return request.headers.get("X-Rappel-Fragment") == "1"


def at_address(page: ResponseReturnValue, address: str) -> Response:
    """A page in answer to a form, and where it can be opened again: the page's script shows that address."""
    response = make_response(page)
    response.headers["Content-Location"] = address
    return response


def _shell() -> dict[str, Any]:
    return {"layout": "fragment.html" if wants_fragment() else "base.html"}
