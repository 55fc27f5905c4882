"""Read a course's folder: course.yaml and one file of questions a topic; every problem of every file at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.bank import complaints, crossing, drafts, positions, rules
from app.bank.course import Course, faults_of, misset_titles
from app.bank.crossing import CourseNames, Entry
from app.bank.names import UNREAD, Names, joined, names_of
from app.bank.positions import Located, Place
from app.bank.problems import Problem, suggest
from app.bank.schema import MODELS, BaseQuestion, Question

__all__ = [
    "Loaded",
    "LoadedCourse",
    "LoadedFile",
    "Problem",
    "load_course",
    "load_course_file",
    "load_questions",
    "no_content",
    "topic_problem",
    "topic_ranks",
]

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
    """What one file of questions holds; `entries` are its questions as they stand there, sound or not."""

    name: str
    questions: tuple[Loaded, ...]
    problems: tuple[Problem, ...]
    located: Located = field(repr=False, compare=False)
    entries: tuple[Entry, ...] = ()

    @property
    def names(self) -> Names:
        """The ids of its questions, sound or not."""
        return names_of(self.located.value)

    @property
    def topic(self) -> str:
        """The topic, as the file's name says it."""
        return Path(self.name).stem

    @property
    def listed(self) -> Sequence[Any]:
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
    course, names = _load_course_file(folder / COURSE_FILE, problems)
    ranks = topic_ranks(names)
    paths = [path for path in folder.glob("*.y*ml") if path.name != COURSE_FILE]
    files, ids = [], []
    for path in sorted(paths, key=lambda path: (ranks.get(path.stem, len(ranks)), path.name)):
        data = _read_bytes(path, problems)
        if data is not None:
            files.append(load_questions(str(path), data))
        ids.append(files[-1].names if data is not None else UNREAD)
        problems.extend(topic_problem(str(path), names))
    questions = tuple(loaded for file in files for loaded in file.questions)
    entries = [entry for file in files for entry in file.entries]
    across = crossing.check(names, entries, joined(ids))
    for found in (*(file.problems for file in files), across):
        problems.extend(found)
    return LoadedCourse(course, questions, tuple(sorted(problems)), tuple(files))


def topic_ranks(names: CourseNames | None) -> Mapping[str, int]:
    """The topics of a course by their place in it; none without a course."""
    return {topic: rank for rank, topic in enumerate(names.order)} if names else {}


def topic_problem(name: str, names: CourseNames | None) -> Iterator[Problem]:
    """What is wrong when the file called `name` is not called after one of the topics."""
    stem = Path(name).stem
    if names and names.topics.lacks(stem):
        hint = suggest(stem, names.order, f"the topics are {', '.join(names.order)}")
        yield Problem(name, 1, 1, f"“{stem}” is no topic of the course", hint)


def load_questions(name: str, data: bytes) -> LoadedFile:
    """Read one file of questions called `name`, of the topic that its name says; nothing is raised for bad data."""
    located = positions.read(name, data)
    problems = list(located.problems)
    if not isinstance(located.value, list):
        if not problems:
            problems.append(no_content(name))
        return LoadedFile(name, (), tuple(problems), located)
    loaded: list[Loaded] = []
    entries: list[Entry] = []
    for index, value in enumerate(located.value):
        if len(problems) > MAX_PROBLEMS:
            problems.append(Problem(name, *located.place((index,)), "too many problems: the rest is not read"))
            break
        entries.append(Entry(name, Path(name).stem, index, located))
        model = _model_of(value)
        if model is None:
            problems.extend(_explain_untyped(name, located, index))
            continue
        try:
            loaded.append(Loaded(model.model_validate(value), name, Path(name).stem, index, located))
        except ValidationError as error:
            problems.extend(complaints.explain(error, name, located, (index,), model, rules.faults(value)))
    problems.extend(drafts.untranslated(name, located))
    return LoadedFile(name, tuple(loaded), tuple(problems), located, tuple(entries))


def no_content(name: str, of_course: bool = False) -> Problem:
    """What is wrong with a file called `name` that holds neither questions nor, if it is course.yaml, a course."""
    if of_course:
        return Problem(name, 1, 1, "keys and values are expected", "begin with “id: …”")
    return Problem(name, 1, 1, "a list of questions is expected", "begin each with “- id: …”")


def _model_of(value: Any) -> type[Question] | None:
    kind = value.get("type") if isinstance(value, Mapping) else None
    return MODELS.get(kind) if isinstance(kind, str) else None


def _explain_untyped(name: str, located: Located, index: int) -> Iterator[Problem]:
    """That a type is missing or unknown, and what is wrong with the fields that every type has."""
    value = located.value[index]
    if not isinstance(value, Mapping):
        yield Problem(name, *located.place((index,)), "a question is expected", "write “key: value” lines")
        return
    types = f"the types are {', '.join(MODELS)}"
    if "type" not in value:
        yield Problem(name, *located.place((index,)), "“type” is missing", types)
    else:
        kind = str(value["type"])
        yield Problem(name, *located.place((index, "type")), f"unknown type “{kind}”", suggest(kind, MODELS, types))
    common = {key: one for key, one in value.items() if not _is_of_a_type(key)}
    try:
        BaseQuestion.model_validate(common)
    except ValidationError as error:
        yield from complaints.explain(error, name, located, (index,), BaseQuestion, rules.faults(common))


def _is_of_a_type(key: str) -> bool:
    """Whether only the questions of some types have this field."""
    return key not in BaseQuestion.model_fields and any(key in model.model_fields for model in MODELS.values())


def load_course_file(name: str, data: bytes) -> tuple[Course | None, CourseNames | None, Sequence[Problem]]:
    """The course when it is sound, the names it declares when it can be read at all, and what is wrong.

    Nothing is raised for what the file, called `name`, holds.
    """
    located = positions.read(name, data)
    problems = list(located.problems)
    if not isinstance(located.value, Mapping):
        if not problems:
            problems.append(no_content(name, of_course=True))
        return None, None, problems
    names = crossing.course_names(located.value)
    try:
        course = Course.model_validate(located.value)
    except ValidationError as error:
        faults = faults_of(located.value)
        return None, names, [*problems, *complaints.explain(error, name, located, (), Course, faults)]
    problems.extend(drafts.untranslated(name, located))
    for fault in () if course.status == "draft" else misset_titles(course):  # nobody has read a draft yet
        problems.append(Problem(name, *located.place(fault.path), fault.message, fault.hint, "warning"))
    return course, names, problems


def _load_course_file(path: Path, problems: list[Problem]) -> tuple[Course | None, CourseNames | None]:
    data = _read_bytes(path, problems)
    if data is None:
        return None, None
    course, names, found = load_course_file(str(path), data)
    problems.extend(found)
    return course, names


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
