"""The forms of classes: shape only; `app.services.classes` says what may be chosen."""

from collections.abc import Sequence

from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from app.services.settings import CourseChoice
from app.web.account.refusals import RefusableForm, not_longer, worded

_LONGEST_ID = 9  # digits


def course_id_of(value: str | int | None) -> int:
    """The id of a course; 0, which no course has, for what is not one."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else 0


class NameForm(RefusableForm):
    """The name of a class."""

    name = StringField(validators=[worded(), not_longer()])


class ClassForm(NameForm):
    """A class to open: its name and its course."""

    course_id = SelectField(coerce=course_id_of, validate_choice=False)

    @classmethod
    def of(cls, offered: Sequence[CourseChoice]) -> "ClassForm":
        """The form with the courses one can teach."""
        form = cls()
        form.course_id.choices = [SelectChoice(str(one.id), one.title) for one in offered]
        if not form.is_submitted() and offered:
            form.course_id.data = offered[0].id
        return form
