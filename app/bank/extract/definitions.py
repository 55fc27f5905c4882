"""Definitions: a term and what it is, as a flashcard; several of one place, as pairs to match."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.bank.extract.blocks import END, Listing, Paragraph, plain
from app.bank.extract.drafting import Draft, Statement, bare, depends, explained, is_usable, listings, statements, words
from app.bank.extract.languages import Language
from app.bank.extract.outline import Section

_MOST_PAIRS = 8
_MOST_TERMS = 64
_FEWEST_PAIRS = 3
_TERM_WORDS = 6
# "**Term**: what it is", "`term` - what it is", the colon inside the strong words or after them.
_MARKED = re.compile(
    r"(?:[\x01\x02](?P<inside>[^\x01-\x03]+?)\s*:\s*\x03"
    r"|(?:[\x01\x02](?P<strong>[^\x01-\x03]+)\x03|(?P<code>`[^`]+`))(?:\s*\([^)]*\))?"
    r"\s*(?:[:=—–]|\s-|->|→))\s+(?P<rest>\S.*)",
    re.DOTALL,
)
_ADVERB = re.compile(r"\s+(?:now|also|then|only|simply|just|always|aussi|donc|alors|simplement|toujours)$")
_PLAIN = re.compile(r"(?P<term>[^:\x01-\x03`]{2,40}?)\s*:\s+(?P<rest>\S.*)", re.DOTALL)
_LIST_OF_DEFINITIONS = re.compile(r"(?P<term>[^\n]{2,60})\n\s*:\s+(?P<rest>\S.*)", re.DOTALL)
_ACRONYM = re.compile(
    r"[\x01\x02`]*(?P<short>[A-Z][A-Z0-9]{1,6})[\x03`]*\s*\([\x01\x02]?(?P<long>[^()\x01-\x03]{5,80})\x03?[),]"
    r"|[\x01\x02]?(?<![\w'’-])(?P<long2>[A-ZÀ-Ý][\w'’-]{1,30}(?: [A-ZÀ-Ýa-zà-ÿ][\w'’-]{1,30}){1,6})\x03?"
    r"\s\([\x01\x02`]*(?P<short2>[A-Z][A-Z0-9]{1,6})[\x03`]*\)"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and what the course says it is; `how` tells the pattern it was found by."""

    term: str
    rest: str
    line: int
    section: Section
    source: str
    how: str


_CONFIDENCE = {"marked": "0.9", "sentence": "0.8", "genus": "0.8", "predicate": "0.7", "acronym": "0.95"}


def drafts(sections: Sequence[Section], language: Language) -> Iterator[Draft]:
    """Flashcards of every definition, pairs of those of one section, pairs of sibling headings."""
    found = [one for section in sections for one in definitions(section, language)]
    yield from (_card(one, language) for one in _first_of_each(found))
    by_section: dict[str, list[Definition]] = {}
    for one in found:
        if one.how in ("marked", "sentence"):
            by_section.setdefault(one.section.id, []).append(one)
    for section in sections:
        for group in _groups(by_section.get(section.id, [])):
            yield _matching(group, section, section.title, "match", language)
        yield from _unmarked(section, language)
    yield from _siblings(sections, found, language)
    for section in sections:
        yield from _acronyms(section, language)


def definitions(section: Section, language: Language) -> Iterator[Definition]:
    """What the section defines, in its order."""
    for block in section.blocks:
        if isinstance(block, Paragraph) and (found := _LIST_OF_DEFINITIONS.fullmatch(block.text)):
            yield from _checked(found["term"], found["rest"], block.line, section, "marked", language)
    for statement in statements(section, language):
        if found := _MARKED.fullmatch(statement.text):
            yield from _marked(found, statement, section, language)
        elif defined := _copula(statement, language):
            yield from _checked(*defined, statement.line, section, "sentence", language)
        elif does := _does(statement, language):
            yield from _checked(*does, statement.line, section, "predicate", language)
    yield from _of_heading(section, language)


def _marked(found: re.Match[str], statement: Statement, section: Section, language: Language) -> Iterator[Definition]:
    term = (found["inside"] or found["strong"] or found["code"]).strip(" :")
    if (found["code"] and not statement.bullet) or language.open_lists.search(section.title):
        return
    yield from _checked(term, found["rest"], statement.line, section, "marked", language)


