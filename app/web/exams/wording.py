"""Scores, points and times left as the pages of exams write them, by the page's language."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask import Blueprint
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.services.attempts import Sheet
from app.services.results import Answered
from app.web.i18n import clock_time
from app.web.instants import zone_time
from app.web.markup import phrase

_HOUR_S, _MINUTE_S, _DAY_S = 3600, 60, 86_400


def init(bp: Blueprint) -> None:
    """Offer the filters to templates."""
    for function in (hundredths, points, lasting, answer_lines, end_name, exam_time):
        bp.add_app_template_filter(function)


def hundredths(value: int | Decimal) -> str:
    """A score in hundredths as a number: "15", "12,5", "8,33"."""
    return str(format_decimal(Decimal(value) / 100, "#,##0.##", locale=get_locale()))


def points(value: Fraction) -> str:
    """Points of a question, to the hundredth: for reading, scores are rounded once and elsewhere."""
    return str(format_decimal(round(Decimal(value.numerator) / value.denominator, 2), "#,##0.##", locale=get_locale()))


def lasting(value: timedelta) -> str:
    """How long something takes, exact to the second: "1 hour 20 minutes"."""
    whole = int(value.total_seconds())
    days, hours = whole // _DAY_S, whole % _DAY_S // _HOUR_S
    minutes, seconds = whole % _HOUR_S // _MINUTE_S, whole % _MINUTE_S
    parts = [
        ngettext("%(num)d day", "%(num)d days", days) if days else "",
        ngettext("%(num)d hour", "%(num)d hours", hours) if hours else "",
        ngettext("%(num)d minute", "%(num)d minutes", minutes) if minutes else "",
        ngettext("%(num)d second", "%(num)d seconds", seconds) if seconds else "",
    ]
    return " ".join(part for part in parts if part)


def end_name(sheet: Sheet) -> str:
    """What ended an attempt that is over: its student, its teacher, its time."""
    names = {"student": _("Handed in"), "teacher": _("Ended by the teacher")}
    return names.get(sheet.closed_by or "", _("Ended by its time"))


def exam_time(value: datetime, zone: str, own: str) -> str:
    """A time of an exam on its clock, and whose that is; on the student's `own` too where they show another time."""
    there = f"{clock_time(value, zone)}, {zone_time(zone)}"
    if value.astimezone(ZoneInfo(zone)).utcoffset() == value.astimezone(ZoneInfo(own)).utcoffset():
        return there
    return _("%(there)s (%(here)s, %(own)s)", there=there, here=clock_time(value, own), own=zone_time(own))


def remaining_s(deadline: datetime | None, now: datetime) -> int | None:
    """The seconds that are left on the server's clock, never below 0; None where nothing ends the attempt."""
    return None if deadline is None else max(0, int((deadline - now).total_seconds()))


def answer_lines(answered: Answered) -> list[Markup]:
    """A response in words, as HTML: what was typed is shown as it is."""
    if answered.typed:
        return [Markup('<code class="long">{}</code>').format(line) for line in answered.lines]
    return [
        escape(true_or_false(line)) if answered.shown.type == "true_false" else phrase(line) for line in answered.lines
    ]


def true_or_false(value: str) -> str:
    """The word for "true" or "false"."""
    return _("True") if value == "true" else _("False")
