"""Words that the pages of a plan share."""

from datetime import date, timedelta

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import ngettext

from app.srs.outlook import Share
from app.web.i18n import language, number, percent

_A_MONDAY = date(2024, 1, 1)
_FRENCH_PLURAL = 2


def weekday(number_from_monday: int) -> str:
    """The name of a day of the week, Monday 0."""
    name = format_date(_A_MONDAY + timedelta(days=number_from_monday), "EEEE", locale=language())
    return name[0].upper() + name[1:]


def likely(share: Share) -> str:
    """An expected share with its interval: "71% (63 to 79)"."""
    low, high = (number(round(100 * end)) for end in (share.low, share.high))
    return _("%(expected)s (%(low)s to %(high)s)", expected=percent(share.expected), low=low, high=high)


def moved_by(change: float) -> str:
    """A change of a share in points of a hundred, with its sign: "+1.3"; none when it rounds to nothing."""
    moved = round(change * 100, 1)
    sign = "−" if moved < 0 else "+" if moved else ""
    return f"{sign}{number(abs(moved), 1)}"


def in_points(change: float) -> str:
    """The same with its word: "+1.3 points"."""
    return ngettext("%(points)s point", "%(points)s points", plural(abs(change) * 100), points=moved_by(change))


def plural(value: float) -> int:
    """The count whose form a number shown with one decimal takes: French has the plural from 2 on, English always."""
    return 2 if round(value, 1) >= _FRENCH_PLURAL else 0
