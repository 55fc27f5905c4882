"""The forms of uploads: shape only; what is in a file is for `app.services.uploading`."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Regexp

from app.errors import FieldProblem
from app.services.settings import CourseChoice
from app.services.uploading import MOST_BYTES, NewUpload
from app.web.account.refusals import RefusableForm
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
