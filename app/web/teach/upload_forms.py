"""The forms of uploads: shape only; what is in a file is for `app.services.uploading`."""

from collections.abc import Collection, Sequence

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Regexp

from app.errors import FieldProblem
from app.services.settings import CourseChoice
from app.services.uploading import MOST_BYTES, NewUpload
from app.services.withdrawing import Withdrawal
from app.web.account.refusals import RefusableForm, needed
from app.web.teach.forms import course_id_of


class UploadForm(RefusableForm):
    """A file to send: the course its questions are for, unless it brings one."""

    file = FileField()
    course_id = SelectField(coerce=course_id_of, validate_choice=False)
    retire_missing = BooleanField()

    @classmethod
    def of(cls, offered: Sequence[CourseChoice], chosen: int | None) -> "UploadForm":
        """The form with the courses there are, and the one to begin with."""
        form = cls()
        form.course_id.choices = [SelectChoice(str(one.id), one.title) for one in offered]
        if not form.is_submitted() and offered:
            form.course_id.data = chosen if chosen in {one.id for one in offered} else offered[0].id
        return form

    def missing(self) -> list[FieldProblem]:
        """What a form without a file lacks."""
        return [] if self.file.data else [FieldProblem("file", "file_missing")]

    def to_upload(self) -> NewUpload:
        """What was sent; of too large a file, enough to see that it is."""
        sent = self.file.data
        content = sent.stream.read(MOST_BYTES + 1)
        return NewUpload(sent.filename or "", content, self.course_id.data or None, bool(self.retire_missing.data))


class ApplyForm(FlaskForm):  # type: ignore[misc]
    """The button that stores an upload, with the difference that was shown."""

    shown = HiddenField(validators=[Regexp(r"^[0-9a-f]{64}$")])


class WithdrawForm(RefusableForm):
    """What to take back of a course: the questions that are ticked, all of one's own, or the whole course."""

    what = RadioField(validators=[needed()])
    questions = SelectMultipleField(coerce=int, validate_choice=False)

    @classmethod
    def of(cls, offered: Withdrawal, ticked: Collection[int]) -> "WithdrawForm":
        """The form with what may be withdrawn; at first some questions are ticked, or none."""
        form = cls()
        names = [("chosen", bool(offered.lines)), ("all", len(offered.lines) > 1), ("course", offered.whole)]
        form.what.choices = [SelectChoice(name, name) for name, there in names if there]
        if not form.is_submitted():
            form.what.data = "chosen" if offered.lines else "course"
            form.questions.data = list(ticked)
        return form

    def missing(self) -> list[FieldProblem]:
        """What is said when nothing is ticked."""
        nothing = self.what.data == "chosen" and not self.questions.data
        return [FieldProblem("questions", "none_ticked")] if nothing else []

    @property
    def chosen(self) -> list[int] | None:
        """The ids that are ticked; None for all there are."""
        return list(self.questions.data or []) if self.what.data == "chosen" else None
