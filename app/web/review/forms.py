"""The forms of the review; their hidden fields say what the learner was looking at."""

from typing import Self
from uuid import UUID

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.services.reviewing import MAX_TOOK_MS, Submission
from app.services.showing import QuestionPage
from app.srs.sm2 import Grade
from app.web.context import MOST_ID
from app.web.fields import WholeField

_OWN = frozenset(
    {"csrf_token", "answer_id", "question", "version", "edition", "took_ms", "grade", "ticket", "answered_at"}
)


class AnswerIdField(HiddenField):
    """The id made when the question was shown; the log keeps each once."""

    def pre_validate(self, form: FlaskForm) -> None:
        """Refuse what is not a UUID."""
        try:
            UUID(self.data or "")
        except ValueError as error:
            raise ValidationError("not a UUID") from error

    @property
    def uuid(self) -> UUID:
        """The id, once validated."""
        return UUID(self.data or "")


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """One response to one question."""

    answer_id = AnswerIdField()
    question = WholeField(MOST_ID, hidden=True)
    version = WholeField(MOST_ID, hidden=True)
    edition = WholeField(MOST_ID, needed=False, hidden=True)
    took_ms = IntegerField(widget=HiddenInput(), validators=[Optional()], default=0)

    @classmethod
    def blank(cls, page: QuestionPage) -> Self:
        """A form for the question of `page`, untouched by the answer this request may carry."""
        return cls(
            formdata=None,
            answer_id=str(page.answer_id),
            question=page.question_id,
            version=page.version,
            edition=page.edition,
            took_ms=0,
        )

    def submission(self, practice: bool = False) -> Submission:
        """What the learner sent, as the service takes it."""
        return Submission(
            answer_id=self.answer_id.uuid,
            question_id=self.question.data or 0,
            version=self.version.data or 0,
            edition=self.edition.data,
            fields={name: values for name, values in request.form.lists() if name not in _OWN},
            took_ms=min(max(self.took_ms.data or 0, 0), MAX_TOOK_MS),
            practice=practice,
        )


class GradeForm(FlaskForm):  # type: ignore[misc]
    """A grade for an answer, or for a flashcard that was just turned."""

    answer_id = AnswerIdField()
    grade = WholeField(max(Grade), least=min(Grade))
    question = WholeField(MOST_ID, needed=False, hidden=True)
    version = WholeField(MOST_ID, needed=False, hidden=True)
    edition = WholeField(MOST_ID, needed=False, hidden=True)
    took_ms = IntegerField(widget=HiddenInput(), validators=[Optional()], default=0)

    submission = AnswerForm.submission


class OverrideForm(FlaskForm):  # type: ignore[misc]
    """ "My answer was right"."""

    answer_id = AnswerIdField()


class UndoForm(FlaskForm):  # type: ignore[misc]
    """Which row of which card's log to take back."""

    question = WholeField(MOST_ID, hidden=True)
    number = WholeField(MOST_ID, hidden=True)
