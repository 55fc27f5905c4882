"""The plan: set it up, see what it means before it is saved, change it, take it away."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.errors import NotFound
from app.services import foresight, plans, settings
from app.services.foresight import Effect, Foreseen
from app.services.plans import Plan, Wanted
from app.srs.plan import WORTH
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.fields import plain_digits
from app.web.i18n import language
from app.web.identity import learner_required
from app.web.plan.forms import PlanForm
from app.web.plan.wording import in_points, likely, moved_by, plural, weekday

bp = Blueprint("plan", __name__, url_prefix="/plan")
for _filter in (in_points, likely, moved_by, plural, weekday):
    bp.add_app_template_filter(_filter)

_LOOKS = ("look", "ask", "offer")  # buttons that show what something means, and save nothing


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked besides: minutes a day for 80 % (None: more than there are), days skipped and where they lead."""

    asked: str
    minutes: int | None = None
    skipped: tuple[date, ...] = ()
    after: Foreseen | None = None


@bp.route("/", methods=["GET", "POST"])
@learner_required
def index() -> Response | tuple[str, int]:
    """Show the plan or one to fill in, say what it would mean, or keep it."""
    looks = any(name in request.form for name in _LOOKS)
    with db().reading() as session:
        shown = _shown(session, request.form if request.method == "POST" else None)
        form: PlanForm = shown["form"]
        _take_offer(form, request.form.get("offer", ""))
        wanted, problems = form.wanted(), plans.problems(session, g.learner, form.wanted(), shown["today"])
        fine = form.judge(problems) if request.method == "POST" else not problems
        if fine and (looks or request.method == "GET"):
            shown.update(_meaning(session, shown["plan"], wanted, request.form.get("ask", "")))
        courses = settings.courses(session, language())
    if request.method == "POST" and fine and not looks:
        with db().writing() as session:
            plans.keep(session, g.learner, wanted, now())
        flash(_("Your plan is kept. It leads from today on."), "done")
        return redirect(url_for("home.index"), code=303)
    body, status = page("plan/index.html", courses=courses, **shown)
    return body, 200 if looks else status


@bp.get("/effect")
@learner_required
def effect() -> str:
    """What the plan in the address would mean, for the page's script; nothing is stored."""
    with db().reading() as session:
        shown = _shown(session, request.args, meta={"csrf": False})
        form: PlanForm = shown["form"]
        if form.judge(shown["problems"]):
            shown.update(_meaning(session, shown["plan"], form.wanted(), request.args.get("ask", "")))
    return render_template("plan/effect.html", **shown)


@bp.post("/more")
@learner_required
def more() -> Response:
    """Ten minutes more, today alone."""
    with db().writing() as session:
        plans.add_minutes(session, g.learner, now())
    return redirect(url_for("review.index"), code=303)


@bp.route("/remove", methods=["GET", "POST"])
@learner_required
def remove() -> str | Response:
    """Ask whether the plan shall go, or take it away."""
    if request.method == "POST":
        with db().writing() as session:
            plans.remove(session, g.learner)
        flash(_("The plan is taken away. Your cards and answers are as they were."), "done")
        return redirect(url_for("home.index"), code=303)
    with db().reading() as session:
        plan = plans.plan_of(session, g.learner, g.learner.today(now()))
    if plan is None:
        raise NotFound
    return render_template("plan/remove.html", plan=plan)


def _shown(session: Any, sent: Any, **options: Any) -> dict[str, Any]:
    """The form with what surrounds it, and what the rules refuse of it."""
    today = g.learner.today(now())
    plan, topics = plans.plan_of(session, g.learner, today), plans.topics_of(session, g.learner)
    suggested = request.args.get("exam_on", "") if sent is None else ""
    form = PlanForm.of(plan, [topic for topic, _title in topics], today, sent, suggested, **options)
    return {
        "form": form,
        "plan": plan,
        "topics": topics,
        "today": today,
        "worth": WORTH,
        "problems": plans.problems(session, g.learner, form.wanted(), today),
        "effect": None,
        "answers": None,
    }


def _meaning(session: Any, plan: Plan | None, wanted: Wanted, asked: str) -> dict[str, Effect | Answers | None]:
    instant = now()
    found = foresight.effect(session, g.learner, wanted, instant)
    answers = None
    if asked in {"enough", "weekend"}:
        of = foresight.known(session, g.learner, instant)
        started = foresight.started(plan, wanted, of.today)
        if asked == "enough":
            answers = Answers(asked, foresight.enough(of, wanted, started))
        else:
            days, after = foresight.weekend(of, wanted, started)
            answers = Answers(asked, skipped=tuple(days), after=after)
    return {"effect": found, "answers": answers}


def _take_offer(form: PlanForm, offer: str) -> None:
    """Fill in what one of the page's offers would change; one that is none changes nothing."""
    kind, _colon, value = offer.partition(":")
    try:
        numbers = [plain_digits(number) for number in value.split(",")]
    except ValueError:
        return
    wanted = form.wanted()
    if kind == "minutes":
        form.show(replace(wanted, minutes_a_day=numbers[0]))
    elif kind == "topics":
        form.show(replace(wanted, left_out=wanted.left_out | set(numbers)))
