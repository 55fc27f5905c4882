"""Scores out: the files of an exam and of a class. A download is a POST, for each is written down."""

from collections.abc import Callable, Iterator
from datetime import date
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from flask import Blueprint, abort, flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.formats import score_words
from app.formats.tables import file_name
from app.services import class_scores, classes, downloads, exams, marks, score_archive, scores
from app.services.class_scores import Period
from app.web.context import db, now
from app.web.i18n import language
from app.web.identity import teacher_required

bp = Blueprint("scores", __name__)
Page = Response | tuple[str, int] | str
_IN_MEMORY = 1_000_000  # bytes; the rest of a file waits on the disk until the browser has it
_PART = 65_536
_LONGEST_TITLE = 48  # characters, so that a name of a file has room for what is in it
_PROFILES = ("fr", "en", "tidy")  # of CSV: the name of a file says which, for one is never read as another
_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/exams/<int:exam_id>/scores")
@teacher_required
def index(exam_id: int) -> str:
    """The files of one exam, and who took which."""
    with db().reading() as session:
        of = exams.found(session, g.teacher, exam_id)
        taught = classes.found(session, g.teacher, of.class_id)
        exam = marks.any_exam(session, exam_id)
        outlook = scores.outlook(session, exam, now())
        taken = downloads.listed(session, of.class_id, exam_id, _most())
    return render_template(
        "teach/scores/exam.html", of=of, taught=taught, exam=exam, outlook=outlook, taken=taken, most=scores.MOST_CELLS
    )


@bp.post("/exams/<int:exam_id>/scores")
@teacher_required
def download(exam_id: int) -> Page:
    """Make one file of an exam, write down who took it, send it."""
    file, named, instant = request.form.get("file", ""), "unnamed" not in request.form, now()
    if file not in (*scores.FILES, "archive"):
        abort(400)
    with db().reading() as session:
        exam = marks.frozen(session, g.teacher, exam_id)
        if file == "book" and scores.outlook(session, exam, now()).too_large:
            flash(_("This workbook is too large to be made here: take the CSV files, or the command."), "error")
            return redirect(url_for("teach.scores.index", exam_id=exam_id), code=303)
        wanted = scores.Wanted(file, language(), named)
        if file == "archive":
            content = _spooled(lambda to: score_archive.write(session, exam, instant, named, to))
        else:
            content = _spooled(lambda to: scores.write(session, exam, wanted, instant, to))
    with db().writing() as session:
        kept_names = named or file in scores.GRADEBOOKS
        details = {"named": kept_names, "locale": language()}
        downloads.note(session, g.teacher, exam.class_id, exam_id, file, details, instant)
    extension = "zip" if file == "archive" else wanted.extension
    words = file if file in ("archive", *scores.GRADEBOOKS) else score_words.word(wanted.table, language())
    words = f"{words} {wanted.form}" if wanted.form in _PROFILES else words
    stem = f"{exam.title[:_LONGEST_TITLE]} {words}{'' if kept_names else _unnamed()}"
    return _sent(content, file_name(stem, scores.day(exam, instant), extension), extension)


@bp.get("/classes/<int:class_id>/scores")
@teacher_required
def of_class(class_id: int) -> str:
    """The files of a class, and who took which."""
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        taken = downloads.listed(session, class_id, None, _most())
    return render_template("teach/scores/class.html", of=of, taken=taken)


@bp.post("/classes/<int:class_id>/scores")
@teacher_required
def download_of_class(class_id: int) -> Page:
    """Make one file of a class, write down who took it, send it."""
    file, named, instant = request.form.get("file", ""), "unnamed" not in request.form, now()
    period = _period()
    if file not in class_scores.FILES or period is None:
        abort(400)
    if period.is_empty:
        flash(_("The first day of the period is after its last: no file was made."), "error")
        return redirect(url_for("teach.scores.of_class", class_id=class_id), code=303)
    wanted, today = class_scores.Wanted(file, language(), named, period), g.teacher.today(instant)
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        content = _spooled(lambda to: class_scores.write(session, of, wanted, instant, today, to))
    with db().writing() as session:
        bounds = {name: day.isoformat() for name, day in (("first", period.first), ("last", period.last)) if day}
        details = {"named": named, "locale": language(), **bounds}
        downloads.note(session, g.teacher, class_id, None, file, details, instant)
    words = score_words.word("scores" if wanted.content == "exams" else wanted.content, language())
    words = f"{words} {wanted.form}" if wanted.form in _PROFILES else words
    stem = f"{of.name[:_LONGEST_TITLE]} {words}{'' if named else _unnamed()}"
    return _sent(content, file_name(stem, today, wanted.extension), wanted.extension)


def _unnamed() -> str:
    return f" {_('without names')}"


def _most() -> int | None:
    """How many of the files taken a page lists: all when they are asked for."""
    return None if request.args.get("taken") == "all" else downloads.MOST


def _period() -> Period | None:
    """The days that the form asks for; None when one of them is no day."""
    try:
        first, last = (
            date.fromisoformat(text) if (text := request.form.get(name, "").strip()) else None
            for name in ("first", "last")
        )
    except ValueError:
        return None
    return Period(first, last)


def _spooled(write: Callable[[BinaryIO], None]) -> IO[bytes]:
    """The whole file before its first byte is sent: what fails midway is an error page, never half a file."""
    target = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 the response closes it
    write(cast(BinaryIO, target))
    target.seek(0)
    return cast(IO[bytes], target)


def _sent(content: IO[bytes], name: str, extension: str) -> Response:
    response = send_file(cast(BinaryIO, content), mimetype=_TYPES[extension], as_attachment=True, download_name=name)
    response.content_length = content.seek(0, SEEK_END)
    content.seek(0)
    response.direct_passthrough, response.response = False, _read(content)
    response.call_on_close(content.close)
    return response


def _read(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while part := content.read(_PART):
            yield part
