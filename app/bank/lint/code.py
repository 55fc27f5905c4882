"""Code: what stands between backticks, the snippets, the commands that are taken for right."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from app.bank.lint import compose, console, dockerfile
from app.bank.lint.reading import Finding, Subject, spans
from app.bank.schema import CommandQuestion

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML = frozenset({"yaml", "yml"})
_ALIAS = re.compile(r"(?<![\w'\"])\*\w")
MOST_ALIASES = 20
_SHELLS = frozenset({"console", "bash", "sh", "shell"})
_SNIPPET = ("code", "text")


def same_code(subject: Subject) -> Iterator[Finding]:
    """What one language has between backticks, the other has too."""
    for path, text in subject.texts:
        if alone := spans(text.fr) ^ spans(text.en):
            told = " ".join(f"`{code}`" for code in sorted(alone))
            yield path, f"code that stands in one language only: {told}"


def _language(subject: Subject) -> str:
    return subject.question.code.language if subject.question.code else ""


def yaml_reads(subject: Subject) -> Iterator[Finding]:
    """A YAML snippet, its gaps filled, can be read."""
    if _language(subject) in _YAML and (message := _load_yaml(subject.snippet)[1]):
        yield _SNIPPET, message


def compose_reads(subject: Subject) -> Iterator[Finding]:
    """A Compose file has known keys only, and declares what it names."""
    if _language(subject) in _YAML and compose.is_compose(document := _load_yaml(subject.snippet)[0]):
        for message in compose.faults(document):
            yield _SNIPPET, message


def _load_yaml(text: str) -> tuple[Any, str]:
    """What the text holds, or None and why it cannot be read."""
    if len(_ALIAS.findall(text)) > MOST_ALIASES:
        return None, f"more than {MOST_ALIASES} aliases in the snippet: a few lines of them can stand for a million"
    try:
        return yaml.load(text, _LOADER), ""  # noqa: S506 a safe loader, in C where there is one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, f"line {line} of the snippet is not YAML: {error.problem}"
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return None, f"the snippet is not YAML: {str(error).partition(chr(10))[0]}"


def dockerfile_reads(subject: Subject) -> Iterator[Finding]:
    """A Dockerfile has known instructions, with the arguments they need."""
    if _language(subject) == "dockerfile":
        for line, message in dockerfile.faults(subject.snippet):
            yield _SNIPPET, f"line {line} of the snippet: {message}"


def console_reads(subject: Subject) -> Iterator[Finding]:
    """What is typed can be read by a shell, and by Docker where it is Docker's."""
    if _language(subject) in _SHELLS:
        for line, command in console.commands(subject.snippet):
            for message in console.faults(command):
                yield _SNIPPET, f"line {line} of the snippet: {message}"
    if isinstance(subject.question, CommandQuestion):
        for path, accepted in subject.accepted:
            for position, command in enumerate(accepted):
                for message in console.faults(command):
                    yield (*path, position), message
