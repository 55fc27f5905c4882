"""Refused input: a rule's stable code becomes a sentence at its field, with all that was typed still there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import DataRequired, InputRequired, Length

from app.errors import FieldProblem, Invalid
from app.web.i18n import number
from app.web.limits import count_failure

Numbers = Mapping[str, str | int]
Sentence = Callable[[Numbers], str]

_LONGEST = 1_000  # characters: nothing that is typed is longer; the rules say what is too long
_LENGTHS = ("shortest", "longest")

_SENTENCES: dict[str, Sentence] = {
    "login_length": lambda n: _("A login name has %(shortest)s to %(longest)s characters.", **n),
    "login_characters": lambda n: _("A login name holds no invisible characters: type it rather than paste it."),
    "login_formula": lambda n: _("A login name does not begin with = + - or @: spreadsheets run it as a formula."),
    "login_taken": lambda n: _("This login name is taken. If it is yours, log in instead."),
    "name_long": lambda n: _("At most %(longest)s characters.", **n),
    "name_formula": lambda n: _("A name does not begin with = + - or @: spreadsheets run it as a formula."),
    "name_characters": lambda n: _("A name holds no invisible characters: type it rather than paste it."),
    "password_short": lambda n: _("At least %(shortest)s characters; several words make a good password.", **n),
    "password_long": lambda n: _("At most %(longest)s characters.", **n),
    "password_characters": lambda n: _("One of these characters cannot be kept: type it rather than paste it."),
    "nul": lambda n: _("One of these characters cannot be kept: type it rather than paste it."),
    "password_common": lambda n: _("This password is among the first that are tried. Choose another."),
    "password_is_login": lambda n: _("The login name cannot be the password."),
    "password_again": lambda n: _("The two passwords differ."),
    "password_wrong": lambda n: _("This is not the current password."),
    "wrong": lambda n: _("This is not the exam’s password. It is read out in the room."),
    "log_in": lambda n: _("The login name or the password is not right."),
    "setup_code": lambda n: _("This code does not work. A new one is printed each time the server starts."),
    "not_offered": lambda n: _("Choose one of the values offered."),
    "last_admin": lambda n: _("You are the only administrator: appoint another before you leave."),
    "at_work": lambda n: _(
        "You are taking the exam “%(exam)s”. The account can be erased once you have handed it in.", **{"exam": "", **n}
    ),
    "at_work_until": lambda n: _(
        "You are taking the exam “%(exam)s”. The account can be erased once you have handed it in, or when its time "
        "is over: %(until)s.",
        **n,
    ),
    "message_missing": lambda n: _("Say in a few words what you mean."),
    "message_long": lambda n: _("At most %(longest)s characters.", **n),
    "file_missing": lambda n: _("Choose a file."),
    "file_empty": lambda n: _("There is nothing in this file."),
    "file_large": lambda n: _("At most %(largest)s MB: send fewer files at a time.", **n),
    "none_ticked": lambda n: _("Tick at least one question."),
    "others_there": lambda n: _("Somebody else’s questions are in this course: it cannot be withdrawn as a whole."),
    "sure": lambda n: _("Tick the box to confirm."),
    "needed": lambda n: _("Type something here."),
    "whole": lambda n: _("Type a whole number from %(least)s to %(most)s.", **n),
    "too_long": lambda n: _("At most %(longest)s characters.", **n),
}
# Wrong answers to these tell whether something exists: they count as failed attempts.
_GUESSES = {"log_in", "password_wrong", "login_taken", "setup_code", "wrong"}


def needed() -> InputRequired:
    """Refuses a field left empty."""
    return InputRequired("needed")


def worded() -> DataRequired:
    """Refuses a field left empty, or with nothing but spaces."""
    return DataRequired("needed")


def not_longer(longest: int = _LONGEST) -> Length:
    """Refuses what has more characters, by default what nobody types."""
    return Length(max=longest, message="too_long")


class RefusableForm(FlaskForm):  # type: ignore[misc]
    """A form whose fields also show what the rules of a service refuse; `sentences` are those of its own rules."""

    sentences: Mapping[str, Sentence] = {}
    codes: frozenset[str] = frozenset()  # of the rules that refused it

    def refuse(self, field: str, code: str) -> None:
        """Put one rule's sentence at a field."""
        self.attach([FieldProblem(field, code)])

    def attach(self, problems: Iterable[FieldProblem]) -> None:
        """Put each problem's sentence at its field, unless the field says something already."""
        self.guessed_wrong = getattr(self, "guessed_wrong", False)
        for problem in problems:
            self.codes |= {problem.code}
            self.guessed_wrong = self.guessed_wrong or problem.code in _GUESSES
            field = self[problem.field]
            if not field.errors:
                field.errors = [self.sentence(problem)]

    def accepts(self, problems: Iterable[FieldProblem] = ()) -> bool:
        """Whether the form was sent and neither its shape nor a rule refuses it; says everything at once."""
        return self.is_submitted() and self.judge(problems)

    def judge(self, problems: Iterable[FieldProblem] = ()) -> bool:
        """Whether neither the form's shape nor a rule refuses what is in it; says everything at once."""
        fine = bool(self.validate())
        for field in self:
            if field.errors:
                field.errors = [self._said(field)]
        self.attach(problems)
        return fine and not self.errors

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; U+0000 is in no text: PostgreSQL keeps none."""
        fine = bool(super().validate(extra_validators))
        for field in self:
            if any(isinstance(sent, str) and "\0" in sent for sent in field.raw_data or ()):
                field.errors, fine = ["nul"], False
                field.raw_data = [sent.replace("\0", "") for sent in field.raw_data if isinstance(sent, str)]
            if isinstance(field.data, str):  # it is shown again
                field.data = field.data.replace("\0", "")
        return fine

    def sentence(self, problem: FieldProblem) -> str:
        """What a rule says, in the language of the page."""
        told = {name: number(of) if name in _LENGTHS else of for name, of in problem.params}  # type: ignore[arg-type]
        return {**_SENTENCES, **self.sentences}[problem.code](told)

    def _said(self, field: Field) -> str:
        """The one sentence for what the shape of a field refuses; of the library's own none is shown."""
        bounds = {name: number(getattr(field, name, 0)) for name in ("least", "most")}
        longest = next((getattr(one, "max", 0) for one in field.validators if isinstance(one, Length)), _LONGEST)
        known = {**_SENTENCES, **self.sentences}
        sentence = known.get(str(field.errors[0]), known["not_offered"])
        return sentence({**bounds, "longest": number(longest)})

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Show at the fields what a service refuses inside the block."""
        try:
            yield
        except Invalid as refused:
            self.attach(refused.problems)


def page(template: str, form: RefusableForm, **context: object) -> tuple[str, int]:
    """A form's page: 200 to fill it in, 400 when it was refused; a wrong guess counts as a failed attempt."""
    if getattr(form, "guessed_wrong", False):
        count_failure()
    return render_template(template, form=form, **context), 400 if form.is_submitted() else 200
