"""The forms of a roster: shape only."""

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from app.errors import FieldProblem
from app.formats.roster import CHOICES, MOST_EXTRA_MINUTES
from app.services.roster_claims import Candidate, Details
from app.web.account.refusals import RefusableForm, Sentence, needed, not_longer
from app.web.fields import WholeField


class ListForm(RefusableForm):
    """A list to send."""

    file = FileField()
    remove_gone = BooleanField()

    def refuse_missing(self) -> None:
        """Say that no file was chosen."""
        self.attach([FieldProblem("file", "file_missing")])


class MemberForm(RefusableForm):
    """What the school says of a member."""

    sentences: Mapping[str, Sentence] = {
        "id_taken": lambda n: _("Another student of the class has this id."),
        "id_characters": lambda n: _(
            "An id has at most %(longest)s characters and does not begin with = + - or @: "
            "spreadsheets run it as a formula.",
            **n,
        ),
    }
    institution_id = StringField(validators=[not_longer()])
    extra_minutes = WholeField(MOST_EXTRA_MINUTES)

    def to_details(self) -> Details:
        """What was typed."""
        return Details("", self.institution_id.data or "", self.extra_minutes.data or 0)


class LinkForm(RefusableForm):
    """The member who is the student of a line."""

    user_id = RadioField(coerce=int, validators=[needed()])

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> "LinkForm":
        """The form with those who may be chosen; a likely one is not chosen beforehand."""
        form = cls()
        form.user_id.choices = [SelectChoice(one.user_id, one.name) for one in candidates]
        return form


def kinds_of_request() -> list[str | None] | None:
    """What the teacher says each column is; None where nothing was said yet."""
    if "column-0" not in request.form:
        return None
    told = (request.form.get(f"column-{at}") for at in range(len(request.form)))
    return [kind if kind in CHOICES else None for kind in told]
