"""Sentences that say what something does not do, to be judged true or false; and words to find in a sentence.

A statement is shown as the course makes it, or as its opposite: the same sentence without its negation.
Nothing else is ever stated.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.bank.extract.blocks import Listing, plain
from app.bank.extract.drafting import Draft, Statement, depends, is_usable, quoted, statements, words
from app.bank.extract.languages import Language
from app.bank.extract.outline import Section

_FEWEST_WORDS, _MOST_WORDS = 4, 32
_FEWEST_BESIDE = 5
_FEWEST_DENIED, _TITLE_WORDS = 3, 5
_TERM = re.compile(r"[\x01\x02](?P<strong>[^\x01-\x03`]+)\x03|(?P<code>`[^`]+`)")
_COMMA = re.compile(",")
_LINK_TAIL = re.compile(r"\s*(?:[:(-]\s*)?(?:https?://|www\.)\S*\)?\s*\.?$")


def drafts(sections: Sequence[Section], language: Language) -> Iterator[Draft]:
    """A statement for each negation, and a gap for each sentence with one marked term."""
    for section in sections:
        for statement in statements(section, language):
            made = _judged(statement, section, language) or _completed(statement, section, language)
            if made:
                yield made
        yield from _of_heading(section, language)


def _judged(statement: Statement, section: Section, language: Language) -> Draft | None:
    text = plain(statement.text).rstrip(" .;")
    found = language.negation.search(text)
    if not found or not _stands_alone(text, statement, language) or language.hedges.search(text):
        return None
    subject = text[: found.start()]
    if any(pattern.search(subject) for pattern in (language.clauses, language.verbs, _COMMA)):
        return None
    negations = len(list(language.negation.finditer(text))) + text.count(" sans ") + text.count(" without ")
    opposite = _opposite(text, found, language)
    if negations > 1 or not found.start():
        return None
    return _statement(text, opposite, "", section, statement.line, language)


def _of_heading(section: Section, language: Language) -> Iterator[Draft]:
    """What the bullets right below a heading say that it is not, or does not: "Not deleted with its container"."""
    first = next(iter(section.blocks), None)
    title = section.title
    asked = (language.labels, language.kinds, language.steps, language.orders, language.openers)
    if not isinstance(first, Listing) or first.ordered or len(title.split()) > _TITLE_WORDS:
        return
    if any(pattern.match(title) for pattern in asked) or title.endswith("?"):
        return
    for item in first.items:
        text = plain(item.text).rstrip(" .;")
        denied = language.denial.match(text)
        if not denied or item.below or re.search(r"[:;?!…=→]|\.\.\.", text) or language.hedges.search(denied["rest"]):
            continue
        opposite = denied["rest"] if denied["plain"] else None
        if is_usable(text) and len(text.split()) >= _FEWEST_DENIED:
            yield _statement(text, opposite, f"{words(title)} : ", section, item.line, language)


def _statement(text: str, opposite: str | None, about: str, section: Section, line: int, language: Language) -> Draft:
    """The statement, or its opposite if it has one: which of them, the words themselves decide, for ever."""
    source = f"{about}{text}"
    draft = Draft("statement", source, section, line, "0.8", source, "", 2, {})
    is_true = opposite is None or int(draft.fingerprint, 16) % 2 == 0
    shown = text if is_true or opposite is None else opposite
    if about:
        shown, text = shown[:1].lower() + shown[1:], text[:1].lower() + text[1:]
    question = {
        "type": "true_false",
        "text": language.text(language.sentence(f"{about}{words(shown)}")),
        "answer": is_true,
        "explanation": quoted(language, language.sentence(text)),
    }
    return replace(draft, fact=language.sentence(f"{about}{words(text)}"), question=question)


def _stands_alone(text: str, statement: Statement, language: Language) -> bool:
    """Whether the words are one whole sentence about a subject they name."""
    whole = _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS and is_usable(text)
    inside = re.search(r"[:;?!…=→]|\.\.\.|->|\)\s*\S+\s*\(", text)
    starts = text[:1].isupper() or text[:1] in '`«“"' or _is_full(statement)
    leans = language.pronouns.match(text) or language.openers.match(text) or depends(statement, language)
    return whole and starts and not inside and not leans


def _opposite(text: str, found: re.Match[str], language: Language) -> str | None:
    """The sentence without its negation; None where grammar would ask for more than leaving it out.

    What is said of two things at once has no plain opposite.
    """
    before, rest = text[: found.start()], found["rest"]
    if re.search(r",|\b(?:and|et)\b", rest):
        return None
    if language.code == "en":
        return f"{before}{_affirmed(found)}" if _is_simple(rest) else None
    # "ne … pas de" becomes "un", "le" or nothing: not for a program to say.
    if re.match(r"(?:de|un|une)\b|d['’]", rest) or found["not"] == "jamais":
        return None
    return f"{before}{found['verb']} {rest}"


def _affirmed(found: re.Match[str]) -> str:
    """The verb and what follows, without "not": "does not work" is "works", "cannot" is "can"."""
    rest = found["rest"]
    if found["cannot"] or found["aux"] not in ("do", "does"):
        return f"{'can' if found['cannot'] else found['aux']} {rest}"
    verb, space, more = rest.partition(" ")
    if found["aux"] == "do" or verb.endswith("ly"):
        return rest if found["aux"] == "do" else f"does {rest}"
    return f"{_third_person(verb)}{space}{more}"


def _third_person(verb: str) -> str:
    if verb in ("have", "be"):
        return {"have": "has", "be": "is"}[verb]
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if re.search(r"(?:s|sh|ch|x|z|o)$", verb) else f"{verb}s"


def _is_simple(rest: str) -> bool:
    """Whether nothing in what follows leans on the negation: "any", "at all" and the like."""
    return not re.search(r"\b(?:any|anything|anyone|at all|ever|either|nor|need)\b", rest)


def _completed(statement: Statement, section: Section, language: Language) -> Draft | None:
    """A whole sentence, one marked term of which becomes a gap."""
    source = _one_clause(_LINK_TAIL.sub("", statement.text))
    text = plain(source).rstrip(" .;")
    if not _is_sentence(text, statement, language):
        return None
    terms = [plain(found["strong"] or found["code"]) for found in _TERM.finditer(source)]
    for term in sorted(terms, key=lambda term: not term.startswith("`")):
        place = text.find(term)
        beside = f"{text[:place]} {text[place + len(term) :]}"
        if _is_worth_asking(term.strip("`"), place, beside) and not _told(term, section.title):
            return _with_gap(text, term, place, statement.line, section, language)
    return None


def _one_clause(text: str) -> str:
    """The sentence up to its colon, unless what follows is one term."""
    head, colon, tail = re.sub(r"\s*:\s+", "\0", text, count=1).partition("\0")
    return text if not colon or _TERM.fullmatch(tail.rstrip(" .")) else head


def _with_gap(text: str, term: str, place: int, line: int, section: Section, language: Language) -> Draft:
    shown = f"{words(text[:place])}{{{{gap}}}}{words(text[place + len(term) :])}"
    question = {
        "type": "cloze",
        "text": language.text(language.sentence(shown)),
        "blanks": {"gap": {"accept": [term.strip("`")]}},
        "explanation": quoted(language, language.sentence(text)),
    }
    return Draft("word", text, section, line, "0.6", text, language.sentence(words(text)), 2, question)


def _is_sentence(text: str, statement: Statement, language: Language) -> bool:
    return (
        _FEWEST_BESIDE <= len(text.split()) <= _MOST_WORDS
        and is_usable(text)
        and text[:1].isupper()
        and not re.search(r"[;?!…=→]|\.\.\.|:(?!\S| `| \S+$)", text)
        and not depends(statement, language)
        and not language.pronouns.match(text)
        and not language.conditions.search(text)
        and bool(language.verbs.search(text) or language.orders.match(text) or _is_full(statement))
    )


def _is_worth_asking(answer: str, place: int, beside: str) -> bool:
    """Whether the gap is not the subject, enough stands around it, and nothing there tells what goes in."""
    is_term = bool(re.search(r"\w", answer)) and "…" not in answer and len(answer.split()) <= 3  # noqa: PLR2004 a term
    return place > 0 and is_term and not _told(answer, beside) and len(beside.split()) >= _FEWEST_BESIDE


def _told(answer: str, beside: str) -> bool:
    """Whether every word of the answer stands beside it, in the singular or the plural."""
    tokens, told = ({word.rstrip("sx") for word in re.findall(r"\w{2,}", text.lower())} for text in (answer, beside))
    return tokens <= told if tokens else answer.strip("`") in beside


def _is_full(statement: Statement) -> bool:
    """Whether this stands in running text and ends as a sentence does."""
    return not statement.bullet and plain(statement.text).endswith(".")
