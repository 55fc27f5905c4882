"""The small family of errors that services raise; `app/web/errors.py` turns each into a page."""

from collections.abc import Sequence
from dataclasses import dataclass


class RappelError(Exception):
    """Something the caller did, or met, that has a clear word for the person in front."""


class NotFound(RappelError):
    """The thing does not exist, or is not this person's: both look the same from outside."""


class Withdrawn(NotFound):
    """The question was there and is not asked any more: retired, reserved or a draft again."""


class Forbidden(RappelError):
    """The person is known and may not do this."""


class Conflict(RappelError):
    """What was sent does not fit what is stored any more; `reason` is a stable code for the page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Busy(RappelError):
    """The database could not take a write in time; nothing was stored, trying again is safe."""

    retry_after_s = 5


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field; `code` is stable, `params` fill its translated sentence."""

    field: str
    code: str
    params: tuple[tuple[str, str | int], ...] = ()


class Invalid(RappelError):
    """Input that a rule refuses: every problem at once."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = tuple(problems)
