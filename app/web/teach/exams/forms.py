"""The forms of exams: shape only; `app.services.exams` says what an exam may be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from app.errors import FieldProblem
from app.exam.forms import FEWEST, MOST, letter
from app.services import settings
from app.services.classes import Member
from app.services.exam_allowances import MOST_EXTRA, Given
from app.services.exam_choice import Sought
from app.services.exams import AFTER_PUBLISHING, LONGEST_DURATION, LONGEST_TITLE, SHOWN, Draft, SetUp
from app.services.names import tidy
from app.web.account.refusals import RefusableForm, not_longer
from app.web.context import MOST_ID
from app.web.fields import WholeField
from app.web.settings.forms import zone_choices
from app.web.teach.exams.fields import (
    DemandsField,
    HundredthsField,
    ListedField,
    MomentField,
    Row,
    local_text,
    none_skipped,
)
from app.web.teach.exams.words import SENTENCES
from app.web.teach.forms import course_id_of

LATECOMERS = timedelta(minutes=15)
USUAL_COUNT = 20
_MINUTE_S = 60
_MOST_MINUTES = int(LONGEST_DURATION.total_seconds()) // _MINUTE_S
# The form's own names for what the service calls otherwise.
_FIELDS = {"duration_s": "duration", "scale_hundredths": "scale", "pass_hundredths": "pass_mark"}
# Where the same code needs other words.
_CODES = {
    ("forms", "out_of_range"): "forms_range",
    ("closes_at", "missing"): "no_close",
    ("scale_hundredths", "out_of_range"): "scale_range",
    ("pass_hundredths", "out_of_range"): "pass_range",
}
_LONGEST_WORDS = 100
_LONG = 10_000  # nothing that is typed is longer; the rules say what is too long
_LEVELS = {"1": 1, "2": 2, "3": 3}


def _one_of(*values: str) -> RadioField:
    choices: Any = list(values)  # captions are in the template
    return RadioField(choices=choices)


class ExamForm(RefusableForm):
    """All that a teacher decides about an exam; a published one is left only what may still change."""

    sentences = SENTENCES

    title = StringField(filters=[lambda text: tidy(text or "")], validators=[not_longer(LONGEST_TITLE)])
    kind = _one_of("exam", "practice")
    by = _one_of("demands", "questions")
    demands = DemandsField()
    questions = ListedField()
    draw = _one_of("same", "each", "forms")
    forms = WholeField(MOST, least=FEWEST, needed=False)
    opens_at = MomentField()
    closes_at = MomentField()
    duration = WholeField(_MOST_MINUTES, least=1, needed=False)
    zone = SelectField(validate_choice=False)
    attempts = WholeField(100)
    keep = _one_of("best", "last", "first", "average")
    password = StringField(validators=[not_longer()])
    shuffle_questions = BooleanField()
    shuffle_choices = BooleanField()
    layout = _one_of("each", "page")
    go_back = BooleanField()
    scale = HundredthsField()
    pass_mark = HundredthsField()
    penalty = WholeField(100)
    all_or_nothing = BooleanField()
    show_score = _one_of(*SHOWN)
    show_answers = _one_of(*SHOWN)
    show_explanations = _one_of(*SHOWN)
    version = WholeField(MOST_ID, hidden=True)

    @classmethod
    def of(cls, stored: SetUp | None, zone: str, language: str, count: int = USUAL_COUNT) -> "ExamForm":
        """The form as the exam is stored, or as it has just been filled in; a new one asks `count` questions."""
        draft = stored.draft if stored else Draft("", zone=zone, duration_s=3600, pass_hundredths=1000)
        form = cls(data=_data(draft, stored))
        form.zone.choices = zone_choices(language)
        if not form.demands.rows:
            form.demands.rows = [Row("" if stored else str(count))]
        if stored and stored.published:
            for name in _frozen_fields():
                del form[name]
        return form

    def draft(self, stored: SetUp | None) -> Draft:
        """What the form says; what is frozen stays as it is stored, and what cannot be read is left out."""
        if stored and stored.published:
            return replace(stored.draft, **self._changeable(stored.draft.kind))
        kind = self.kind.data or ""
        by_hand = self.by.data == "questions"
        return Draft(
            kind=kind,
            demands=None if by_hand else tuple(demand for _row, demand in self.demands.demands()),
            questions=tuple(self.questions.ids) if by_hand else (),
            **self._drawing(by_hand),
            shuffle_questions=bool(self.shuffle_questions.data),
            shuffle_choices=bool(self.shuffle_choices.data),
            layout=self.layout.data or "",
            go_back=bool(self.go_back.data),
            scale_hundredths=self.scale.hundredths() or 0,
            penalty_percent=self.penalty.data or 0,
            all_or_nothing=bool(self.all_or_nothing.data),
            **self._changeable(kind),
        )

    def _drawing(self, by_hand: bool) -> dict[str, Any]:
        if by_hand:
            return {"draw": "same"}
        if self.draw.data == "forms":
            return {"draw": "each", "forms": self.forms.data or 1}  # 1 is refused: one form is none
        return {"draw": self.draw.data or ""}

    def _changeable(self, kind: str) -> dict[str, Any]:
        zone = self.zone.data or ""
        opens, closes = self._window(zone, kind)
        never_closes = kind == "practice" and closes is None
        return {
            "title": self.title.data or "",
            "opens_at": opens,
            "closes_at": closes,
            "duration_s": self.duration.data and self.duration.data * _MINUTE_S,
            "zone": zone,
            "attempts": 0 if kind == "practice" else self.attempts.data or 0,
            "keep": self.keep.data or "",
            "password": (self.password.data or "").strip() or None,
            "pass_hundredths": self.pass_mark.hundredths(),
            # What never closes would never show what waits for the close.
            **{
                name: "submitted" if never_closes and self[name].data == "closed" else self[name].data or ""
                for name in ("show_score", "show_answers", "show_explanations")
            },
        }

    def _window(self, zone: str, kind: str) -> tuple[datetime | None, datetime | None]:
        """Opening and close; a close left out comes after the duration, with some time for latecomers."""
        if zone not in settings.zones():
            return None, None
        opens, closes = self.opens_at.instant(zone), self.closes_at.instant(zone, last=True)
        left_out = not (self.closes_at.data or "").strip()
        if kind == "exam" and left_out and opens and self.duration.data:
            closes = opens + timedelta(minutes=self.duration.data) + LATECOMERS
        return opens, closes

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; a time that the zone's clock leaves out is not."""
        fine = bool(super().validate(extra_validators))
        return all(none_skipped(field, self.zone.data or "") for field in (self.opens_at, self.closes_at)) and fine

    def accepts(self, problems: Iterable[FieldProblem] = ()) -> bool:
        """Whether the form was sent and nothing is refused; the rows that cannot be read say so themselves."""
        fine = super().accepts(problems)
        for row in self.demands.rows if "demands" in self else ():
            if row.error == "whole":
                row.error = self.sentence(FieldProblem("demands", "whole", (("least", 1), ("most", 200))))
        return fine

    def attach(self, problems: Iterable[FieldProblem]) -> None:
        """Put each problem at its field, under the form's names; a shortage at its row."""
        # A close that is left out follows from the opening and the zone: what is wrong is there.
        for problem in sorted(problems, key=_is_no_close):
            if _is_no_close(problem) and (self.opens_at.errors or self.zone.errors):
                continue
            name = _FIELDS.get(problem.field, problem.field)
            if problem.code == "shortage":
                self._attach_to_row(problem)
            elif problem.code == "gives_away":
                places = ((key, self.questions.ids.index(int(value)) + 1) for key, value in problem.params)
                super().attach([FieldProblem(name, problem.code, tuple(places))])
            else:
                super().attach(
                    [FieldProblem(name, _CODES.get((problem.field, problem.code), problem.code), problem.params)]
                )

    def _attach_to_row(self, problem: FieldProblem) -> None:
        row, _demand = self.demands.demands()[int(dict(problem.params)["row"]) - 1]
        row.error = self.sentence(problem)
        self.demands.errors = [self.sentence(FieldProblem("demands", "rows"))]


