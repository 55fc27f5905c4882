"""Words that the pages of a plan share."""

from datetime import date, timedelta

from babel.dates import format_date
from flask_babel import gettext as _

from app.srs.outlook import Share
from app.web.i18n import language, number, percent

_A_MONDAY = date(2024, 1, 1)


def weekday(number_from_monday: int) -> str:
    """The name of a day of the week, Monday 0."""
    name = format_date(_A_MONDAY + timedelta(days=number_from_monday), "EEEE", locale=language())
    return name[0].upper() + name[1:]


def likely(share: Share) -> str:
    """An expected share with its interval: "71% (63 to 79)"."""
    low, high = (number(round(100 * end)) for end in (share.low, share.high))
    return _("%(expected)s (%(low)s to %(high)s)", expected=percent(share.expected), low=low, high=high)


def moved_by(change: float) -> str:
    """A change of a share in points of a hundred, with its sign: "+1.3"."""
    return f"{'−' if change < 0 else '+'}{number(abs(change) * 100, 1)}"
