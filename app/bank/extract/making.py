"""Every draft that a course gives, in its order."""

from collections.abc import Sequence
from dataclasses import replace

from app.bank.extract import commands, definitions, sequences, statements, tables
from app.bank.extract.blocks import Fence, Listing, Paragraph, Table, plain
from app.bank.extract.drafting import Draft, sentences
from app.bank.extract.languages import Language, is_doubted
from app.bank.extract.outline import Section

_MAKERS = (definitions, tables, sequences, commands, statements)
_ONE_SENTENCE = {"card", "acronym", "statement", "list"}


def drafts(sections: Sequence[Section], language: Language) -> list[Draft]:
    """The drafts of all kinds, by their place in the course; the same words are asked about once."""
    taught = [_without_doubts(section) for section in sections if not (section.aside or section.doubtful)]
    seen: set[str] = set()
    asked: set[int] = set()
    made: list[Draft] = []
    for draft in (draft for maker in _MAKERS for draft in maker.drafts(taught, language)):
        # A sentence that a card asks about already is not asked about a second time with a gap.
        if draft.fingerprint not in seen and not (draft.kind == "word" and draft.line in asked):
            seen.add(draft.fingerprint)
            made.append(draft)
            asked |= {draft.line} if draft.kind in _ONE_SENTENCE else set()
    return sorted(made, key=lambda draft: draft.line)


def _without_doubts(section: Section) -> Section:
    """The section without the lists, tables and code that are announced as wrong, unreal or past."""
    sound = [
        block
        for block in section.blocks
        if not isinstance(block, Listing | Table | Fence) or not is_doubted(_last(block.lead))
    ]
    return section if len(sound) == len(section.blocks) else replace(section, blocks=tuple(sound))


def _last(lead: str) -> str:
    """The last sentence of the text above something."""
    told = [plain(sentence) for sentence, _ in sentences(Paragraph(lead, 1))]
    return told[-1] if told else ""
