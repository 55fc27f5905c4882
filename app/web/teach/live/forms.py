"""The forms of what a teacher does while an exam runs: each with its reason, which is logged."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import TextAreaField

from app.errors import FieldProblem
from app.services.interventions import MOST_MINUTES, BackWanted, TimeWanted
from app.services.messages import message_problem
from app.web.account.refusals import RefusableForm, Sentence, not_longer
from app.web.context import MOST_ID
from app.web.fields import WholeField
from app.web.teach.exams.fields import MomentField, none_skipped

_LONG = 10_000  # nothing that is typed is longer; the rules say what is too long
_SENTENCES: dict[str, Sentence] = {
    "given_meanwhile": lambda n: ngettext(
        "Meanwhile %(num)d minute was given: send again to give these too.",
        "Meanwhile %(num)d minutes were given: send again to give these too.",
        int(n["minutes"]),
    ),
    "given_before": lambda n: ngettext(
        "You gave this %(num)d minute before, for the same reason: send again to give one more.",
        "You gave these %(num)d minutes before, for the same reason: send again to give as many more.",
        int(n["minutes"]),
    ),
    "moment": lambda n: _("Give a day and a time."),
    "no_such_time": lambda n: _("This time is skipped when clocks go forward."),
    "until_missing": lambda n: _("Say until when: this exam’s attempts end."),
    "until_past": lambda n: _("This time is past."),
    "until_far": lambda n: _("At most a year from now."),
}


class WhyForm(RefusableForm):
    """Why something is done to an attempt."""

    sentences = _SENTENCES

    message = TextAreaField(validators=[not_longer(_LONG)])

    def accepts(self, problems: Iterable[FieldProblem] = ()) -> bool:
        """Whether the form was sent and nothing refuses it; a missing reason is said beside all else."""
        missing = message_problem(self.message.data or "") if self.is_submitted() else None
        return super().accepts([*problems, *([missing] if missing else [])])


class TimeForm(WhyForm):
    """How many minutes to give, and why; `seen` is the entry of the log that last gave some when the page was made, and
    `again` the newest one when the page told that this may repeat one of them.
    """

    minutes = WholeField(MOST_MINUTES, least=1)
    seen = WholeField(MOST_ID, needed=False, hidden=True)
    again = WholeField(MOST_ID, needed=False, hidden=True)

    def wanted(self, learner_id: int | None) -> TimeWanted:
        """What was filled in, as the service takes it."""
        told = self.seen.data, self.again.data
        return TimeWanted(self.minutes.data or 0, self.message.data or "", learner_id, *told)


class BackForm(WhyForm):
    """Until when an attempt goes on, on the clock of the exam's zone, and why."""

    until = MomentField()
    in_zone: str

    @classmethod
    def of(cls, zone: str, until: str) -> "BackForm":
        """The form, with a time of the zone filled in."""
        form = cls(data={"until": until})
        form.in_zone = zone
        return form

    def wanted(self, attempt_id: int) -> BackWanted:
        """What was filled in, as the service takes it."""
        return BackWanted(attempt_id, self.until.instant(self.in_zone, last=True), self.message.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; a time that the zone's clock leaves out is not."""
        fine = bool(super().validate(extra_validators))
        return none_skipped(self.until, self.in_zone) and fine
