"""Read a course's folder: course.yaml and one file of questions a topic; every problem of every file at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.bank import complaints, drafts, positions
from app.bank.course import Course
from app.bank.positions import Located, Place
from app.bank.problems import Problem, suggest
from app.bank.schema import MODELS, Question

__all__ = ["Loaded", "LoadedCourse", "LoadedFile", "Problem", "cross_check", "load_course", "load_questions"]

COURSE_FILE = "course.yaml"
# A file with more problems is not a bank with mistakes, but something else.
MAX_PROBLEMS = 500


@dataclass(frozen=True, slots=True)
class Loaded:
    """One sound question, the file and the topic it stands in, and where; lines and columns count from 1."""

    question: Question
    file: str
    topic: str
    index: int
    located: Located = field(repr=False, compare=False)

    def place(self, *route: str | int) -> Place:
        """The line and column of a field of the question, given by its keys and 0-based positions."""
        return self.located.place((self.index, *route))

    @property
    def line(self) -> int:
        """The line where the question begins."""
        return self.place()[0]


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What one file of questions holds; `ids` are those of its unsound questions too."""

    name: str
    questions: tuple[Loaded, ...]
    problems: tuple[Problem, ...]
    located: Located = field(repr=False, compare=False)
    ids: frozenset[str] = frozenset()

    @property
    def topic(self) -> str:
        """The topic, as the file's name says it."""
        return Path(self.name).stem

    @property
    def entries(self) -> Sequence[Any]:
        """What the file lists, sound or not, as plain values."""
        return self.located.value if isinstance(self.located.value, list) else ()


