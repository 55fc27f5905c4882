"""The days until an exam under a plan, in minutes and cards."""

from collections.abc import Sequence
from datetime import date

from app.services import foresight
from app.services.foresight import Known
from app.services.kept import Kept
from app.services.plans import Wanted
from app.srs import agenda, outlook
from app.srs.plan import choices
from app.stats import workload
from app.stats.workload import WorkDay

_WORK: Kept[Sequence[WorkDay]] = Kept(most=500)


def days_of_work(of: Known, wanted: Wanted, started_on: date) -> Sequence[WorkDay]:
    """The days until the exam in minutes and cards, today first, as they looked this morning: today's as the plan's
    order has it, the others foreseen."""
    units, off = agenda.budget(wanted.minutes_a_day, of.unit_s), foresight.days_off(wanted, of.today)
    key = (of.key, wanted.exam_on, units, off, wanted.left_out, started_on)

    def work() -> Sequence[WorkDay]:
        walked = outlook.walked(of.under(of.worker, wanted), of.today, wanted.exam_on, units, off, started_on)
        met = of.unseen(wanted) - walked.never_seen
        days = workload.days_of_work(walked.units_per_day, met, of.recalled(), of.unit_s)
        if of.today in off:
            return days
        kept = set(of.kept(wanted)) - of.aside
        order = choices(of.today, wanted.exam_on, [card for card in of.cards if card.id in kept], started_on)
        listed = agenda.fitting(agenda.worthwhile(order), units)
        minutes = sum(choice.units for choice in listed) * of.unit_s / 60
        return (WorkDay(of.today, minutes, len(listed)), *days[1:])

    return _WORK.get(key, work)
