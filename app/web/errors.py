"""What each error looks like: one table, so that views hold no `try`."""

import logging
import re
from dataclasses import dataclass
from itertools import islice

from flask import Flask, g, render_template, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.errors import Busy, Conflict, Forbidden, Invalid, NotFound, Withdrawn
from app.web.identity import address_of_form, forget_for_this_request, person

# Fields that hold a person's own words; what is chosen, hidden or secret is not theirs to copy back.
_TYPED = re.compile(
    "(?:q[0-9]+-)?(?:text|blank-[0-9]+)|name|display_name|login|words|message|reason|title|points|minutes"
)
_MOST_KEPT = 20
_LONGEST_KEPT = 2_000
_logger = logging.getLogger("rappel.errors")
_KEPT_HEADERS = {"allow", "retry-after"}
_PAGES = {400, 403, 404, 405, 409, 413, 429, 500, 503}


@dataclass(frozen=True, slots=True)
class Shown:
    """What an error page says: its code, a stable reason for its words, the request's reference."""

    status: int
    reason: str = ""
    reference: str = ""


def init(app: Flask) -> None:
    """Register a page for every error a person may meet."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda error: _page(400, "csrf"))
    app.register_error_handler(Invalid, lambda error: _page(400, "invalid"))
    app.register_error_handler(Forbidden, lambda error: _page(403))
    app.register_error_handler(NotFound, lambda error: _page(404))
    app.register_error_handler(Withdrawn, lambda error: _page(404, "withdrawn"))
    app.register_error_handler(Conflict, lambda error: _page(409, error.reason))
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(Exception, _unforeseen)


def _http(error: HTTPException) -> Response | HTTPException:
    code = error.code or 500
    if code not in _PAGES:
        return error
    if request_ctx.url_adapter is None:  # a host name that is none: no page of ours can link anywhere
        return error
    response = _page(code)
    for name, value in error.get_headers(request.environ):
        if name.lower() in _KEPT_HEADERS:
            response.headers[name] = value
    return response


def _busy(error: Busy) -> Response:
    fields = {"reference": g.get("reference")}
    _logger.warning("database busy or unavailable", extra={"fields": fields}, exc_info=error.__cause__)
    response = _page(503)
    response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _unforeseen(error: Exception) -> Response:
    _logger.error("unforeseen error", extra={"fields": {"reference": g.get("reference")}}, exc_info=error)
    return _page(500)


def _page(status: int, reason: str = "") -> Response:
    try:
        person()
    except Busy:  # the database is away: the page is still owed
        forget_for_this_request()
    shown = Shown(status, reason, str(g.get("reference", "")))
    try:
        form = address_of_form() if request.method == "POST" else None
        body = render_template("errors/error.html", error=shown, kept=_typed(), form=form)
    except Exception as error:  # what broke the page may break its error page too: a reference is still owed
        _logger.error("no error page", extra={"fields": {"reference": shown.reference}}, exc_info=error)
        return Response(f"500\n{shown.reference}\n", 500, mimetype="text/plain")
    return Response(body, status, mimetype="text/html")


def _typed() -> list[str]:
    """What the person had typed in a refused form, so that it is not lost; never a password."""
    try:
        sent = list(request.form.lists())
    except HTTPException:  # the form itself is the trouble: too large, or malformed
        return []
    typed = (
        value[:_LONGEST_KEPT] for name, values in sent if _TYPED.fullmatch(name) for value in values if value.strip()
    )
    return list(islice(typed, _MOST_KEPT))
