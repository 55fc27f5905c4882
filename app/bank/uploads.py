"""What a teacher sends to the bank: some questions for a course there is, or a course of its own with its questions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.bank import archives, crossing, lint, loader
from app.bank.course import Course
from app.bank.crossing import CourseNames, Entry
from app.bank.loader import COURSE_FILE, Loaded, LoadedFile
from app.bank.names import Names, joined
from app.bank.problems import Problem

MOST_QUESTIONS = 1_000
MOST_PROBLEMS = loader.MAX_PROBLEMS
MOST_STRANGE = 100  # each is compared with all there is, to suggest what was meant
_NO_NAMES = Names(frozenset())


@dataclass(frozen=True, slots=True)
class Package:
    """What one upload holds; not to be stored when it has `problems`, which are errors; `advice` asks for a look.

    `course` is None when the upload brings none, or an unsound one. `entries` are its questions and `names`
    their ids, sound or not; `ignored` the names of members of a zip that were passed over.
    """

    questions: tuple[Loaded, ...]
    course: Course | None = None
    brings_course: bool = False
    course_names: CourseNames | None = None
    entries: tuple[Entry, ...] = ()
    names: Names = _NO_NAMES
    problems: tuple[Problem, ...] = ()
    advice: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()


def read(name: str, data: bytes) -> Package:
    """Read an upload sent under the name `name`, every problem of every file at once; nothing is raised for bad data.

    In a zip that has a course.yaml, files are called after topics, as in a course's folder; without one,
    their names mean nothing, and the course is for the uploader to choose.
    """
    unpacked = archives.unpack(name, data)
    problems = list(unpacked.problems)
    course, names = None, None
    files = []
    for file, content in unpacked.files:
        if file == COURSE_FILE:
            course, names, found = loader.load_course_file(file, content)
            problems.extend(found)
        else:
            files.append(loader.load_questions(file, content))
    ordered = _arranged(names, files, problems)
    questions = tuple(loaded for file in ordered for loaded in file.questions)
    errors = [problem for problem in problems if problem.severity == "error"]
    errors.extend(_whole(archives.shown_name(name), questions, bool(files), bool(errors)))
    return Package(
        questions,
        course,
        any(file == COURSE_FILE for file, _ in unpacked.files),
        names,
        tuple(entry for file in ordered for entry in file.entries),
        joined(file.names for file in ordered),
        tuple(sorted(errors)[:MOST_PROBLEMS]),
        tuple(sorted(problem for problem in problems if problem.severity != "error")[:MOST_PROBLEMS]),
        unpacked.ignored,
    )


def problems_in_course(package: Package, objectives: Iterable[str], ids: Iterable[str]) -> list[Problem]:
    """What does not fit the course that `package` is for.

    `objectives` are those of that course, unless the package brings its own; `ids` the questions
    that may be named beside the package's.
    """
    stored = CourseNames(_NO_NAMES, Names(frozenset(objectives)), (), {}, "the course")
    course = package.course_names if package.brings_course else stored
    named = joined([package.names, Names(frozenset(ids))])
    return sorted(islice(crossing.check(course, package.entries, named), MOST_STRANGE))


def remarks(package: Package) -> list[Problem]:
    """What `bank check` says of the writing of the sound questions; as in a folder, none of it keeps them out."""
    return lint.check(package.questions, package.course)[:MOST_PROBLEMS]


def _arranged(names: CourseNames | None, files: Sequence[LoadedFile], problems: list[Problem]) -> list[LoadedFile]:
    """The files in the order of the course's topics; without a course, as they came."""
    ranks = loader.topic_ranks(names)
    for file in files:
        problems.extend(file.problems)
        problems.extend(loader.topic_problem(file.name, names))
    return sorted(files, key=lambda file: ranks.get(file.topic, len(ranks)))


def _whole(name: str, questions: Sequence[Loaded], any_file: bool, told: bool) -> Iterator[Problem]:
    if not questions and not told:
        hint = "begin each with “- id: …”" if any_file else "zip course.yaml together with its files of questions"
        yield Problem(name, 1, 1, "there is no question here", hint)
    if len(questions) > MOST_QUESTIONS:
        yield Problem(name, 1, 1, f"there are more than {MOST_QUESTIONS} questions", "send them in several uploads")
