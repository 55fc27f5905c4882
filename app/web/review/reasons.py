"""Why a card is asked today, in one line: what the plan expects of it, or the day SM-2 gave it."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.services.queueing import Day
from app.services.showing import QuestionPage
from app.srs.plan import HORIZON, Choice, Reason
from app.web.i18n import day as day_in_words
from app.web.i18n import percent


def why_today(page: QuestionPage, day: Day) -> str:
    """The reason, in plain words; "" for a card that is asked again today, which says so itself."""
    if page.drill:
        return ""
    chosen = day.led.why(page.question_id) if day.led else None
    if chosen is not None and day.led is not None:
        return _planned(chosen, (day.led.towards.exam_on - day.today).days)
    if page.due is None:
        return _("Why today: a new card, within your daily limit.")
    if page.due < day.today:
        return _("Why today: due since %(day)s.", day=day_in_words(page.due))
    return _("Why today: it is due today.")


def _planned(chosen: Choice, days_left: int) -> str:
    if chosen.reason is Reason.NEW:
        return _("Why today: new, at the pace that lets you see the whole course in time.")
    if chosen.reason is Reason.MORE:
        return _("Why today: new, ahead of its turn, because there is time.")
    when = _("at the exam") if days_left <= HORIZON else ngettext("in %(num)d day", "in %(num)d days", HORIZON)
    gain = ngettext(
        "it adds %(num)d chance in 100 of recalling it %(when)s",
        "it adds %(num)d chances in 100 of recalling it %(when)s",
        max(round(100 * chosen.gain), 1),
        when=when,
    )
    known = percent(chosen.recall)
    if chosen.reason is Reason.FADING:
        return _("Why today: it is fading (known today: %(chance)s); %(gain)s.", chance=known, gain=gain)
    return _("Why today: a review now makes it last (known today: %(chance)s); %(gain)s.", chance=known, gain=gain)
