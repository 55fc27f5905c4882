"""The forms of the cards pages: what to list, and which row of a history to take back."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from app.services.browsing import State, Wanted
from app.services.flagging import REASONS, FlagPage
from app.web.account.refusals import RefusableForm
from app.web.fields import WholeField

_LONGEST_WORDS = 100
_LONGEST_SLUG = 80
_MOST_PAGES = 10_000
_LONGEST_MESSAGE = 10_000  # nothing that is typed is longer; the rules say what is too long


class ActionForm(FlaskForm):  # type: ignore[misc]
    """A button without fields: only its CSRF token is checked."""


class UndoForm(FlaskForm):  # type: ignore[misc]
    """The number of the row to take back."""

    number = WholeField(2**31 - 1, least=1, hidden=True)


class FlagForm(RefusableForm):
    """A report about a question: why, and in words."""

    reason = RadioField(choices=[SelectChoice(reason, reason) for reason in REASONS], validators=[InputRequired()])
    message = TextAreaField(validators=[InputRequired(), Length(max=_LONGEST_MESSAGE)])

    @classmethod
    def of(cls, page: FlagPage) -> "FlagForm":
        """The form with the report that is open, if there is one."""
        return cls(data={"reason": page.open.reason, "message": page.open.message}) if page.open else cls()


def wanted_of(fields: Mapping[str, str]) -> Wanted:
    """What an address asks to list; what makes no sense in it asks for nothing."""
    state = fields.get("state", "")
    return Wanted(
        words=words_of(fields),
        topic=fields.get("topic", "")[:_LONGEST_SLUG],
        state=State(state) if state in set(State) else None,
        page=page_of(fields),
    )


def words_of(fields: Mapping[str, str]) -> str:
    """The words that an address searches."""
    return fields.get("words", "").strip()[:_LONGEST_WORDS]


def page_of(fields: Mapping[str, str]) -> int:
    """The page of a list that an address asks for, from 1."""
    page = fields.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= len(str(_MOST_PAGES)) else 1
    return max(1, number)
