"""The forms of the bank's pages: what to list, and the answer to a report."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from app.services.flag_answers import OUTCOMES
from app.services.question_bank import Status, Wanted
from app.web.account.refusals import RefusableForm, not_longer
from app.web.cards.forms import page_of, words_of
from app.web.context import MOST_ID

_LONG = 10_000  # nothing that is typed is longer; the rules say what is too long
_LONGEST_SLUG = 80
_LEVELS = {"1": 1, "2": 2, "3": 3}


def _seen() -> IntegerField:
    """What the page showed of the report: its revision."""
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=1, max=MOST_ID)])


class CloseForm(RefusableForm):
    """The answer to a report and what became of it."""

    outcome = RadioField(choices=[SelectChoice(outcome, outcome) for outcome in OUTCOMES], validators=[InputRequired()])
    message = TextAreaField(validators=[not_longer(_LONG)])
    revision = _seen()


class ReopenForm(FlaskForm):  # type: ignore[misc]
    """The button that opens a report again."""

    revision = _seen()


def wanted_of(fields: Mapping[str, str]) -> Wanted:
    """What an address asks to list; what makes no sense in it asks for nothing."""
    status = fields.get("status", "")
    return Wanted(
        course=fields.get("course", "")[:_LONGEST_SLUG],
        words=words_of(fields),
        topic=fields.get("topic", "")[:_LONGEST_SLUG],
        objective=fields.get("objective", "")[:_LONGEST_SLUG],
        type=fields.get("type", "")[:_LONGEST_SLUG],
        level=_LEVELS.get(fields.get("level", "")),
        status=Status(status) if status in set(Status) else None,
        flagged=fields.get("flagged") == "1",
        page=page_of(fields),
    )


def query_of(wanted: Wanted) -> dict[str, str]:
    """The same as the query of an address, without its page."""
    kept = {
        "course": wanted.course,
        "words": wanted.words,
        "topic": wanted.topic,
        "objective": wanted.objective,
        "type": wanted.type,
        "level": str(wanted.level or ""),
        "status": str(wanted.status or ""),
        "flagged": "1" if wanted.flagged else "",
    }
    return {name: value for name, value in kept.items() if value}
