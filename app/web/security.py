"""The headers, cookies and hosts that every answer of the server goes through."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.services.uploading import MOST_BYTES as MOST_UPLOADED_BYTES
from app.web.exams.page_size import most_bytes

CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_YEAR_S = 31_536_000
MAX_REQUEST_BYTES = 1_000_000
MAX_FORM_BYTES = 64_000  # of fields that are not files: the longest answer is 2 000 characters
_FORM_AROUND_FILE_BYTES = 10_000
# What a request may have where a file is sent; everywhere else the cap above holds.
_TAKES_FILES = {"teach.uploads.send": MOST_UPLOADED_BYTES + _FORM_AROUND_FILE_BYTES}
# Read by programs at a secret address.
_SECRET_ADDRESSES = frozenset({"calendar.feed"})
# Where all the questions of an exam may come in one form.
_TAKES_EXAMS = frozenset({"exams.sitting.turn", "exams.sitting.save"})

csrf = CSRFProtect()


def init(app: Flask, settings: Settings) -> None:
    """Configure sessions, CSRF and hosts; put the security headers on every response."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-rappel" if settings.secure else "rappel",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=_YEAR_S // 2,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a page left open over lunch must still take its answer
        WTF_I18N_ENABLED=False,  # no words of the library are shown, and its catalogue would be read for each form
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        MAX_FORM_PARTS=2_000,
        SEND_FILE_MAX_AGE_DEFAULT=0,
    )
    app.before_request(_cap_size)
    hosts = trusted_hosts(settings)
    app.before_request(lambda: _refuse_other_hosts(hosts))  # before the CSRF check, which compares with the host
    csrf.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.after_request(lambda response: _protect(response, settings.secure))


def _cap_size() -> None:
    """Fields without files are small; Werkzeug bounds their number in multipart forms only, and parses all of them."""
    if request.mimetype == "application/x-www-form-urlencoded":
        most = most_bytes(MAX_FORM_BYTES) if request.endpoint in _TAKES_EXAMS else MAX_FORM_BYTES
        request.max_content_length = request.max_form_memory_size = most
    elif request.endpoint in _TAKES_FILES:
        request.max_content_length = _TAKES_FILES[request.endpoint]


def trusted_hosts(settings: Settings) -> frozenset[str]:
    """With a public address, answer only to it, and to loopback for the health check; empty: to every name."""
    if not settings.base_url:
        return frozenset()
    return frozenset({urlsplit(settings.base_url).hostname or "", "127.0.0.1", "localhost", "::1"})


def _refuse_other_hosts(hosts: frozenset[str]) -> None:
    """Flask's own TRUSTED_HOSTS knows no IPv6 address, and leaves the error page without addresses to link to."""
    if not hosts:
        return
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        name = None
    if name not in hosts:
        abort(400)


def _protect(response: Response, secure: bool) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = CSP
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"  # no-referrer would break the CSRF check under https
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if secure:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}; includeSubDomains"
    if request.endpoint in _SECRET_ADDRESSES:
        headers["Referrer-Policy"] = "no-referrer"
        headers["X-Robots-Tag"] = "noindex, nofollow"
        headers["Cache-Control"] = "private, no-cache"  # kept by the program alone, and asked for again each time
    elif request.endpoint == "static":
        known = request.args.get("v")  # the address names the content: keep it for ever
        headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable" if known else "no-cache"
    else:
        headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response
