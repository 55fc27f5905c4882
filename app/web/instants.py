"""Instants as a page writes them: the day, the time and whose time it is, so that nobody reads another hour."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _

from app.web.i18n import clock_time, day, language

_VOWELS = tuple("aeiouyhàâäéèêëîïôöùûü")
_HOUR_S = 3600


def init(app: Flask) -> None:
    """Offer the filters to templates."""
    for function in (instant, span, zone_time):
        app.add_template_filter(function)


def instant(value: datetime, zone: str) -> str:
    """A day and a time in a zone: "mercredi 16 décembre à 14 h 00"; a time that comes twice has its offset."""
    local = value.astimezone(ZoneInfo(zone))
    words = _("%(day)s at %(time)s", day=day(local.date()), time=clock_time(value, zone))
    return f"{words} ({_offset(local)})" if _is_shown_twice(local) else words


def span(opens: datetime, closes: datetime, zone: str) -> str:
    """From one instant to another: the day is said once when both are of the same."""
    first, last = (value.astimezone(ZoneInfo(zone)) for value in (opens, closes))
    if first.date() != last.date() or _is_shown_twice(first) or _is_shown_twice(last):
        return _("from %(opens)s to %(closes)s", opens=instant(opens, zone), closes=instant(closes, zone))
    times = {"opens": clock_time(opens, zone), "closes": clock_time(closes, zone)}
    return _("on %(day)s from %(opens)s to %(closes)s", day=day(first.date()), **times)


def zone_time(zone: str) -> str:
    """Whose time it is: "heure de Paris"."""
    city = str(get_timezone_location(ZoneInfo(zone), locale=get_locale(), return_city=True))
    if language() == "fr" and city.casefold().startswith(_VOWELS):
        return f"heure d’{city}"
    return _("%(city)s time", city=city)


def _is_shown_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _offset(local: datetime) -> str:
    offset = local.utcoffset()
    hours = (offset.total_seconds() if offset else 0) / _HOUR_S
    return f"UTC{hours:+g}"
