"""What is told and what is taken: feedback, and the forms of a typed answer."""

import re
from collections.abc import Iterator

from app.bank.lint.reading import Finding, Subject
from app.bank.rules import LANGUAGES
from app.bank.schema import CommandQuestion, NumericalQuestion

SHORT_EXPLANATION = 30
_OPTION = re.compile(r"^(--[a-z][a-z-]*) +(\S+)$")


def every_why(subject: Subject) -> Iterator[Finding]:
    """Every wrong choice says why it is wrong."""
    for position, choice in enumerate(subject.choices):
        if not choice.correct and choice.why is None:
            yield ("choices", position), "a wrong choice without “why”"


def explained(subject: Subject) -> Iterator[Finding]:
    """The explanation teaches something: it is longer than a word or two."""
    for language in LANGUAGES:
        if len(subject.question.explanation.in_(language)) < SHORT_EXPLANATION:
            yield ("explanation", language), f"an explanation of fewer than {SHORT_EXPLANATION} characters"


def both_forms(subject: Subject) -> Iterator[Finding]:
    """An option with a value is accepted with = as well as with a space."""
    if isinstance(subject.question, CommandQuestion):
        return  # compared part by part: both forms are one
    for path, accepted in subject.accepted:
        for position, told in enumerate(accepted):
            if (found := _OPTION.match(told)) and (other := f"{found[1]}={found[2]}") not in accepted:
                yield (*path, position), f"accept “{other}” too"


def tolerant(subject: Subject) -> Iterator[Finding]:
    """A number that is not whole says how near is near enough."""
    question = subject.question
    if isinstance(question, NumericalQuestion) and not question.tolerance and question.answer % 1:
        yield ("answer",), "a number that is not whole, and no “tolerance”"
