"""Every draft that a course gives, in its order."""

from collections.abc import Sequence

from app.bank.extract import commands, definitions, sequences, statements, tables
from app.bank.extract.drafting import Draft
from app.bank.extract.languages import Language
from app.bank.extract.outline import Section

_MAKERS = (definitions, tables, sequences, commands, statements)


def drafts(sections: Sequence[Section], language: Language) -> list[Draft]:
    """The drafts of all kinds, by their place in the course; the same words are asked about once."""
    taught = [section for section in sections if not section.aside]
    seen: set[str] = set()
    made: list[Draft] = []
    for draft in (draft for maker in _MAKERS for draft in maker.drafts(taught, language)):
        if draft.fingerprint not in seen:
            seen.add(draft.fingerprint)
            made.append(draft)
    return sorted(made, key=lambda draft: draft.line)
