"""A learner's calendar in words: one entry for each exam, and one for each day that has work."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
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
        ends = _until(window.opens_at, window.closes_at, exam)
        busy = is_sat and ends - window.opens_at < _DAY  # of a longer window no hour is taken yet
        return Entry(uid, title, window.opens_at, ends, link, busy)
    if window.opens_at:
        return Entry(uid, _("Exam opens: %(title)s", title=exam.title), window.opens_at, None, link)
    if window.closes_at:
        return Entry(uid, _("Exam closes: %(title)s", title=exam.title), window.closes_at, None, link)
    return None


def _until(opens_at: datetime, closes_at: datetime, exam: Standing) -> datetime:
    """The close, or later for who has the time of others and more: then whoever starts at once goes on beyond it."""
    more = (exam.duration or timedelta(0)) - (exam.window.duration or timedelta(0))
    if exam.duration is None or more <= timedelta(0):
        return closes_at
    return max(closes_at, min(opens_at + exam.duration, closes_at + more))


def _uid(*parts: object) -> str:
    return "-".join(str(part) for part in parts) + f"@{urlsplit(site()).hostname}"


def _link(endpoint: str, **values: Any) -> str:
    return site() + url_for(endpoint, **values)
