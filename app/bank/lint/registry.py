"""The rules of writing as data: name, severity, what each asks, and the points of the checklist it judges.

The points are numbered as in a checklist of twenty after Haladyna, Downing and Rodriguez, "A review of
multiple-choice item-writing guidelines", Applied Measurement in Education 15 (2002); 0 is beside them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.bank.lint import choices, code, stem, typography
from app.bank.lint.reading import Find
from app.bank.problems import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `find` yields the path and the words of each place that breaks it."""

    name: str
    severity: Severity
    what: str
    points: tuple[int, ...]
    find: Find


def _by_name(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    return {rule.name: rule for rule in rules}


RULES = _by_name(
    (
        Rule("whole-stem", "warning", "the question ends as a sentence does", (3,), stem.whole),
        Rule("longest-key", "warning", "the right choice is not the longest by far", (10,), choices.longest_key),
        Rule("twin-choices", "warning", "no two choices say the same", (13,), choices.twins),
        Rule("french-typography", "warning", "French spaces, quotes and apostrophes", (0,), typography.french),
        Rule("english-typography", "warning", "English spaces, quotes and apostrophes", (0,), typography.english),
        Rule("both-languages", "warning", "a sentence is written in both languages", (0,), typography.both_languages),
        Rule("same-code", "warning", "both languages have the same code", (0,), code.same_code),
    )
)