def _checked(term: str, rest: str, line: int, section: Section, how: str, language: Language) -> Iterator[Definition]:
    """The definition, if its term can be one and what is said of it says something."""
    term, rest = bare(term), plain(rest).rstrip(" ;,")
    is_term = re.search(r"\w", term) and len(term.split()) <= _TERM_WORDS and not term.endswith(("?", "!"))
    advice = language.orders.match(term) and (" " in term or language.code == "fr")
    if not is_term or language.labels.fullmatch(term) or advice or language.pronouns.match(term):
        return
    enough = len(rest.split()) > 1 and not rest.endswith((":", "?", "…", "..."))
    if enough and is_usable(rest) and is_usable(term) and not _folded(rest).startswith(_folded(term)):
        yield Definition(term, rest, line, section, f"{term}: {rest}", how)


def _copula(statement: Statement, language: Language) -> tuple[str, str] | None:
    """The subject and what it is said to be, of a sentence such as "A volume is a place that …"."""
    text = statement.text
    found = language.copula.match(text)
    if not found or text.rstrip().endswith("?") or (statement.bullet and not text[:1].isupper()):
        return None
    term, article = found["term"], found["article"]
    marked = END in term or "`" in term
    known = article.strip().lower() in ("un", "une", "des", "a", "an")
    leans = language.pronouns.match(plain(term)) or language.openers.match(plain(term))
    if language.vague.search(plain(term)) or leans or not (marked or known):
        return None
    rest = _without_tail(plain(article + found["rest"]))
    return (_without_article(plain(term)), rest) if rest else None


def _does(statement: Statement, language: Language) -> tuple[str, str] | None:
    """The subject and what it does, of a whole sentence about a marked term: "The `-d` option runs …"."""
    text = statement.text.rstrip(" .")
    for space in re.finditer(" ", text):
        term, rest = text[: space.start()], text[space.end() :]
        if len(term.split()) > _TERM_WORDS or re.search(r"[,;:.?!](?!\w)", term):
            return None
        if language.predicate.match(rest):
            leans = language.pronouns.match(plain(term)) or language.openers.match(plain(term))
            whole = (END in term or "`" in term) and not leans and not depends(statement, language)
            subject = _ADVERB.sub("", plain(term))
            sound = whole and term.count("`") % 2 == 0 and not language.vague.search(subject)
            return (subject, _without_tail(plain(rest))) if sound else None
    return None


def _without_tail(rest: str) -> str:
    """What is said, without ", it has:" when the sentence goes on with a list; nothing if it is no whole."""
    rest = rest.strip()
    if rest.endswith(":"):
        rest = rest.rstrip(" :")
        head, comma, tail = rest.rpartition(",")
        rest = head if comma and len(tail.split()) <= 3 else rest  # noqa: PLR2004 "il a", "which can be"
    return rest


def _without_article(term: str) -> str:
    return re.sub(r"^(?:un|une|le|la|les|des|the|an|a)\s+|^l['’]", "", term, flags=re.IGNORECASE)


def _of_heading(section: Section, language: Language) -> Iterator[Definition]:
    """What the bullets right below a short heading say the heading is, or does."""
    title = section.title
    first = next(iter(section.blocks), None)
    if not isinstance(first, Listing) or first.ordered or len(title.split()) > _TERM_WORDS - 1:
        return
    if any(pattern.match(title) for pattern in (language.orders, language.steps, language.kinds)):
        return
    for item in first.items:
        text = plain(item.text)
        if item.below and text.endswith(":"):
            continue
        for how, pattern in (("genus", language.genus), ("predicate", language.predicate)):
            if pattern.match(text):
                yield from _checked(title, text, item.line, section, how, language)
                return


def _unmarked(section: Section, language: Language) -> Iterator[Draft]:
    """Pairs of a list whose every entry is a few words, a colon and an explanation."""
    for listing in listings(section):
        made = [
            one
            for item in listing.items
            if (found := _PLAIN.fullmatch(item.text)) and not item.below
            for one in _checked(found["term"], found["rest"], item.line, section, "plain", language)
        ]
        if len(made) == len(listing.items) and not listing.ordered:
            for group in _groups(made):
                yield _matching(group, section, bare(listing.lead) or section.title, "match_list", language)


