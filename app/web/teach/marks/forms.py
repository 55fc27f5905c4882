"""The forms about marks: a reason for the log, points given by hand."""

from collections.abc import Iterable

from flask_babel import gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from app.errors import FieldProblem, Invalid
from app.web.account.refusals import RefusableForm, Sentence, needed, not_longer
from app.web.context import MOST_ID
from app.web.fields import WholeField
from app.web.i18n import score

_LONG = 10_000  # nothing that is typed is longer; the rules say what is too long
_LONGEST_SEEN = 40


_SENTENCES: dict[str, Sentence] = {
    "points_unread": lambda n: _("Type a number with at most two decimals, such as 0.5 or -1.25."),
    "points_range": lambda n: _("From 0.01 to %(most)s points, given or taken.", most=score(int(n["most"]))),
    "points_before": lambda n: _(
        "You adjusted the score by as much before, for the same reason: send again to do it once more."
    ),
    "no_number": lambda n: _("Type a number."),
    "right_choices": lambda n: _("At least one choice must be right, and of several choices one wrong."),
    "places": lambda n: _("Each place is taken once."),
    "same": lambda n: _("This is the key as it stands: change something, or go back."),
    "too_many_accepted": lambda n: _(
        "The question accepts %(most)s answers already: it can take no more. Give everybody the point instead.", **n
    ),
    "not_applicable": lambda n: _("The question cannot be marked with this change."),
}


class ReasonForm(RefusableForm):
    """Why a mark is changed; `seen` is what the page showed of the changes before."""

    sentences = _SENTENCES

    message = TextAreaField(validators=[not_longer(_LONG)])
    seen = StringField(widget=HiddenInput(), validators=[Length(max=_LONGEST_SEEN)])

    def attach(self, problems: Iterable[FieldProblem]) -> None:
        """Put each problem at its field; one that is of no field here is not for this form's reader to mend."""
        found = list(problems)
        if any(problem.field not in self for problem in found):
            raise Invalid(found)
        super().attach(found)


class PointsForm(ReasonForm):
    """Points to give or take, as typed; `again` is the newest adjustment when it was told that this may repeat one."""

    again = WholeField(MOST_ID, needed=False, hidden=True)
    points = StringField(validators=[needed(), not_longer()])
