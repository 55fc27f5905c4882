"""What a folder holds from an earlier run, and what a person made of it since."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.bank import drafts
from app.bank.course import Course
from app.bank.loader import Loaded
from app.bank.positions import Located
from app.bank.schema import Question

LEDGER = "extract.json"


@dataclass(frozen=True)
class Ledger:
    """What earlier runs wrote: of each draft its fingerprint and a digest, of each objective and topic a digest.

    A draft that is in the ledger and no longer in the files was taken out by a person, for good.
    """

    drafts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Ledger":
        """The ledger that `write` wrote; raises ValueError for anything else."""
        document = json.loads(text)
        if not isinstance(document, dict) or not all(
            isinstance(document.get(key), dict) for key in ("drafts", "parts")
        ):
            raise ValueError("it has no drafts and parts")
        made = {name: (str(one[0]), str(one[1])) for name, one in document["drafts"].items()}
        return cls(made, {name: str(one) for name, one in document["parts"].items()})

    def write(self) -> str:
        """The ledger as a file, the same for the same content."""
        document = {"drafts": {name: list(one) for name, one in self.drafts.items()}, "parts": dict(self.parts)}
        return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Known:
    """A question of the folder; `ours` says that it is as the last run wrote it, so that this one may rewrite it."""

    question: Question
    file: str
    index: int
    ours: bool

    @property
    def fingerprint(self) -> str:
        """That of its origin; empty for a question that was not extracted."""
        return self.question.origin.fingerprint if self.question.origin else ""


@dataclass(frozen=True)
class Earlier:
    """A course's folder as text: `course` is None for a new one. `files` are the texts by name, all sound."""

    course: Course | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Known, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)

    @classmethod
    def of(cls, course: Course | None, files: Mapping[str, str], loaded: Iterable[Loaded], ledger: Ledger) -> "Earlier":
        """The folder whose sound questions are `loaded`, each from one of `files`."""
        known = (_known(one, ledger) for one in loaded)
        return cls(course, files, tuple(known), ledger)


def digest(value: Any) -> str:
    """Sixteen hexadecimal digits for a part of a file, however it is spelt."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _known(loaded: Loaded, ledger: Ledger) -> Known:
    name = loaded.file.replace("\\", "/").rpartition("/")[2]
    value = loaded.located.value[loaded.index]
    written = ledger.drafts.get(loaded.question.id, ("", ""))[1]
    return Known(loaded.question, name, loaded.index, drafts.is_draft(value) and digest(value) == written)


def ours(ledger: Ledger, located: Located, key: str) -> dict[str, int]:
    """The entries of a list of `course.yaml` that nobody touched since they were written: their positions, by id."""
    entries = located.value.get(key, []) if isinstance(located.value, Mapping) else []
    return {
        entry["id"]: position
        for position, entry in enumerate(entries)
        if drafts.is_draft(entry) and ledger.parts.get(f"{key}/{entry['id']}") == digest(entry)
    }
