"""The forms of the pre-flight: shape only."""

from flask import request
from flask_babel import gettext as _
from flask_wtf.file import FileField

from app.errors import FieldProblem
from app.services.preflight import Wanted
from app.web.account.refusals import RefusableForm
from app.web.fields import plain_digits

_PAIR = "pair-"


class TargetForm(RefusableForm):
    """The participants' file of the target."""

    sentences = {  # noqa: RUF012 as its base class has it
        "chosen_twice": lambda n: _("One person was chosen for two students: choose again."),
        "other_points": lambda n: _("The column of Canvas is not out of the same as the exam: read below, and decide."),
    }
    file = FileField()

    def refuse_missing(self) -> None:
        """Say that no file was chosen."""
        self.attach([FieldProblem("file", "file_missing")])


def wanted_of_request() -> Wanted:
    """What the teacher decided; what is no number decides nothing."""
    chosen = {}
    for name, value in request.form.items():
        if name.startswith(_PAIR) and (row := _number(value)) is not None:
            chosen[name.removeprefix(_PAIR)] = row
    feedback = _("Feedback") if "feedback" in request.form else None
    column, other = (_number(request.form.get(name, "")) for name in ("column", "other_points"))
    return Wanted(chosen, column, feedback, "over_excuses" in request.form, other)


def _number(text: str) -> int | None:
    try:
        return plain_digits(text)
    except ValueError:
        return None