def _first_of_each(found: Sequence[Definition]) -> Iterator[Definition]:
    """Each term once, as it was first defined."""
    seen: set[str] = set()
    for one in found:
        if _folded(one.term) not in seen:
            seen.add(_folded(one.term))
            yield one


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", _without_article(text).lower()).strip()


def _card(one: Definition, language: Language) -> Draft:
    phrase, answer = "define", one.rest
    if language.predicate.match(one.rest):
        allowed = language.allows.match(one.rest)
        phrase, answer = ("allows", one.rest[allowed.end() :]) if allowed else ("does", one.rest)
    question = {
        "type": "flashcard",
        "text": language.ask(phrase, term=words(_without_article(one.term) if one.how == "genus" else one.term)),
        "answer": language.text(language.sentence(words(answer))),
        "explanation": explained(language, one.section),
    }
    fact = language.sentence(f"{words(one.term)} : {words(one.rest)}")
    return Draft("card", one.term, one.section, one.line, _CONFIDENCE[one.how], one.source, fact, 1, question)


def _groups(found: Sequence[Definition]) -> Iterator[Sequence[Definition]]:
    """The definitions that can be told apart, in groups of 3 to 8."""
    usable: list[Definition] = []
    for one in found[:_MOST_TERMS]:
        apart = all(_folded(one.rest) != _folded(other.rest) and one.term != other.term for other in usable)
        if apart and _folded(one.term) not in _folded(one.rest):
            usable.append(one)
    count = -(-len(usable) // _MOST_PAIRS)
    for number in range(count):
        group = usable[number::count]
        if len(group) >= _FEWEST_PAIRS:
            yield group


def _matching(group: Sequence[Definition], section: Section, about: str, phrase: str, language: Language) -> Draft:
    pairs = [
        {"id": letter, "left": language.text(words(one.term)), "right": language.text(words(one.rest.rstrip(".")))}
        for letter, one in zip("abcdefgh", group, strict=False)
    ]
    question = {
        "type": "matching",
        "text": language.ask(phrase, about=words(about)),
        "pairs": pairs,
        "explanation": explained(language, section),
    }
    source = "\n".join(one.source for one in group)
    fact = language.sentence(f"{words(about)} : {', '.join(words(one.term) for one in group)}")
    kind = {"match": "match", "match_list": "pairs"}.get(phrase, "siblings")
    return Draft(kind, about, section, group[0].line, "0.85", source, fact, 2, question)


def _siblings(sections: Sequence[Section], found: Sequence[Definition], language: Language) -> Iterator[Draft]:
    """What the bullets say of headings that share their parent and their first word, "Driver bridge", "Driver host"."""
    families: dict[tuple[str, str], list[Definition]] = {}
    for one in found:
        first, _, more = one.section.title.partition(" ")
        if one.how in ("genus", "predicate") and more:
            families.setdefault((one.section.path.rpartition(" > ")[0], first.lower()), []).append(one)
    by_path = {section.path: section for section in sections}
    for (parent, _), family in families.items():
        home = by_path.get(parent)
        if home is not None:
            yield from (_matching(group, home, home.title, "match_siblings", language) for group in _groups(family))


def _acronyms(section: Section, language: Language) -> Iterator[Draft]:
    """Abbreviations that the course spells out, letter by letter: "CNM (Container Network Model)"."""
    for statement in statements(section, language):
        for found in _ACRONYM.finditer(statement.text):
            short, long = (found["short"] or found["short2"]), (found["long"] or found["long2"]).strip(' "“”«»')
            if not _spells(short, long):
                continue
            question = {
                "type": "flashcard",
                "text": language.ask("acronym", term=short),
                "answer": language.text(words(long)),
                "explanation": explained(language, section),
            }
            fact = f"{short} : {words(long)}."
            source = f"{short}: {long}"
            yield Draft("acronym", short, section, statement.line, _CONFIDENCE["acronym"], source, fact, 1, question)


def _spells(short: str, long: str) -> bool:
    """Whether the letters of `short` begin the words of `long`, small words left out or not."""
    parts = re.findall(r"[^\W\d_]+", long.replace("’", " ").replace("'", " "))
    every = "".join(part[0] for part in parts).upper()
    long_ones = "".join(part[0] for part in parts if len(part) > 3).upper()  # noqa: PLR2004 of, the, des
    return short in (every, long_ones)
