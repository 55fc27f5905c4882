"""A receipt as plain text: what a student keeps to show what was handed in, and when."""

from textwrap import indent

from flask_babel import gettext as _

from app.services.attempts import Sheet
from app.services.results import Answered, Receipt
from app.web.exams.wording import end_name, true_or_false
from app.web.instants import instant, zone_time
from app.web.markup import plain, without_gaps

_WIDTH = 72


def as_text(receipt: Receipt) -> str:
    """The receipt, one question after the other, in the page's language; lines end as on every system."""
    sheet = receipt.sheet
    saved = [item.saved_at for item in sheet.items if item.saved_at is not None]
    ended = sheet.submitted_at or sheet.deadline
    facts = [
        (_("Receipt"), sheet.receipt or _("none yet: the time ended the attempt")),
        (_("Student"), receipt.student or _("Guest")),
        (_("Attempt"), str(sheet.number)),
        (_("Started"), _at(sheet, sheet.started_at)),
        (end_name(sheet), _at(sheet, ended) if ended else ""),
        (_("Last change saved"), _at(sheet, max(saved)) if saved else _("none")),
    ]
    head = [sheet.title, "=" * min(len(sheet.title), _WIDTH), ""]
    blocks = [block for one in receipt.answered for block in _question(one)]
    return "\n".join([*head, *(f"{name}: {value}" for name, value in facts), "", *blocks])


def _at(sheet: Sheet, value: object) -> str:
    return f"{instant(value, sheet.zone)}, {zone_time(sheet.zone)}"  # type: ignore[arg-type]


def _question(one: Answered) -> list[str]:
    lines = [_line(one, line) for line in one.lines] or [_("(no answer)")]
    return [f"{one.position}. {plain(without_gaps(one.shown.text))}", *(indent(line, "   ") for line in lines), ""]


def _line(one: Answered, line: str) -> str:
    if one.typed:
        return line
    return true_or_false(line) if one.shown.type == "true_false" else plain(line)