class PointsForm(RefusableForm):
    """The points of the questions of an exam."""

    sentences = SENTENCES

    questions = ListedField()


class CopyForm(RefusableForm):
    """The class that gets a copy."""

    class_id = SelectField(coerce=course_id_of)

    @classmethod
    def of(cls, offered: Sequence[tuple[int, str]], own: int) -> "CopyForm":
        """The form with a teacher's classes as (id, name), another one than the exam's `own` first chosen."""
        form = cls(data={"class_id": next((key for key, _name in offered if key != own), own)})
        form.class_id.choices = [SelectChoice(key, name) for key, name in offered]
        return form


class MakeUpForm(RefusableForm):
    """What one student gets beyond the others, and why."""

    sentences = SENTENCES

    learner_id = SelectField(coerce=course_id_of)
    opens_at = MomentField()
    closes_at = MomentField()
    extra_attempts = WholeField(MOST_EXTRA, needed=False)
    form = SelectField(coerce=int, default=0)
    reason = TextAreaField(validators=[not_longer(_LONG)])

    @classmethod
    def of(cls, members: Sequence[Member], zone: str, forms: int = 0) -> "MakeUpForm":
        """The form with the students of the class; times are of the exam's zone, `forms` is how many it has."""
        form = cls()
        form.learner_id.choices = [SelectChoice(one.user_id, one.own_name) for one in members]
        form.in_zone = zone
        if forms:
            letters = [SelectChoice(number, letter(number)) for number in range(1, forms + 1)]
            form.form.choices = [SelectChoice(0, _("The one they were given")), *letters]
        else:
            del form.form
        return form

    def given(self) -> Given:
        """What was filled in, as the service takes it."""
        return Given(
            learner_id=self.learner_id.data or 0,
            extra_attempts=self.extra_attempts.data or 0,
            opens_at=self.opens_at.instant(self.in_zone),
            closes_at=self.closes_at.instant(self.in_zone, last=True),
            reason=self.reason.data or "",
            form=("form" in self and self.form.data) or None,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; a time that the zone's clock leaves out is not."""
        fine = bool(super().validate(extra_validators))
        return all(none_skipped(field, self.in_zone) for field in (self.opens_at, self.closes_at)) and fine


class PublishForm(FlaskForm):  # type: ignore[misc]
    """The button that publishes what its page showed."""

    version = WholeField(MOST_ID, hidden=True)


def sought_of(fields: Mapping[str, str]) -> Sought:
    """What a teacher searches in the course's questions; what makes no sense asks for nothing."""
    return Sought(
        words=fields.get("sought-words", "").strip()[:_LONGEST_WORDS],
        topic=fields.get("sought-topic", "")[:_LONGEST_WORDS],
        type=fields.get("sought-type", "")[:_LONGEST_WORDS],
        level=_LEVELS.get(fields.get("sought-level", "")),
    )


def _frozen_fields() -> list[str]:
    kept = {_FIELDS.get(name, name) for name in AFTER_PUBLISHING} | {"version", "csrf_token"}
    return [name for name in vars(ExamForm) if hasattr(vars(ExamForm)[name], "field_class") and name not in kept]


def _is_no_close(problem: FieldProblem) -> bool:
    return (problem.field, problem.code) == ("closes_at", "missing")


def _data(draft: Draft, stored: SetUp | None) -> dict[str, Any]:
    """A draft by the names of the form's fields."""
    same = {name: getattr(draft, name) for name in Draft.__dataclass_fields__ if name not in ("demands", "questions")}
    return {
        **same,
        "by": "questions" if stored and draft.demands is None else "demands",
        "demands": draft.demands,
        "draw": draft.drawing,
        "forms": draft.forms or FEWEST,
        "questions": stored.points if stored and draft.demands is None else {},
        "opens_at": local_text(draft.opens_at, draft.zone),
        "closes_at": local_text(draft.closes_at, draft.zone),
        "duration": draft.duration_s and draft.duration_s // _MINUTE_S,
        "scale": plain_mark(draft.scale_hundredths),
        "pass_mark": "" if draft.pass_hundredths is None else plain_mark(draft.pass_hundredths),
        "penalty": draft.penalty_percent,
        "version": stored.version if stored else 0,
    }


def plain_mark(hundredths: int) -> str:
    """A mark as one types it: 2000 is "20", 1250 is "12.5"."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") if part else str(whole)
