"""A learner's calendar in words: one entry for each exam, and one for each day that has work."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.exam.timing import Window
from app.formats.calendar_file import Entry
from app.services.exam_standing import Standing
from app.services.feeds import Ahead, Feed
from app.web.context import site
from app.web.i18n import minutes

_DAY = timedelta(days=1)
_MINUTE_S = 60


def entries(feed: Feed) -> Sequence[Entry]:
    """The entries, in the language of this moment."""
    days = [entry for plan in feed.plans for entry in _of_plan(plan)]
    return days + [entry for exam in feed.exams if (entry := _of_exam(exam))]


def _of_plan(plan: Ahead) -> Iterator[Entry]:
    """The day of the exam, and the days before it with the work to expect."""
    exam = _("Exam: %(title)s", title=plan.course)
    yield Entry(_uid("plan", plan.plan_id), exam, plan.exam_on, plan.exam_on + _DAY, _link("home.index"))
    for work in plan.days:
        title = ngettext(
            "Rappel: %(num)d card, about %(time)s",
            "Rappel: %(num)d cards, about %(time)s",
            round(work.cards),
            time=minutes(work.minutes * _MINUTE_S),
        )
        uid = _uid("day", plan.plan_id, work.day.isoformat())
        yield Entry(uid, title, work.day, work.day + _DAY, _link("review.index"))


def _of_exam(exam: Standing) -> Entry | None:
    """An exam from its opening to its close, or the only one of them that it has; None without either."""
    window: Window = exam.window
    uid, link = _uid("exam", exam.exam_id), _link("exams.show", exam_id=exam.exam_id)
    if window.opens_at and window.closes_at:
        is_sat = exam.kind == "exam"
        title = _("Exam: %(title)s", title=exam.title) if is_sat else _("Practice exam: %(title)s", title=exam.title)
        busy = is_sat and window.closes_at - window.opens_at < _DAY  # of a longer window no hour is taken yet
        return Entry(uid, title, window.opens_at, window.closes_at, link, busy)
    if window.opens_at:
        return Entry(uid, _("Exam opens: %(title)s", title=exam.title), window.opens_at, None, link)
    if window.closes_at:
        return Entry(uid, _("Exam closes: %(title)s", title=exam.title), window.closes_at, None, link)
    return None


def _uid(*parts: object) -> str:
    return "-".join(str(part) for part in parts) + f"@{urlsplit(site()).hostname}"


def _link(endpoint: str, **values: Any) -> str:
    return site() + url_for(endpoint, **values)
