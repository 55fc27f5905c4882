"""Where to go after logging in: only to a page of this application."""

from urllib.parse import urlsplit

from flask import current_app, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_NEVER = {"static", "account.log_in", "account.register", "account.keep", "account.reset"}


def local_path(wanted: str | None) -> str | None:
    """The path and query of `wanted` when it is the address of a page to go to after logging in, else None."""
    endpoint = endpoint_of(wanted)
    return None if endpoint is None or endpoint in _NEVER else wanted


def endpoint_of(wanted: str | None) -> str | None:
    """The endpoint of the page here whose path and query are `wanted`; None when it is none.

    Whatever a browser could take for another site's address fails: it must begin with one slash,
    hold no backslash and no sign outside printable ASCII, and match a route that answers GET.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    if "\\" in wanted or not wanted.isascii() or not wanted.isprintable():
        return None
    try:
        parts = urlsplit(wanted)
        endpoint, _arguments = current_app.url_map.bind("").match(parts.path, "GET")
    except (HTTPException, RequestRedirect, ValueError):
        return None
    return None if parts.netloc or parts.scheme else str(endpoint)


def after_log_in(wanted: str | None) -> str:
    """Where somebody goes who has just come in: where they were heading, else home."""
    return local_path(wanted) or url_for("home.index")
