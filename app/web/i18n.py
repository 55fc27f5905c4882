"""Languages: which one a page is in, and dates, numbers and durations as that language writes them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask, request, session
from flask_babel import Babel, get_locale, get_translations, gettext, ngettext
from flask_babel import gettext as _
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from app.services.sections import Section
from app.web.context import now
from app.web.identity import person

LOCALES = ("fr", "en")
DEFAULT_ZONE = "Europe/Paris"
_MINUTE_S = 60
_FIRST_IN_HOURS = 120  # minutes
_FIRST_SEPARATED = 1000
_HUNDRED = 100


def init(app: Flask) -> None:
    """Choose the language by person, then by the visitor's choice, then by the browser; French otherwise."""
    app.config.update(BABEL_DEFAULT_LOCALE="fr", BABEL_TRANSLATION_DIRECTORIES="translations")
    Babel(app, locale_selector=_locale)
    app.jinja_env.install_gettext_callables(gettext, _counted, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(_=_in_page, gettext=_in_page)
    filters: dict[str, Callable[..., str]] = {
        "day": day,
        "day_relative": day_relative,
        "day_short": day_short,
        "month": month,
        "month_short": month_short,
        "clock_time": clock_time,
        "number": number,
        "percent": percent,
        "score": score,
        "signed": signed,
        "days": days,
        "minutes": minutes,
        "duration": duration,
        "headings": headings,
    }
    for name, function in filters.items():
        app.add_template_filter(function, name)
    app.context_processor(_globals)


def language() -> str:
    """The language of this page: "fr" or "en"."""
    return str(get_locale())[:2]


def _locale() -> str:
    who = person()
    if who is not None:
        return who.locale
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    return request.accept_languages.best_match(LOCALES, "fr") or "fr"


@lru_cache(maxsize=len(LOCALES) + 1)
def _catalogue(_locale: Locale | None) -> Any:
    """The words of a page in this language, found once a process: each page asks for sixty, at a fifth of its cost."""
    return get_translations()


@pass_eval_context
def _in_page(page: EvalContext, message: str, /, **variables: Any) -> str:
    """Words of a page, as Jinja's own `_` gives them; what can be done once a process is not done sixty times a page.

    They are markup, always a format (a percent sign is doubled), and take `variables` as escaped text.
    """
    locale = get_locale()
    if variables:
        return _format(locale, message, page.autoescape) % variables
    return _plain(locale, message, page.autoescape)


@lru_cache(maxsize=8192)
def _format(locale: Locale | None, message: str, markup: bool) -> str:
    words = str(_catalogue(locale).ugettext(message))
    return Markup(words) if markup else words  # noqa: S704 the catalogue is ours


@lru_cache(maxsize=8192)
def _plain(locale: Locale | None, message: str, markup: bool) -> str:
    return _format(locale, message, markup) % {}


def _counted(one: str, many: str, count: int) -> str:
    """Words with a count, whose thousands are set apart as the language does it."""
    words = str(_catalogue(get_locale()).ungettext(one, many, count))
    return words.replace("%(num)d", number(count)) if abs(count) >= _FIRST_SEPARATED else words


def _globals() -> dict[str, Any]:
    return {"language": language(), "locales": LOCALES}


def _babel_locale() -> str:
    return "en_GB" if language() == "en" else "fr"


def day(value: date) -> str:
    """A date in words: "mardi 24 novembre", with its year when it is not this one."""
    pattern = "EEEE d MMMM" if value.year == now().year else "EEEE d MMMM y"
    return _first(_date(value, pattern, _babel_locale()), value)


def day_short(value: date) -> str:
    """A date in few letters: "24 nov."."""
    return _first(_date(value, "d MMM" if value.year == now().year else "d MMM y", _babel_locale()), value)


def month(value: date) -> str:
    """The month of a date: "novembre 2026"."""
    return _date(value, "LLLL y", _babel_locale())


def month_short(value: date) -> str:
    """The month of a date in few letters: "nov."."""
    return _date(value, "LLL", _babel_locale())


@lru_cache(maxsize=4096)  # tables of days write the same few hundred dates over and over
def _date(value: date, pattern: str, locale: str) -> str:
    return format_date(value, pattern, locale=locale)


def _first(words: str, value: date) -> str:
    """The first of a month is “1er” in French."""
    return re.sub(r"\b1\b", "1er", words, count=1) if language() == "fr" and value.day == 1 else words


def day_relative(value: date, today: date) -> str:
    """How far a date is: "aujourd’hui", "demain", "dans 12 jours"."""
    distance = (value - today).days
    if distance == 0:
        return _("today")
    if distance == 1:
        return _("tomorrow")
    if distance == -1:
        return _("yesterday")
    if distance < 0:
        return ngettext("%(num)d day ago", "%(num)d days ago", -distance)
    return ngettext("in %(num)d day", "in %(num)d days", distance)


def clock_time(value: datetime, zone: str = DEFAULT_ZONE) -> str:
    """A time of day in a person's zone: "14 h 07", "14:07"."""
    local = value.astimezone(ZoneInfo(zone))
    pattern = "HH:mm" if language() == "en" else "H\N{NO-BREAK SPACE}'h'\N{NO-BREAK SPACE}mm"
    return format_time(local.time(), pattern, locale=_babel_locale())


def number(value: float | Decimal, digits: int = 0) -> str:
    """A number with the language's separators and exactly `digits` decimals."""
    if not digits and type(value) is int and 0 <= value < _FIRST_SEPARATED:
        return str(value)  # in any language; a table of a class has thousands of them
    return _decimal(value, digits, _babel_locale())


@lru_cache(maxsize=4096)  # a table of a class writes the same few hundred numbers over and over
def _decimal(value: float | Decimal, digits: int, locale: str) -> str:
    return format_decimal(value, "#,##0." + "0" * digits if digits else "#,##0", locale=locale)


def score(hundredths: int | None) -> str:
    """Hundredths of a scale with two decimals: "12,50"; a dash when there is no score."""
    return "–" if hundredths is None else number(Decimal(hundredths) / _HUNDRED, 2)


def signed(hundredths: int) -> str:
    """Points given ("+0,50") or taken ("−1,25"), from hundredths."""
    return f"{'−' if hundredths < 0 else '+'}{score(abs(hundredths))}"


def percent(share: float | None) -> str:
    """A share from 0 to 1 as a whole percentage; a dash when there is none yet."""
    if share is None:
        return "–"
    return f"{number(round(share * 100))}\N{NO-BREAK SPACE}%" if language() == "fr" else f"{round(share * 100)}%"


def days(count: int) -> str:
    """A number of days in words."""
    return ngettext("%(count)s day", "%(count)s days", count, count=number(count))


def minutes(seconds: float) -> str:
    """A rough duration, never less than a minute."""
    return ngettext("%(num)d minute", "%(num)d minutes", max(1, round(seconds / _MINUTE_S)))


def duration(seconds: float) -> str:
    """A rough duration: in minutes, from two hours on in hours and minutes."""
    whole = round(seconds / _MINUTE_S)
    if whole < _FIRST_IN_HOURS:
        return minutes(seconds)
    hours, rest = divmod(whole, _MINUTE_S)
    words = ngettext("%(num)d hour", "%(num)d hours", hours)
    return f"{words} {minutes(rest * _MINUTE_S)}" if rest else words


def headings(section: Section) -> Markup:
    """The headings that lead to a section of the course, marked when their language is not the page's."""
    words = escape(", ".join(section.titles))
    if section.language == language():
        return words
    return Markup('<span lang="{}">{}</span>').format(section.language, words)
