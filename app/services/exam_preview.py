"""An exam as a student will meet it, for its teachers: the same draw, order and places as an attempt makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.bank.schema import BLANK, Blank, from_document
from app.bank.schema import Question as Body
from app.exam import blueprint, forms, presentation
from app.exam.blueprint import Unfillable
from app.exam.difficulty import ENOUGH_ANSWERS
from app.models import Exam, ExamItem, Question, QuestionVersion
from app.services import exam_forms, exam_pool, exams
from app.services.exam_forms import Forms
from app.services.exams import SetUp
from app.services.identity import Person
from app.services.question_page import Answered, gaps_of


@dataclass(frozen=True, slots=True)
class PreviewItem:
    """One question: `shown` is what a student sees of it, `body` also has the key; nobody has answered it."""

    question_id: int
    points: int
    body: Body
    shown: presentation.Shown

    @property
    def answered(self) -> Answered:
        """How it was answered: not yet."""
        return Answered(0, None, {})

    @property
    def gaps(self) -> Sequence[tuple[str, Blank]]:
        """What fits each gap, by the number it is shown with."""
        return gaps_of(self.body)


@dataclass(frozen=True, slots=True)
class FormView:
    """One parallel form: its letter, its expected score and what guessing is worth (0 to 1), and its questions.

    `questions` are (id, words in Markdown, whether another form has it too); `alike` says how many of them each other
    form has, by letter, where it has some.
    """

    letter: str
    expected: float
    guessed: float
    questions: Sequence[tuple[int, str, bool]]
    alike: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FormsView:
    """The forms of an exam beside each other; `gap` (0 to 1) lies between the easiest and the hardest.

    Of the `different` questions, `shared` are in several forms and `heard` have the `fewest` answers it takes.
    """

    forms: Sequence[FormView]
    gap: float
    shared: int
    different: int
    heard: int
    fewest: int = ENOUGH_ANSWERS


def preview(
    session: Session, teacher: Person, exam_id: int, draw: int, language: str, now: datetime
) -> Sequence[PreviewItem]:
    """The questions of one attempt that a student could get, in "fr" or "en"; each `draw` is another student.

    Where there are parallel forms, each is another form. A draft shows the bank's words of today, a published exam
    those it froze. Empty when the blueprint cannot be filled. Raises NotFound.
    """
    of = exams.found(session, teacher, exam_id)
    asked = _asked(session, of, draw, now)
    if of.draft.shuffle_questions:
        Random(f"preview:{exam_id}:{draw}:order").shuffle(asked)  # noqa: S311 repeatable on purpose
    bodies = _bodies(session, of, asked)
    seed = f"preview:{exam_id}:{draw if of.draft.shuffle_choices else 0}"
    return [
        PreviewItem(
            question_id=number,
            points=of.points.get(number, 1),
            body=bodies[number],
            shown=presentation.present(bodies[number], language, f"{seed}:{number}"),
        )
        for number in asked
    ]


def forms_of(session: Session, teacher: Person, exam_id: int, language: str, now: datetime) -> FormsView | None:
    """The parallel forms of an exam, None where it has none or the bank cannot fill it. Raises NotFound."""
    of = exams.found(session, teacher, exam_id)
    if not of.draft.forms:
        return None
    try:
        made = _forms(session, of, now)
    except Unfillable:
        return None
    bodies = _bodies(session, of, sorted({number for form in made.asked for number in form}))
    words = {number: BLANK.sub("…", body.text.in_(language)) for number, body in bodies.items()}
    views = [_view(made, at, words) for at in range(1, len(made.asked) + 1)]
    return FormsView(views, made.compared.gap, made.compared.shared, made.compared.different, made.heard)


def _view(made: Forms, at: int, words: Mapping[int, str]) -> FormView:
    elsewhere = {number for other, form in enumerate(made.asked, 1) if other != at for number in form}
    return FormView(
        letter=forms.letter(at),
        expected=made.compared.expected[at - 1],
        guessed=made.compared.guessed[at - 1],
        questions=[(number, words[number], number in elsewhere) for number in made.asked[at - 1]],
        alike={forms.letter(other): size for other, size in made.compared.beside(at).items() if size},
    )


def _forms(session: Session, of: SetUp, now: datetime) -> Forms:
    exam = session.get_one(Exam, of.id)
    return exam_forms.drawn(session, exam, of.course_id, exam_pool.of(session, exam, of.course_id), now)


def _asked(session: Session, of: SetUp, draw: int, now: datetime) -> list[int]:
    """The ids of the questions of one draw."""
    if of.draft.demands is None:
        known = {one.id for one in exam_pool.candidates(session, of.course_id)}
        return [number for number in of.draft.questions if of.published or number in known]
    if of.published and of.draft.draw == "same":
        return list(of.points)
    try:
        return _drawn(session, of, draw, now)
    except Unfillable:
        return []


def _drawn(session: Session, of: SetUp, draw: int, now: datetime) -> list[int]:
    """One draw of a blueprint; raises Unfillable."""
    demands = of.draft.demands or ()
    if of.draft.forms:
        frozen = exam_forms.frozen(session, of.id, of.draft.forms) if of.published else ()
        made = frozen or _forms(session, of, now).asked
        return list(made[(draw - 1) % len(made)])
    pool = exam_pool.of(session, session.get_one(Exam, of.id), of.course_id)
    luck = Random(of.seed if of.draft.draw == "same" else f"{of.seed}:preview:{draw}")  # noqa: S311 repeatable
    return list(blueprint.draw(demands, pool, luck))


def _bodies(session: Session, of: SetUp, asked: Sequence[int]) -> dict[int, Body]:
    if of.published:
        frozen = and_(ExamItem.version_id == QuestionVersion.id, ExamItem.exam_id == of.id)
        statement = select(ExamItem.question_id, QuestionVersion.body).join(QuestionVersion, frozen)
        rows = session.execute(statement.where(ExamItem.question_id.in_(asked)))
    else:
        current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
        rows = session.execute(
            select(Question.id, QuestionVersion.body).join(QuestionVersion, current).where(Question.id.in_(asked))
        )
    return {number: from_document(body) for number, body in rows}