@dataclass(frozen=True, slots=True)
class LoadedCourse:
    """What a folder holds, in the order of the topics; `course` is None when course.yaml has an error."""

    course: Course | None
    questions: tuple[Loaded, ...]
    problems: tuple[Problem, ...]
    files: tuple[LoadedFile, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the course from being stored."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def load_course(folder: Path) -> LoadedCourse:
    """Read every file of `folder`; nothing is raised for what the folder or a file says."""
    problems: list[Problem] = []
    course = _load_course_file(folder / COURSE_FILE, problems)
    ranks = {topic.id: rank for rank, topic in enumerate(course.topics)} if course else {}
    paths = [path for path in folder.glob("*.y*ml") if path.name != COURSE_FILE]
    files = []
    for path in sorted(paths, key=lambda path: (ranks.get(path.stem, len(ranks)), path.name)):
        data = _read_bytes(path, problems)
        if data is not None:
            files.append(load_questions(str(path), data))
        if ranks and path.stem not in ranks:
            hint = suggest(path.stem, ranks, f"the topics are {', '.join(ranks)}")
            problems.append(Problem(str(path), 1, 1, f"“{path.stem}” is no topic of the course", hint))
    questions = tuple(loaded for file in files for loaded in file.questions)
    ids = frozenset[str]().union(*(file.ids for file in files))
    for found in (*(file.problems for file in files), cross_check(course, questions, ids)):
        problems.extend(found)
    return LoadedCourse(course, questions, tuple(sorted(problems)), tuple(files))


def load_questions(name: str, data: bytes) -> LoadedFile:
    """Read one file of questions called `name`, of the topic that its name says; nothing is raised for bad data."""
    located = positions.read(name, data)
    problems = list(located.problems)
    if not isinstance(located.value, list):
        if not problems:
            problems.append(Problem(name, 1, 1, "a list of questions is expected", "begin each with “- id: …”"))
        return LoadedFile(name, (), tuple(problems), located)
    loaded: list[Loaded] = []
    for index, value in enumerate(located.value):
        if len(problems) > MAX_PROBLEMS:
            problems.append(Problem(name, *located.place((index,)), "too many problems: the rest is not read"))
            break
        model = _model_of(value)
        if model is None:
            problems.append(_untyped(name, located, index))
            continue
        try:
            loaded.append(Loaded(model.model_validate(value), name, Path(name).stem, index, located))
        except ValidationError as error:
            problems.extend(complaints.explain(error, name, located, (index,), model))
    problems.extend(drafts.untranslated(name, located))
    ids = (value.get("id") for value in located.value if isinstance(value, Mapping))
    return LoadedFile(
        name, tuple(loaded), tuple(problems), located, frozenset(one for one in ids if isinstance(one, str))
    )


def cross_check(course: Course | None, questions: Sequence[Loaded], ids: Iterable[str] = ()) -> Iterator[Problem]:
    """What only shows across files: ids used twice, names of objectives and questions that do not exist.

    `ids` are further questions that may be named. Without a course, objectives are not checked.
    """
    first: dict[str, Loaded] = {}
    for loaded in questions:
        earlier = first.setdefault(loaded.question.id, loaded)
        if earlier is not loaded:
            line, column = earlier.place("id")
            hint = f"{earlier.file}:{line}:{column} has it already"
            yield _problem(loaded, ("id",), f"the id “{loaded.question.id}” is used twice", hint)
    known = {*first, *ids}
    topic_of = {objective.id: objective.topic for objective in course.objectives} if course else {}
    for loaded in questions:
        yield from _check_references(loaded, known)
        if course:
            yield from _check_objectives(loaded, topic_of)


def _check_references(loaded: Loaded, known: set[str]) -> Iterator[Problem]:
    for key in ("see_also", "gives_away"):
        for position, name in enumerate(getattr(loaded.question, key)):
            if name not in known:
                yield _problem(loaded, (key, position), f"there is no question “{name}”", suggest(name, known))
            elif name == loaded.question.id:
                yield _problem(loaded, (key, position), "a question does not name itself", "remove it")


def _check_objectives(loaded: Loaded, topic_of: Mapping[str, str]) -> Iterator[Problem]:
    for position, name in enumerate(loaded.question.objectives):
        if name not in topic_of:
            yield _problem(
                loaded, ("objectives", position), f"course.yaml has no objective “{name}”", suggest(name, topic_of)
            )
    topic = topic_of.get(loaded.question.objectives[0])
    if topic not in (None, loaded.topic):
        hint = f"move the question to {topic}.yaml, or name an objective of {loaded.topic} first"
        yield _problem(loaded, ("objectives", 0), f"the objective examined is one of the topic {topic}", hint)


def _problem(loaded: Loaded, route: tuple[str | int, ...], message: str, hint: str) -> Problem:
    return Problem(loaded.file, *loaded.place(*route), message, hint)


def _model_of(value: Any) -> type[Question] | None:
    kind = value.get("type") if isinstance(value, Mapping) else None
    return MODELS.get(kind) if isinstance(kind, str) else None


def _untyped(name: str, located: Located, index: int) -> Problem:
    value = located.value[index]
    if not isinstance(value, Mapping):
        return Problem(name, *located.place((index,)), "a question is expected", "write “key: value” lines")
    types = f"the types are {', '.join(MODELS)}"
    if "type" not in value:
        return Problem(name, *located.place((index,)), "“type” is missing", types)
    kind = str(value["type"])
    return Problem(name, *located.place((index, "type")), f"unknown type “{kind}”", suggest(kind, MODELS, types))


def _load_course_file(path: Path, problems: list[Problem]) -> Course | None:
    data = _read_bytes(path, problems)
    if data is None:
        return None
    located = positions.read(str(path), data)
    problems.extend(located.problems)
    if not isinstance(located.value, Mapping):
        if not located.problems:
            problems.append(Problem(str(path), 1, 1, "keys and values are expected", "begin with “id: …”"))
        return None
    try:
        course = Course.model_validate(located.value)
    except ValidationError as error:
        problems.extend(complaints.explain(error, str(path), located, (), Course))
        return None
    problems.extend(drafts.untranslated(str(path), located))
    return course


def _read_bytes(path: Path, problems: list[Problem]) -> bytes | None:
    """The file's bytes, one more than allowed at most: enough to see that it is too long."""
    try:
        if path.exists() and not path.is_file():
            problems.append(Problem(str(path), 1, 1, "this is not a file", ""))
            return None
        with path.open("rb") as file:
            return file.read(positions.MAX_BYTES + 1)
    except OSError as error:
        problems.append(Problem(str(path), 1, 1, f"this cannot be read: {error.strerror}", ""))
        return None
