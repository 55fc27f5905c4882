"""Fenced commands: typed whole when the course says what one does, completed when it says so of several."""

from collections.abc import Iterator, Sequence

from app.bank.extract.blocks import Block, Fence, Paragraph
from app.bank.extract.drafting import Draft, bare, explained, is_usable, sentences, words
from app.bank.extract.languages import Language
from app.bank.extract.outline import Section
from app.bank.extract.shell import Command, commands, gap, is_typeable

_MOST_LINES = 12


def drafts(sections: Sequence[Section], language: Language) -> Iterator[Draft]:
    """The questions that the fences of the sections answer."""
    for section in sections:
        for position, block in enumerate(section.blocks):
            if isinstance(block, Fence):
                yield from _of_fence(block, _purpose(block, section.blocks[:position], section), section, language)


def _purpose(fence: Fence, before: Sequence[Block], section: Section) -> str:
    """What the course says the fence is for: the sentence that announces it, or the heading right above it."""
    if fence.lead.rstrip().endswith(":"):
        return bare([sentence for sentence, _ in sentences(Paragraph(fence.lead, 1))][-1])
    if not before and len(section.title.split()) > 1:
        return section.title
    return ""


def _of_fence(fence: Fence, purpose: str, section: Section, language: Language) -> Iterator[Draft]:
    found = commands(fence.code, fence.language)
    for one in found:
        if len(one.comment.split()) > 1 and _says_it_all(one.comment, language):
            yield from _typed(fence, one, one.comment, "0.8", section, language)
    if not _says_it_all(purpose, language) or any(one.comment for one in found):
        return
    confidence = "0.75" if fence.lead else "0.5"
    if len(found) == 1 and is_typeable(found[0].line):
        yield from _typed(fence, found[0], purpose, confidence, section, language)
    elif found:
        yield from _completed(fence, found, purpose, section, language)


def _says_it_all(purpose: str, language: Language) -> bool:
    """Whether the words tell by themselves what to do, unlike "Or from source"."""
    leans = language.pronouns.match(purpose) or language.anaphora.search(purpose)
    return is_usable(purpose) and not leans and not purpose.endswith("?")


def _typed(
    fence: Fence, command: Command, purpose: str, confidence: str, section: Section, language: Language
) -> Iterator[Draft]:
    if not is_typeable(command.line):
        return
    question = {
        "type": "command",
        "text": language.ask("command", purpose=_as_title(purpose)),
        "accept": [command.line],
        "explanation": explained(language, section),
    }
    fact = language.sentence(f"{words(bare(purpose))} : `{command.line}`")
    source, line = f"{purpose}\n{command.line}", fence.line + command.position
    yield Draft("command", command.line, section, line, confidence, source, fact, 3, question)


def _completed(
    fence: Fence, found: Sequence[Command], purpose: str, section: Section, language: Language
) -> Iterator[Draft]:
    """The whole fence with one gap, in the first command that has a word worth asking."""
    if fence.code.count("\n") >= _MOST_LINES or "{{" in fence.code or len(found) != len(fence.code.split("\n")):
        return
    lines = [one.line for one in found]
    for position, line in enumerate(lines):
        others = [*lines[:position], *lines[position + 1 :]]
        place = gap(line, " ".join([purpose, section.title, *others]))
        if place is None:
            continue
        start, end = place
        shown = [*lines[:position], f"{line[:start]}{{{{gap}}}}{line[end:]}", *lines[position + 1 :]]
        question = {
            "type": "cloze",
            "text": language.ask("gap", purpose=_as_title(purpose)),
            "code": {"language": "console", "text": "\n".join(shown)},
            "blanks": {"gap": {"accept": [line[start:end]]}},
            "explanation": explained(language, section),
        }
        fact = language.sentence(f"{words(bare(purpose))} : `{line}`")
        source = f"{purpose}\n{fence.code}"
        yield Draft("gap", purpose, section, fence.line + found[position].position, "0.6", source, fact, 3, question)
        return


def _as_title(purpose: str) -> str:
    text = words(bare(purpose))
    return text[:1].upper() + text[1:]
