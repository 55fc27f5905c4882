"""The forms of the cards pages: what to list, and which row of a history to take back."""

from collections.abc import Mapping

from flask_wtf import FlaskForm

from app.services.browsing import State, Wanted
from app.web.fields import WholeField

_LONGEST_WORDS = 100
_LONGEST_SLUG = 80
_MOST_PAGES = 10_000


class ActionForm(FlaskForm):  # type: ignore[misc]
    """A button without fields: only its CSRF token is checked."""


class UndoForm(FlaskForm):  # type: ignore[misc]
    """The number of the row to take back."""

    number = WholeField(2**31 - 1, least=1, hidden=True)


def wanted_of(fields: Mapping[str, str]) -> Wanted:
    """What an address asks to list; what makes no sense in it asks for nothing."""
    state, page = fields.get("state", ""), fields.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= len(str(_MOST_PAGES)) else 1
    return Wanted(
        words=fields.get("words", "").strip()[:_LONGEST_WORDS],
        topic=fields.get("topic", "")[:_LONGEST_SLUG],
        state=State(state) if state in set(State) else None,
        page=max(1, number),
    )
