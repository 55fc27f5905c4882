"""Names that files declare and others use; what may only be misspelt is not called missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.bank.rules import mappings_of
from app.bank.schema import ObjectiveId, Slug

OBJECTIVE: TypeAdapter[str] = TypeAdapter(ObjectiveId)
QUESTION: TypeAdapter[str] = TypeAdapter(Slug)


@dataclass(frozen=True, slots=True)
class Names:
    """The ids that are there; `refused` are those with a mistake told already.

    They are not `complete` when one could not be read: then any name may be that one.
    """

    known: frozenset[str]
    refused: frozenset[str] = frozenset()
    complete: bool = True

    def lacks(self, name: str) -> bool:
        """Whether nothing is called `name`, nor may have been meant to be."""
        return (
            bool(self.known)
            and self.complete
            and name not in self.known
            and not get_close_matches(name, self.refused, n=1)
        )


UNREAD = Names(frozenset(), complete=False)


def names_of(parts: Any, spelling: TypeAdapter[str] = QUESTION) -> Names:
    """The ids of a list of mappings; those not spelt as `spelling` asks are refused ones."""
    found = [part.get("id") for _, part in mappings_of(parts)]
    named = frozenset(one for one in found if isinstance(one, str))
    complete = isinstance(parts, list | tuple) and sum(isinstance(one, str) for one in found) == len(parts)
    return Names(named, frozenset(one for one in named if not is_spelt(one, spelling)), complete)


def joined(names: Iterable[Names]) -> Names:
    """The names of several files together."""
    listed = list(names)
    return Names(
        frozenset[str]().union(*(one.known for one in listed)),
        frozenset[str]().union(*(one.refused for one in listed)),
        all(one.complete for one in listed),
    )


def is_spelt(name: str, spelling: TypeAdapter[str]) -> bool:
    """Whether a name has the signs it may have."""
    try:
        spelling.validate_python(name)
    except ValidationError:
        return False
    return True
