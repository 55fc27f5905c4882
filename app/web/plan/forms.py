"""The form of a plan: shape only; `app.services.plans` says what may be wanted."""

from collections.abc import Collection
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.services.plans import FEWEST_MINUTES, MOST_MINUTES, WEEK, Plan, Wanted
from app.web.account.refusals import RefusableForm
from app.web.fields import WholeField
from app.web.plan.fields import DayField, DaysField, TickedField

USUAL_MINUTES = 20
_NO_DAY = date.min  # refused as past where a rule looks at it; the field has said more already

_SENTENCES = {
    "day": lambda n: _("Type a day, such as 2026-12-16."),
    "past": lambda n: _("The exam has to be after today."),
    "too_far": lambda n: _("The exam is more than a year away: half a year ahead is early enough to plan it."),
    "out_of_range": lambda n: _("From %(least)s to %(most)s minutes.", least=FEWEST_MINUTES, most=MOST_MINUTES),
    "no_day_left": lambda n: _("Every day of the week is off: leave at least one."),
    "outside": lambda n: _("Days off lie between today and the day before the exam."),
    "backwards": lambda n: _("A row ends before it begins."),
    "unknown": lambda n: _("The topics of the course have changed meanwhile: look at them again."),
    "none_left": lambda n: _("Keep at least one topic."),
}


class PlanForm(RefusableForm):
    """An exam date, minutes a day, days off, topics."""

    sentences = _SENTENCES

    exam_on = DayField()
    minutes_a_day = WholeField(MOST_MINUTES, least=FEWEST_MINUTES)
    weekdays_off = TickedField()
    days_off = DaysField()
    topics = TickedField()
    offered: frozenset[int]

    @classmethod
    def of(
        cls, plan: Plan | None, topics: Collection[int], today: date, sent: Any, suggested: str = "", **options: Any
    ) -> "PlanForm":
        """The form as it was `sent`, else of the plan kept, else of one that is new, for the day `suggested`."""
        usual: dict[str, Any] = {"exam_on": suggested, "minutes_a_day": USUAL_MINUTES, "topics": topics}
        if plan is not None:
            wanted = plan.wanted
            usual = {
                "exam_on": suggested or (wanted.exam_on.isoformat() if plan.leads(today) else ""),
                "minutes_a_day": wanted.minutes_a_day,
                "weekdays_off": [day for day in range(WEEK) if wanted.weekdays_off & 1 << day],
                "days_off": [day for day in wanted.days_off if today <= day < wanted.exam_on],
                "topics": set(topics) - wanted.left_out,
            }
        form = cls(formdata=sent, data=usual, **options)
        form.offered = frozenset(topics)
        return form

    def wanted(self) -> Wanted:
        """What is asked for; what could not be read is refused by the rules, or has said so at its field."""
        return Wanted(
            exam_on=self.exam_on.day or _NO_DAY,
            minutes_a_day=self.minutes_a_day.data or 0,
            weekdays_off=sum(1 << day for day in self.weekdays_off.data if day < WEEK),
            days_off=self.days_off.data if self.exam_on.day else frozenset(),
            left_out=self.offered - self.topics.data,
        )

    def show(self, wanted: Wanted) -> None:
        """Fill in what an offer would change."""
        if wanted.minutes_a_day != self.wanted().minutes_a_day:
            self.minutes_a_day.process(None, wanted.minutes_a_day)
            self.minutes_a_day.raw_data = [str(wanted.minutes_a_day)]  # as though it had been typed
        self.topics.process(None, self.offered - wanted.left_out)
