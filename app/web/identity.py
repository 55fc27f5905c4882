"""Who is logged in, for views: Flask-Login over session rows, and the gates of the routes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, g, redirect, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.errors import Forbidden
from app.services import sessions
from app.services.identity import Person
from app.web.account.returning import endpoint_of
from app.web.context import db, now

type_view = Callable[..., Any]


class _Browser(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps: the session's token, and the person it stands for."""

    def __init__(self, token: str, person: Person) -> None:
        self.token = token
        self.person = person

    def get_id(self) -> str:
        return self.token


def init(app: Flask) -> None:
    """Load the person of a request from the token in its cookie."""
    manager = LoginManager(app)
    # A phone changes its address between two lessons: the token alone says who it is.
    manager.session_protection = None
    manager.user_loader(_load)
    app.context_processor(lambda: {"person": person()})


# An answer is written down in the log already: nothing more is owed to it, and its path stays short.
_ANSWERS = frozenset({"review.answer", "practice.answer"})


def _load(token: str) -> _Browser | None:
    instant = now()
    found = db().look_up(lambda connection: sessions.find(connection, token, instant))
    if found is None:
        return None
    who, stale = found
    if stale and request.method == "POST" and request.endpoint not in _ANSWERS:
        with db().writing() as database:
            sessions.touch(database, token, who, instant)
    return _Browser(token, who)


def person() -> Person | None:
    """The person in front, or None for a visitor."""
    return cast(Person, current_user.person) if current_user and current_user.is_authenticated else None


def forget_for_this_request() -> None:
    """Treat the request as a visitor's: for a page that must be shown although nobody can be looked up.

    `g.impersonal` lets it say that it does not know who is in front, which is not that nobody is logged in.
    """
    g._login_user = AnonymousUserMixin()
    g.impersonal = True


def token() -> str | None:
    """The token of this browser's session, to keep it when a person's others end."""
    return cast(str, current_user.token) if current_user.is_authenticated else None


def log_in(new_token: str, who: Person) -> None:
    """Make this browser's cookie carry `new_token`; nothing of an earlier session survives."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    session.permanent = True
    login_user(_Browser(new_token, who))


def log_out() -> None:
    """Forget this browser; the caller has ended the session's row."""
    logout_user()
    session.clear()


def learner_required(view: type_view) -> type_view:
    """Only for a known person (guests too); a visitor is sent to log in and comes back after."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        who = person()
        if who is None:
            return _to_log_in()
        g.learner = who
        return view(*args, **kwargs)

    return guarded


def teacher_required(view: type_view) -> type_view:
    """Only for teachers and admins; raises Forbidden for a learner."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        who = person()
        if who is None:
            return _to_log_in()
        if not who.teaches:
            raise Forbidden
        g.teacher = who
        return view(*args, **kwargs)

    return guarded


def _to_log_in() -> Response:
    """Let a visitor log in and come back: to this page, or to the one that a form was on, which is lost and said so."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("account.log_in", next=request.full_path.rstrip("?")), code=303)
    return redirect(url_for("account.log_in", next=address_of_form(), lost=1), code=303)


def address_of_form() -> str | None:
    """The page of this site that a form was sent from, as far as the browser tells; None for no page."""
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return None
    path = urlunsplit(("", "", page.path, page.query, ""))
    return path if page.netloc == request.host and endpoint_of(path) else None
