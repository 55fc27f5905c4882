"""An attempt at work: its questions, every change saved at once, the server's clock, handing in.

Nothing is stored by GET. A browser that does not hold the attempt's epoch is asked before it takes over.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.exam import given, presentation
from app.exam.responses import LONGEST_TEXT
from app.services import attempts
from app.services.attempts import ItemAt, Outcome, Pulse, Saved, Sheet
from app.web.context import at_address, db, now
from app.web.exams import answers
from app.web.exams.held import epoch_of, hold
from app.web.exams.wording import exam_time, remaining_s
from app.web.identity import learner_required
from app.web.review.filled import Filled

bp = Blueprint("sitting", __name__, url_prefix="/attempts")
Page = Response | tuple[str | Response, int] | str


@bp.get("/<int:attempt_id>/")
@learner_required
def page(attempt_id: int) -> Page:
    """The attempt where its student is; another browser first says that it goes on here."""
    sheet = _sheet(attempt_id)
    if sheet.over:
        return _to_receipt(attempt_id)
    if epoch_of(attempt_id) != sheet.epoch:
        return _elsewhere(sheet)
    return render_template("exams/attempt.html", **_around(sheet, _place(sheet)))


@bp.post("/<int:attempt_id>/open")
@learner_required
def open_here(attempt_id: int) -> Page:
    """Go on with the attempt in this browser; what another one sends from now on is refused."""
    sheet, wanted = _sheet(attempt_id), _wanted(request.form.get("question", ""))
    if sheet.over:
        return _to_receipt(attempt_id)
    with db().writing() as session:
        epoch = attempts.take_over(session, g.learner, attempt_id, now())
    hold(attempt_id, epoch)
    if sheet.layout == "page":
        return to_page(attempt_id, anchor=f"question-{sheet.left_at}" if sheet.left_at > 1 else None)
    return to_page(attempt_id, wanted)


@bp.post("/<int:attempt_id>/")
@learner_required
def turn(attempt_id: int) -> Page:
    """Save what a page holds, then show what its button asks for: another question, this one again, the end."""
    sheet, epoch, go = _sheet(attempt_id), _hidden_number("epoch"), request.form.get("go", "")
    changes = _or_400(answers.typed, request.form, sheet)
    with db().writing() as session:
        outcome = attempts.save(session, g.learner, attempt_id, epoch, changes, now())
        fine = outcome.state in (Saved.STORED, Saved.OLDER) and not outcome.refused
        if fine and sheet.forward_only and go == "next":
            attempts.advance(session, g.learner, attempt_id, epoch, _hidden_number("shown"), now())
    if outcome.state is Saved.OVER:
        return _too_late(_sheet(attempt_id), [change.position for change in changes])
    if outcome.state is Saved.ELSEWHERE:
        return _elsewhere(sheet, refused=True)
    if outcome.refused:
        return _again(_sheet(attempt_id), outcome)
    return _next(sheet, go)


@bp.post("/<int:attempt_id>/save")
@learner_required
def save(attempt_id: int) -> Page:
    """Save changes for the page's own script; what became of them, as JSON."""
    epoch, changes, instant = _hidden_number("epoch"), _or_400(answers.sent, request.form), now()
    with db().writing() as session:
        outcome = attempts.save(session, g.learner, attempt_id, epoch, changes, instant)
    said = _clock(outcome.stands)
    if outcome.refused:  # the script keeps the words and says so beside them: no page takes their place
        places = sorted({int(problem.field) for problem in outcome.refused})
        return jsonify(state="refused", questions=places, **said), 400
    if outcome.state in (Saved.ELSEWHERE, Saved.OVER):
        return jsonify(state=outcome.state, **said), 409
    words = _("Saved at %(time)s", time=exam_time(instant, outcome.stands.zone, g.learner.zone))
    return jsonify(state=_STATES[outcome.state], words=words, **said)


@bp.get("/<int:attempt_id>/clock")
@learner_required
def clock(attempt_id: int) -> Response:
    """The server's clock for this attempt: what is left, which epoch is at work."""
    with db().reading() as session:
        pulse = attempts.pulse(session, g.learner, attempt_id, now())
    return jsonify(**_clock(pulse))


@bp.post("/<int:attempt_id>/here")
@learner_required
def here(attempt_id: int) -> Page:
    """The page at work says that it is still there; the answer is the clock. It stores nothing else."""
    epoch = _hidden_number("epoch")
    with db().writing() as session:
        pulse = attempts.here(session, g.learner, attempt_id, epoch, now())
    return jsonify(**_clock(pulse)), 409 if pulse.over or pulse.epoch != epoch else 200


@bp.get("/<int:attempt_id>/hand-in")
@learner_required
def hand_in(attempt_id: int) -> Page:
    """Before the end: what has no answer, what was marked to be read again."""
    sheet = _sheet(attempt_id)
    if sheet.over:
        return _to_receipt(attempt_id)
    if epoch_of(attempt_id) != sheet.epoch:
        return _elsewhere(sheet)
    return render_template("exams/hand_in.html", **_around(sheet, _place(sheet)))


