"""Read a course's folder: course.yaml and one file of questions a topic; every problem of every file at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.bank import lint, positions
from app.bank.course import Course
from app.bank.positions import Located
from app.bank.problems import Problem
from app.bank.schema import MODELS, QUESTION, Question

COURSE_FILE = "course.yaml"
_COURSE: TypeAdapter[Course] = TypeAdapter(Course)
_TYPES = MODELS
_HINTS = {
    "string_type": "quote it",
    "bool_type": "write true or false",
    "missing": "add it",
    "literal_error": "",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """One sound question and where it stands."""

    question: Question
    file: str
    line: int
    topic: str


@dataclass(frozen=True, slots=True)
class LoadedCourse:
    """What a folder holds; `course` is None when course.yaml has an error."""

    course: Course | None
    questions: tuple[Loaded, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the course from being stored."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def load_course(folder: Path) -> LoadedCourse:
    """Read every file of `folder`; nothing is raised for what a file says."""
    problems: list[Problem] = []
    course = _course(folder / COURSE_FILE, problems)
    questions: list[Loaded] = []
    for path in sorted(folder.glob("*.y*ml")):
        if path.name != COURSE_FILE:
            questions += load_questions(str(path), path.stem, _bytes(path, problems), problems)
    topics = [topic.id for topic in course.topics] if course else []
    questions.sort(key=lambda item: topics.index(item.topic) if item.topic in topics else len(topics))
    if course is not None:
        problems += _cross_check(course, questions)
    problems += [warning for item in questions for warning in lint.warnings(item.question, item.file, item.line)]
    return LoadedCourse(course, tuple(questions), tuple(sorted(problems)))


def load_questions(name: str, topic: str, data: bytes, problems: list[Problem]) -> list[Loaded]:
    """The sound questions of one file; what is wrong with the others is added to `problems`."""
    located = positions.read(name, data)
    problems += located.problems
    if located.value is None or not isinstance(located.value, list):
        if not located.problems:
            problems.append(Problem(name, 1, 1, "a file of questions is a list", "begin each question with “- id:”"))
        return []
    refused = {place.line for place in located.problems}
    loaded: list[Loaded] = []
    for index, value in enumerate(located.value):
        try:
            question = QUESTION.validate_python(value)
        except ValidationError as error:
            problems += _explained(name, located, (index,), error, refused)
        else:
            loaded.append(Loaded(question, name, located.place((index,))[0], topic))
    return loaded


def _course(path: Path, problems: list[Problem]) -> Course | None:
    located = positions.read(str(path), _bytes(path, problems))
    problems += located.problems
    if located.problems or located.value is None:
        if not located.problems:
            problems.append(Problem(str(path), 1, 1, "the file is empty", "say what the course is"))
        return None
    try:
        return _COURSE.validate_python(located.value)
    except ValidationError as error:
        problems += _explained(str(path), located, (), error, set())
        return None


def _bytes(path: Path, problems: list[Problem]) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        problems.append(Problem(str(path), 1, 1, f"cannot be read: {error.strerror}", ""))
        return b""


def _explained(
    name: str, located: Located, base: positions.Path, error: ValidationError, known: set[int]
) -> Iterable[Problem]:
    """Each of pydantic's errors at its place, but those on lines that are reported already."""
    value = located.value[base[0]] if base else located.value
    for details in error.errors(include_url=False):
        loc = _without_tag(details["loc"], value)
        path = (*base, *loc)
        unknown = details["type"] == "extra_forbidden"
        line, column = located.keys.get(path, (1, 1)) if unknown else located.place(path)
        if line in known:
            continue
        field = ".".join(str(part) for part in loc) or "question"
        yield Problem(name, line, column, f"{field}: {details['msg']}", _hint(details, value))


def _without_tag(loc: tuple[int | str, ...], value: Any) -> tuple[int | str, ...]:
    """A path into the file: pydantic puts the question's type in front."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    return loc[1:] if loc and loc[0] == kind and kind in _TYPES else loc


def _hint(details: ErrorDetails, value: Any) -> str:
    kind = details["type"]
    if kind == "extra_forbidden":
        model = _TYPES.get(str(value.get("type"))) if isinstance(value, Mapping) else None
        names = list(model.model_fields) if model else list(Course.model_fields)
        near = get_close_matches(str(details["loc"][-1]), [*names, "id", "text", "correct", "why", "accept"], n=1)
        return f"did you mean {near[0]}?" if near else "no such field"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return "type is one of " + ", ".join(_TYPES)
    return _HINTS.get(kind, "")


def _cross_check(course: Course, questions: list[Loaded]) -> Iterable[Problem]:
    topic_of = {objective.id: objective.topic for objective in course.objectives}
    topics = {topic.id for topic in course.topics}
    first: dict[str, Loaded] = {}
    for item in questions:
        body = item.question
        if (earlier := first.setdefault(body.id, item)) is not item:
            there = f"{earlier.file}:{earlier.line}"
            yield Problem(item.file, item.line, 1, f"the id {body.id} is taken", f"by {there}")
        unknown = [name for name in body.objectives if name not in topic_of]
        if unknown:
            yield Problem(
                item.file,
                item.line,
                1,
                f"{body.id}: unknown objective {', '.join(unknown)}",
                _nearest(unknown[0], topic_of),
            )
        elif item.topic not in topics:
            yield Problem(item.file, item.line, 1, f"{item.topic} is no topic of the course", "name the file after one")
        elif topic_of[body.objectives[0]] != item.topic:
            yield Problem(
                item.file,
                item.line,
                1,
                f"{body.id} examines an objective of {topic_of[body.objectives[0]]}",
                f"move it to {topic_of[body.objectives[0]]}.yaml",
            )
    for item in questions:
        for name in (*item.question.see_also, *item.question.gives_away):
            if name not in first:
                yield Problem(
                    item.file, item.line, 1, f"{item.question.id}: unknown question {name}", _nearest(name, first)
                )


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]}?" if near else ""
