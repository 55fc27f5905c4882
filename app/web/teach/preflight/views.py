"""The pre-flight of an exam's scores: the target's people in, who is who, the file that imports out."""

from io import BytesIO

from flask import Blueprint, abort, g, render_template, request, send_file
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.formats import delimited, participants
from app.formats.pairing import Pair
from app.formats.tables import file_name
from app.services import classes, marks, preflight
from app.services.marks import FrozenExam
from app.services.preflight import Ready
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.exams.wording import hundredths
from app.web.i18n import number
from app.web.identity import teacher_required
from app.web.limits import slow_down_uploads
from app.web.teach import resent
from app.web.teach.file_words import place, said, skipped
from app.web.teach.preflight.forms import TargetForm, wanted_of_request

bp = Blueprint("preflight", __name__, url_prefix="/exams/<int:exam_id>/preflight")
Page = Response | tuple[str, int] | str


@bp.get("")
@teacher_required
def index(exam_id: int) -> Page:
    """What to fetch from Moodle or Canvas, and a form that sends it."""
    return _index(exam_id, TargetForm())


@bp.post("")
@slow_down_uploads
@teacher_required
def match(exam_id: int) -> Page:
    """Show who is who and who is unknown, before any file is written; nothing is kept."""
    content, form = resent.received(), TargetForm()
    if content is None:
        form.refuse_missing()
        return _index(exam_id, form)
    return _matched(_look(exam_id, content), content)


@bp.post("/file")
@slow_down_uploads
@teacher_required
def file(exam_id: int) -> Page:
    """The file that imports; refused while one person is chosen for two students."""
    content = resent.received()
    if content is None:
        with db().reading() as session:
            marks.frozen(session, g.teacher, exam_id)
        abort(400)
    form, instant, made = TargetForm(), now(), None
    ready = _look(exam_id, content)
    with form.refusals(), db().writing() as session:
        made = preflight.write(session, g.teacher, ready, wanted_of_request(), instant)
    if made is None:
        return _matched(ready, content, form), 400
    name = file_name(f"{ready.exam.title} {ready.target.kind}", g.teacher.today(instant), "csv")
    return send_file(BytesIO(made.content), mimetype="text/csv", as_attachment=True, download_name=name)


def _look(exam_id: int, content: bytes) -> Ready:
    with db().reading() as session:
        return preflight.look(session, g.teacher, exam_id, content, _feedback, now())


def _feedback(right: int, total: int) -> str:
    return ngettext(
        "%(right)s right answer of %(total)s",
        "%(right)s right answers of %(total)s",
        right,
        right=number(right),
        total=number(total),
    )


def _index(exam_id: int, form: TargetForm) -> Page:
    with db().reading() as session:
        exam = marks.frozen(session, g.teacher, exam_id)
        taught = classes.found(session, g.teacher, exam.class_id)
    most = {"rows": delimited.MOST_ROWS, "kilobytes": delimited.MOST_BYTES // 1000}
    return page("teach/preflight/index.html", form, exam=exam, taught=taught, out_of=_out_of(exam), most=most)


def _matched(ready: Ready, content: bytes, form: TargetForm | None = None) -> str:
    with db().reading() as session:
        taught = classes.found(session, g.teacher, ready.exam.class_id)
    target = ready.target
    told = {
        **_column(ready),
        "preview": _preview(ready),
        "excused": participants.excused(target, _offered(ready)),
        "over_excuses": "over_excuses" in request.form,
        "chosen": wanted_of_request().chosen,
        "feedback": "feedback" in request.form,
        "out_of": _out_of(ready.exam),
        "decimal": participants.decimal,
        "content": resent.given_back(content),
        "said": said,
        "place": place,
        "skipped": skipped(target.sheet),
    }
    return render_template(
        "teach/preflight/match.html", ready=ready, target=target, taught=taught, exam=ready.exam, form=form, **told
    )


def _column(ready: Ready) -> dict[str, object]:
    """The column of Canvas that was chosen, else guessed: what it is out of where that is not what the exam is.

    `unsaid`: the file does not say what it is out of, or some other column that may be chosen.
    """
    target, wanted = ready.target, wanted_of_request()
    column = wanted.column if "column" in request.form else participants.assignment_of(target, ready.exam.title)
    offered = target.assignments if column is None else [column]
    return {
        "column": column,
        "other_points": ready.other_points(column),
        "confirmed": column is not None and wanted.other_points == column,
        "unsaid": any(participants.points_of(target, at) is None for at in offered),
    }


def _preview(ready: Ready) -> participants.ScoreFile | None:
    """The file as it would be with all names confirmed: it says by which column Moodle tells people."""
    if ready.target.kind != participants.MOODLE or ready.target.problems:
        return None
    return participants.moodle(ready.target, [*ready.matching.sure, *ready.matching.named], ready.exam.title)


def _offered(ready: Ready) -> list[Pair]:
    doubts = (pair for one in ready.matching.unclear for pair in one.options)
    return [*ready.matching.sure, *ready.matching.named, *doubts]


def _out_of(exam: FrozenExam) -> str:
    return hundredths(exam.scale_hundredths)
