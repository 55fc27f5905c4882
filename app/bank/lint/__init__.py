"""What a program can judge of the writing of sound questions.

Each rule has a name; a question may break one that it names under `allow`, with the reason.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from app.bank.lint.reading import Subject
from app.bank.lint.registry import RULES, Rule
from app.bank.problems import Problem, suggest

if TYPE_CHECKING:
    from app.bank.loader import Loaded

__all__ = ["RULES", "Rule", "check"]


def check(questions: Iterable["Loaded"]) -> Iterator[Problem]:
    """The remarks about `questions`, each at its place."""
    for loaded in questions:
        subject = Subject(loaded)
        allowed = loaded.question.allow
        for name, rule in RULES.items():
            if name not in allowed:
                for path, message in rule.find(subject):
                    yield Problem(loaded.file, *loaded.place(*path), message, "", rule.severity, name)
        for name in allowed.keys() - RULES.keys():
            hint = suggest(name, RULES, f"the rules are {', '.join(RULES)}")
            place = loaded.located.key((loaded.index, "allow", name))
            yield Problem(loaded.file, *place, f"there is no rule “{name}”", hint, "warning")
