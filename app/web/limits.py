"""How often a visitor may fail, or ask for something dear, before being asked to wait.

Only failures count against a person: a class that arrives together behind one address gets in,
while somebody who tries passwords is slowed, for one account and for all of them.
"""

import time
from collections.abc import Callable
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, NoReturn, TypeVar

from flask import Flask, Response, g, request
from flask_limiter import Limiter

from app.config import Settings
from app.errors import NotFound
from app.services.names import login_key
from app.web.identity import person

FAILURES_OF_ACCOUNT = "10 per 15 minutes"
FAILURES_OF_ADDRESS = "300 per hour"
GUESTS_OF_ADDRESS = "300 per hour"
FLAGS_OF_PERSON = "30 per hour"
EXAM_PASSWORDS = "5 per minute"
UPLOADS_OF_PERSON = "60 per hour"
FEEDS_OF_ONE = "120 per hour"  # some programs look every five minutes, on several devices
_NAMES_ACCOUNT = frozenset({"account.log_in", "account.register", "account.keep"})
_SUBSCRIBER_BITS = 64  # of an IPv6 address: what one customer or one school is given

View = TypeVar("View", bound=Callable[..., Any])


def address() -> str:
    """Where a request comes from; with IPv6 its network, for one machine has addresses without number.

    Behind a reverse proxy this is the visitor's address only as far as RAPPEL_TRUSTED_PROXIES says.
    """
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, _SUBSCRIBER_BITS), strict=False))
    return str(found)


limiter = Limiter(address, headers_enabled=False, default_limits=[])


def init(app: Flask, settings: Settings) -> None:
    """Count in Redis when several processes share the work, else in this one."""
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        # A counter store that never answers must not hold up every request.
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 1, "socket_timeout": 1} if settings.redis_url else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_SWALLOW_ERRORS=bool(settings.redis_url),
    )
    limiter.init_app(app)
    app.after_request(_say_when_to_come_back)


def slow_down_failures(view: View) -> View:
    """Let a view's POST requests fail so often; the view says what a failure is with `count_failure`."""
    options: dict[str, Any] = {"methods": ["POST"], "deduct_when": _failed}
    by_account = limiter.shared_limit(FAILURES_OF_ACCOUNT, "failures-account", key_func=_account, **options)
    by_address = limiter.shared_limit(FAILURES_OF_ADDRESS, "failures-address", key_func=address, **options)
    return by_account(by_address(view))  # type: ignore[return-value]


def slow_down_passwords(view: View) -> View:
    """Let a person try a wrong password at an exam so often; then for a minute none is taken, the right one neither.

    It is read out in a room and the exam's time runs: a longer wait would cost the exam. Nobody's tries count
    against anybody else of the room, and they do not keep the account from logging in.
    """
    options: dict[str, Any] = {"methods": ["POST"], "deduct_when": _failed}
    shared = limiter.shared_limit(EXAM_PASSWORDS, "passwords-exam", key_func=_person_at_exam, **options)
    return shared(view)  # type: ignore[return-value]


def slow_down_guests(view: View) -> View:
    """Let an address make so many guests, through all the views that make them; others are not counted."""
    options: dict[str, Any] = {"methods": ["POST"], "exempt_when": lambda: person() is not None}
    shared = limiter.shared_limit(GUESTS_OF_ADDRESS, "guests-address", key_func=address, **options)
    return shared(view)  # type: ignore[return-value]


def slow_down_flags(view: View) -> View:
    """Let a person report questions so often."""
    shared = limiter.shared_limit(FLAGS_OF_PERSON, "flags-person", key_func=_person, methods=["POST"])
    return shared(view)  # type: ignore[return-value]


def slow_down_uploads(view: View) -> View:
    """Let a person send files so often: reading them is dear."""
    shared = limiter.shared_limit(UPLOADS_OF_PERSON, "uploads-person", key_func=_person, methods=["POST"])
    return shared(view)  # type: ignore[return-value]


def slow_down_feeds(view: View) -> View:
    """Let one calendar be read so often."""
    return limiter.shared_limit(FEEDS_OF_ONE, "feeds-one", key_func=_feed)(view)  # type: ignore[return-value]


def refuse_feed() -> NoReturn:
    """Say that there is no such calendar; to an address that asked so often, that it should wait.

    Only then is it counted: programs go on asking for a calendar that is gone, and those behind the same address
    shall read theirs.
    """
    with limiter.shared_limit(FAILURES_OF_ADDRESS, "feeds-address", key_func=address):
        raise NotFound


def count_failure() -> None:
    """Say that this request guessed wrong."""
    g.guessed_wrong = True


def _failed(_response: Response) -> bool:
    return bool(g.get("guessed_wrong"))


def _person() -> str:
    who = person()
    return f"#{who.id}" if who else address()


def _feed() -> str:
    """The calendar that is asked for; hashed, for its address is a secret."""
    return sha256(str((request.view_args or {}).get("code")).encode("utf-8", "replace")).hexdigest()


def _person_at_exam() -> str:
    return f"{_person()} {(request.view_args or {}).get('exam_id')}"


def _account() -> str:
    """The account that is tried, from this address; hashed, for the counters may be on another machine."""
    names_account = request.endpoint in _NAMES_ACCOUNT  # elsewhere a field of that name means nothing
    typed = request.form.get("login") if names_account else None
    who = None if names_account else person()  # a guest who tries passwords is judged by the account they try
    account = f"#{who.id}" if who else login_key(typed or "")
    return f"{sha256(account.encode('utf-8', 'replace')).hexdigest()} {address()}"


def _say_when_to_come_back(response: Response) -> Response:
    breached = limiter.current_limit
    if response.status_code == 429 and breached is not None:  # noqa: PLR2004 Too Many Requests
        left_s = round(breached.reset_at - time.time())  # up to a second more than there is: the library rounds up
        response.headers["Retry-After"] = str(max(1, min(left_s, breached.limit.get_expiry())))
    return response
