"""Sentences that say what something does not do, to be judged true or false; and words to find in a sentence.

A statement is shown as the course makes it, or as its opposite: the same sentence without its negation.
Nothing else is ever stated.
"""

import re
from collections.abc import Iterator, Sequence

from app.bank.extract.blocks import END, plain
from app.bank.extract.drafting import Draft, Statement, is_usable, quoted, statements, words
from app.bank.extract.languages import Language
from app.bank.extract.outline import Section

_FEWEST_WORDS, _MOST_WORDS = 5, 32
_GAP_WORDS = 7
_TERM = re.compile(r"[\x01\x02](?P<strong>[^\x01-\x03`]+)\x03|(?P<code>`[^`]+`)")
_LINK_TAIL = re.compile(r"\s*(?:[:(-]\s*)?(?:https?://|www\.)\S*\)?\s*\.?$")


def drafts(sections: Sequence[Section], language: Language) -> Iterator[Draft]:
    """A statement for each negation, and a gap for each sentence with one marked term."""
    for section in sections:
        for statement in statements(section):
            made = _judged(statement, section, language) or _completed(statement, section, language)
            if made:
                yield made


def _judged(statement: Statement, section: Section, language: Language) -> Draft | None:
    text = plain(statement.text).rstrip(" .;")
    found = language.negation.search(text)
    if not found or not _stands_alone(text, statement, language) or language.hedges.search(text):
        return None
    negations = len(list(language.negation.finditer(text))) + text.count(" sans ") + text.count(" without ")
    opposite = _opposite(text, found, language)
    if negations > 1 or not found.start():
        return None
    draft = Draft("statement", text, section, statement.line, "0.8", text, "", 2, {})
    is_true = opposite is None or int(draft.fingerprint, 16) % 2 == 0
    shown = language.sentence(words(text if is_true or opposite is None else opposite))
    question = {
        "type": "true_false",
        "text": language.ask("true", statement=shown),
        "answer": is_true,
        "explanation": quoted(language, language.sentence(text)),
    }
    fact = language.sentence(words(text))
    return Draft("statement", text, section, statement.line, "0.8", text, fact, 2, question)


def _stands_alone(text: str, statement: Statement, language: Language) -> bool:
    """Whether the words are one whole sentence about a subject they name."""
    whole = _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS and is_usable(text)
    inside = re.search(r"[:;?!…=→]|\.\.\.|->|\)\s*\S+\s*\(", text)
    starts = text[:1].isupper() or text[:1] in '`«“"'
    return whole and starts and not inside and not statement.lead and not language.pronouns.match(text)


def _opposite(text: str, found: re.Match[str], language: Language) -> str | None:
    """The sentence without its negation; None where grammar would ask for more than leaving it out."""
    if language.code == "en":
        verb = "can " if found["cannot"] else f"{found['aux']} "
        return f"{text[: found.start()]}{verb}{found['rest']}" if _is_simple(found["rest"]) else None
    # "ne … pas de" becomes "un", "le" or nothing: not for a program to say.
    if re.match(r"(?:de|d['’]|un|une)(?![\w-])|d['’]", found["rest"]) or found["not"] == "jamais":
        return None
    verb = found["verb"]
    return f"{text[: found.start()]}{verb} {found['rest']}"


def _is_simple(rest: str) -> bool:
    """Whether nothing in what follows leans on the negation: "any", "at all" and the like."""
    return not re.search(r"\b(?:any|anything|anyone|at all|ever|either|nor|need)\b", rest)


def _completed(statement: Statement, section: Section, language: Language) -> Draft | None:
    """A whole sentence whose one marked term becomes a gap."""
    source = _LINK_TAIL.sub("", statement.text)
    text = plain(source).rstrip(" .;")
    found = list(_TERM.finditer(source))
    if len(found) != 1 or not _is_sentence(text, statement, language):
        return None
    term = plain(found[0]["strong"] or found[0]["code"]).strip()
    answer = term.strip("`")
    place = text.find(term)
    beside = f"{text[:place]} {text[place + len(term) :]} {section.title}"
    if not _is_worth_asking(answer, place, beside):
        return None
    shown = f"{words(text[:place])}{{{{gap}}}}{words(text[place + len(term) :])}"
    question = {
        "type": "cloze",
        "text": language.text(language.sentence(shown)),
        "blanks": {"gap": {"accept": [answer]}},
        "explanation": quoted(language, language.sentence(text)),
    }
    fact = language.sentence(words(text))
    return Draft("word", text, section, statement.line, "0.6", text, fact, 2, question)


def _is_sentence(text: str, statement: Statement, language: Language) -> bool:
    return (
        _GAP_WORDS <= len(text.split()) <= _MOST_WORDS
        and is_usable(text)
        and END not in text
        and text[:1].isupper()
        and not re.search(r"[:;?!…=→]|\.\.\.", text)
        and not statement.lead
        and not language.pronouns.match(text)
        and bool(language.verbs.search(text))
    )


def _is_worth_asking(answer: str, place: int, beside: str) -> bool:
    """Whether the gap is not the subject, and nothing beside it tells what goes there."""
    tokens = re.findall(r"\w{3,}", answer.lower())
    told = re.findall(r"\w{3,}", beside.lower())
    return place > 0 and len(answer.split()) <= 3 and bool(answer) and not set(tokens) & set(told)  # noqa: PLR2004 a term
