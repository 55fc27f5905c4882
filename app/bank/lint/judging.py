"""Apply the rules to the questions of a course, heed what they allow, and count."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.bank.course import Course
from app.bank.lint.bank import Bank
from app.bank.lint.reading import Subject
from app.bank.lint.registry import OF_A_BANK, OF_A_QUESTION, OF_ALLOW, RULES
from app.bank.lint.statistics import Statistics
from app.bank.problems import Problem, suggest
from app.bank.rules import Path

if TYPE_CHECKING:
    from app.bank.loader import Loaded, LoadedCourse

WARNING_COSTS = 0.25
INFO_COSTS = 0.05
_FEWEST_WORDS = 2

Verdicts = Mapping[int, Sequence[Problem]]


@dataclass(frozen=True, slots=True)
class TopicScore:
    """How well the questions of a topic are written, from 0 to 100.

    100 x the mean, over its questions, of 1 - 0.25 for each rule broken with a warning - 0.05 for each
    broken with an info, never below 0; a question with an error counts 0. Drafts are left out.
    """

    id: str
    questions: int
    errors: int
    warnings: int
    infos: int
    score: float


@dataclass(frozen=True, slots=True)
class Report:
    """All that is to be said of a course: problems in the order of the files, a score for each topic, figures."""

    problems: tuple[Problem, ...]
    topics: tuple[TopicScore, ...]
    statistics: Statistics

    @property
    def to_mend(self) -> bool:
        """Whether there is an error or a warning; an info is only worth a look."""
        return any(problem.severity != "info" for problem in self.problems)

    def document(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "problems": [asdict(problem) for problem in self.problems],
            "topics": [asdict(topic) for topic in self.topics],
            "statistics": self.statistics.document(),
        }


def check(questions: Sequence["Loaded"], course: Course | None = None, source: str = "") -> list[Problem]:
    """The remarks about `questions`, in the order of the files; `source` is the text of the course, or empty."""
    return sorted(_judge(_bank(questions, course, source)))


def examine(loaded: "LoadedCourse", source: str = "") -> Report:
    """The problems of reading a course and the remarks about its writing, with scores and figures."""
    bank = _bank(loaded.questions, loaded.course, source)
    problems = sorted([*loaded.problems, *_judge(bank)])
    return Report(tuple(problems), tuple(_scores(loaded, problems)), bank.statistics)


def _bank(questions: Sequence["Loaded"], course: Course | None, source: str) -> Bank:
    return Bank(tuple(Subject(one) for one in questions if one.question.status != "draft"), course, source)


def _judge(bank: Bank) -> Iterator[Problem]:
    used: dict[int, set[str]] = defaultdict(set)
    for name, subject, path, message in _findings(bank):
        if _is_reason(subject.question.allow.get(name, "")):
            used[id(subject)].add(name)
        else:
            place = subject.loaded.place(*path)
            yield Problem(subject.loaded.file, *place, message, "", RULES[name].severity, name)
    for subject in bank.subjects:
        yield from _judge_allow(subject, used[id(subject)])


def _findings(bank: Bank) -> Iterator[tuple[str, Subject, Path, str]]:
    for subject in bank.subjects:
        for name, rule in OF_A_QUESTION.items():
            for path, message in rule.find(subject):
                yield name, subject, path, message
    for name, across in OF_A_BANK.items():
        for subject, path, message in across.find(bank):
            yield name, subject, path, message


def _is_reason(told: str) -> bool:
    return len(told.split()) >= _FEWEST_WORDS


def _judge_allow(subject: Subject, used: set[str]) -> Iterator[Problem]:
    """An escape must name a rule, give a reason, and be needed."""
    for name, reason in subject.question.allow.items():
        if name not in RULES:
            hint = suggest(name, RULES, "the rules are in the README")
            yield _of_allow(subject, name, "unknown-rule", f"there is no rule “{name}”", hint)
        elif not _is_reason(reason):
            hint = "say in a few words why the rule does not apply"
            yield _of_allow(subject, name, "short-reason", f"“{reason}” is no reason to break “{name}”", hint)
        elif name not in used:
            yield _of_allow(subject, name, "dead-allow", f"“{name}” is not broken (any more)", "remove the line")


def _of_allow(subject: Subject, name: str, rule: str, message: str, hint: str) -> Problem:
    loaded = subject.loaded
    place = loaded.located.key((loaded.index, "allow", name))
    return Problem(loaded.file, *place, message, hint, OF_ALLOW[rule][0], rule)


def _scores(loaded: "LoadedCourse", problems: Sequence[Problem]) -> Iterator[TopicScore]:
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_file[problem.file].append(problem)
    for file in loaded.files:
        starts = [file.located.place((index,)) for index in range(len(file.listed))]
        of_entry: dict[int, list[Problem]] = defaultdict(list)
        for problem in by_file[file.name]:
            of_entry[bisect_right(starts, (problem.line, problem.column)) - 1].append(problem)
        judged = [of_entry[index] for index, entry in enumerate(file.listed) if not _is_draft(entry)]
        yield _score(file.topic, judged)


def _is_draft(entry: object) -> bool:
    return isinstance(entry, Mapping) and entry.get("status") == "draft"


def _score(topic: str, entries: Sequence[Sequence[Problem]]) -> TopicScore:
    severities = Counter(problem.severity for entry in entries for problem in entry)
    worth = sum(_worth(entry) for entry in entries) / len(entries) if entries else 1.0
    counts = severities["error"], severities["warning"], severities["info"]
    return TopicScore(topic, len(entries), *counts, round(100 * worth, 1))


def _worth(problems: Sequence[Problem]) -> float:
    """What one question counts for, from 0 to 1."""
    if any(problem.severity == "error" for problem in problems):
        return 0.0
    broken = Counter(severity for _, severity in {(problem.rule, problem.severity) for problem in problems})
    return max(0.0, 1 - WARNING_COSTS * broken["warning"] - INFO_COSTS * broken["info"])