@bp.post("/<int:attempt_id>/submit")
@learner_required
def submit(attempt_id: int) -> Page:
    """Hand in, once; of an attempt that its time ended, store that end."""
    epoch = _hidden_number("epoch")
    with db().writing() as session:
        saved = attempts.submit(session, g.learner, attempt_id, epoch, now())
    if saved is Saved.ELSEWHERE:
        return _elsewhere(_sheet(attempt_id), refused=True)
    return _to_receipt(attempt_id)


def to_page(attempt_id: int, question: int | None = None, anchor: str | None = None) -> Response:
    """Lead to the page of an attempt that this browser holds."""
    return redirect(url_for("exams.sitting.page", attempt_id=attempt_id, question=question, _anchor=anchor), code=303)


def begun(sheet: Sheet) -> Response:
    """The page of an attempt that this browser has just opened, in answer to what opened it."""
    if sheet.over:
        return _to_receipt(sheet.id)
    page = render_template("exams/attempt.html", **_around(sheet, _place(sheet)))
    return at_address(page, url_for("exams.sitting.page", attempt_id=sheet.id))


_STATES = {Saved.STORED: "saved", Saved.OLDER: "older"}


def _sheet(attempt_id: int) -> Sheet:
    with db().reading() as session:
        return attempts.sheet(session, g.learner, attempt_id, now())


def _around(sheet: Sheet, place: int, again: frozenset[int] = frozenset()) -> dict[str, Any]:
    """What the pages of an attempt show; of the questions only what may be seen now.

    Those to do `again` are filled in as they were sent, the others as they are stored.
    """
    each = sheet.layout == "each"
    items = [item for item in sheet.items if item.position == place] if each else sheet.items

    def filled(item: ItemAt) -> Filled:
        return answers.as_sent(request.form, item.position) if item.position in again else answers.filled(item)

    return {
        "sheet": sheet,
        "place": place,
        "each": each,
        "remaining": remaining_s(sheet.deadline, now()),
        "questions": [
            (item, presentation.present(item.body, g.learner.locale, item.seed), filled(item)) for item in items
        ],
        "answered": [item.position for item in sheet.items if item.response],
        "marked": [item.position for item in sheet.items if item.flagged],
        "turn_target": url_for("exams.sitting.turn", attempt_id=sheet.id),
    }


def _place(sheet: Sheet) -> int:
    """Which question to show: the one asked for, or where one goes on; where nobody goes back, the only one."""
    wanted = None if sheet.forward_only else _wanted(request.args.get("question", ""))
    return wanted if wanted and wanted <= len(sheet.items) else sheet.left_at


def _wanted(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None  # noqa: PLR2004 digits


def _clock(pulse: Pulse) -> dict[str, Any]:
    deadline = pulse.deadline
    ends = "" if deadline is None else _("end at %(time)s", time=exam_time(deadline, pulse.zone, g.learner.zone))
    return {"epoch": pulse.epoch, "over": pulse.over, "remaining": remaining_s(deadline, now()), "ends": ends}


def _hidden_number(name: str) -> int:
    """A number that the page itself wrote into a hidden field."""
    return _or_400(answers.number, request.form, name) or 0


def _or_400(read: Any, *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except ValueError:
        abort(400)


def _next(sheet: Sheet, go: str) -> Response:
    """Where the button of a saved page leads."""
    if go == "finish":
        return redirect(url_for("exams.sitting.hand_in", attempt_id=sheet.id), code=303)
    here = _hidden_number("shown")
    if sheet.layout == "page":
        pressed = next((one for one in answers.positions(request.form) if answers.is_pressed(request.form, one)), here)
        return to_page(sheet.id, anchor=f"question-{pressed}")
    return to_page(sheet.id, _wanted(go) or here)


def _again(sheet: Sheet, outcome: Outcome) -> Page:
    """The page with what was refused still typed in it, and where; everything else is saved."""
    refused = {int(problem.field) for problem in outcome.refused}
    around = _around(sheet, min(refused), again=frozenset(refused))
    return render_template("exams/attempt.html", refused=sorted(refused), most=LONGEST_TEXT, **around), 400


def _too_late(sheet: Sheet, changed: Sequence[int]) -> Page:
    """What a page held that came after the end, and is not stored: said, with the words to copy."""
    kept = [(item, response) for item, response in answers.kept(request.form, sheet) if item in changed]
    if not changed:
        return _to_receipt(sheet.id)
    return render_template("exams/late.html", sheet=sheet, kept=_in_words(sheet, kept)), 409


def _in_words(sheet: Sheet, kept: Sequence[tuple[int, dict[str, object]]]) -> list[tuple[int, Sequence[str]]]:
    bodies = {item.position: item.body for item in sheet.items}
    return [(place, given.lines(bodies[place], response, g.learner.locale)) for place, response in kept]


def _elsewhere(sheet: Sheet, refused: bool = False) -> Page:
    """The attempt is at work in another browser: how to go on here, and what was typed if it was refused."""
    kept = _in_words(sheet, answers.kept(request.form, sheet)) if refused else []
    if sheet.over:
        return _to_receipt(sheet.id)
    question = request.values.get("shown") or request.values.get("question", "")
    html = render_template("exams/elsewhere.html", sheet=sheet, kept=kept, refused=refused, question=question)
    return (html, 409) if refused else html


def _to_receipt(attempt_id: int) -> Response:
    return redirect(url_for("exams.after.receipt", attempt_id=attempt_id), code=303)
