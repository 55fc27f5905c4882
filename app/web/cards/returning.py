"""Back to where a small action came from: a few pages of this application, and nowhere else."""

from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_PAGES = frozenset(
    {
        "cards.card",
        "cards.index",
        "practice.feedback",
        "practice.question",
        "practice.summary",
        "review.feedback",
        "review.index",
    }
)


def way_back(default: str, without: frozenset[str] = frozenset()) -> str:
    """The address in the form's `next`, else of the page the form was on; `default` unless it is an allowed one.

    `without` are pages that the action itself took away.
    Only the path and its query are kept, rebuilt from the route they match: no other host can be reached.
    """
    for wanted in (request.values.get("next"), request.referrer):
        if wanted and (address := _allowed(wanted, _PAGES - without)):
            return address
    return default


def _allowed(wanted: str, pages: frozenset[str]) -> str | None:
    try:
        parts = urlsplit(wanted)
        endpoint, arguments = current_app.url_map.bind("").match(parts.path, "GET")
    except (HTTPException, RequestRedirect, ValueError):
        return None
    if endpoint not in pages:
        return None
    address = url_for(endpoint, **arguments)
    query = parts.query if parts.query.isascii() and parts.query.isprintable() else ""
    return f"{address}?{query}" if query else address
