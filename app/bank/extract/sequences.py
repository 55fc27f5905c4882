"""Lists: steps to put in order, and closed lists whose members are to be told from others."""

import re
from collections.abc import Iterator, Sequence

from app.bank.extract.blocks import END, Item, Listing, Paragraph, plain
from app.bank.extract.drafting import (
    Draft,
    bare,
    explained,
    is_usable,
    listings,
    sentences,
    statements,
    texts,
    words,
)
from app.bank.extract.languages import Language
from app.bank.extract.outline import Section

_FEWEST, _MOST = 3, 12
_MOST_CHOICES = 9
_SHORT_LEAD = 5
_LONGEST_STEP = 160
_MEMBER_WORDS = 6
_LETTERS = "abcdefghijkl"
_OWN_NUMBER = re.compile(
    r"^(?:(?:étape|step|phase|stage)\s*)?(?:\d+|[a-z])\s*[.):/–-]\s+|^(?:étape|step)\s+\d+\s*", re.IGNORECASE
)
_HEAD = re.compile(r"^[\x01\x02]?(?P<head>[^:\x01-\x03(–—]+?)\x03?\s*(?:\([^)]*\))?\s*(?:$|[:–—]|\s-\s)")
_COLON = re.compile(r"\s*:\s+")
_SPLIT = re.compile(r"\s*,\s*|\s+(?:et|and|&)\s+")
_ARTICLE = re.compile(r"^(?:les?|la|l['’]|des?|du|une?|the|an?)\s*(?<=[\s'’])", re.IGNORECASE)


def drafts(sections: Sequence[Section], language: Language) -> Iterator[Draft]:
    """The questions that the lists of the sections answer."""
    closed = [found for section in sections for found in _closed_lists(section, language)]
    for section in sections:
        for listing in listings(section):
            if listing.ordered:
                yield from _ordering(listing, section, language)
    for section, about, members, line in closed:
        parent = section.id.rpartition("/")[0]
        near = [one for one in sections if one is section or (parent and one.id.rpartition("/")[0] == parent)]
        others = _others(members, about, near)
        yield _members(section, about, members, others, line, language)


def _ordering(listing: Listing, section: Section, language: Language) -> Iterator[Draft]:
    """The entries of a numbered list, unless what announces it says that they have no order."""
    items = [_OWN_NUMBER.sub("", text) for text in texts(listing.items)]
    lead = _announcement(listing.lead)
    about = bare(lead) if len(lead.split()) > _SHORT_LEAD else section.title
    stepwise = bool(language.steps.search(lead) or language.steps.search(section.title))
    if not _is_sequence(lead or section.title, stepwise, items, language):
        return
    usable = all(is_usable(item) and len(item) <= _LONGEST_STEP and not item.endswith("?") for item in items)
    if not _FEWEST <= len(items) <= _MOST or len({item.lower() for item in items}) < len(items) or not usable:
        return
    question = {
        "type": "ordering",
        "text": language.ask("order", about=words(about)),
        "items": [
            {"id": letter, "text": language.text(words(item))} for letter, item in zip(_LETTERS, items, strict=False)
        ],
        "explanation": explained(language, section),
    }
    fact = language.sentence(f"{words(about)} : {', '.join(words(item) for item in items)}")
    confidence = "0.85" if stepwise else "0.55"
    source = "\n".join([about, *items])
    yield Draft("order", about, section, listing.line, confidence, source, fact, 2, question)


def _is_sequence(announced: str, stepwise: bool, items: Sequence[str], language: Language) -> bool:
    """Whether the numbers stand for an order: the words above say so, or the entries are things to do."""
    if language.kinds.search(announced) and not language.steps.search(announced):
        return False
    acts = sum(bool(language.orders.match(item) or language.infinitive.match(item)) for item in items)
    return stepwise or 2 * acts >= len(items)


def _announcement(lead: str) -> str:
    """The last sentence before a list, when it ends with a colon."""
    if not lead.rstrip().endswith(":"):
        return ""
    return plain([sentence for sentence, _ in sentences(Paragraph(lead, 1))][-1])


_Closed = tuple[Section, str, list[str], int]


def _closed_lists(section: Section, language: Language) -> Iterator[_Closed]:
    """Lists of which the course says how many members they have, when they have as many."""
    for listing in listings(section):
        lead = _announcement(listing.lead) or _whole(listing.lead)
        members = [_member(item) for item in listing.items]
        if _counts(lead, len(members), language) and _are_members(members):
            yield section, bare(lead), members, listing.line
    for statement in statements(section, language):
        head, colon, tail = _COLON.sub("\0", plain(statement.text).rstrip(" ."), count=1).partition("\0")
        members = [_ARTICLE.sub("", part) for part in _SPLIT.split(tail.strip())]
        if (
            colon
            and head.count("`") % 2 == 0
            and len(members) > 1
            and _counts(head, len(members), language)
            and _are_members(members)
        ):
            yield section, bare(head), members, statement.line


def _whole(lead: str) -> str:
    """A short paragraph right before a list, which announces it without a colon."""
    text = plain(lead)
    return text if text and len(text.split()) <= _MOST and not text.endswith("?") else ""


def _counts(lead: str, members: int, language: Language) -> bool:
    """Whether `lead` says that there are `members` of them, and no more."""
    found = list(language.count.finditer(lead))
    if len(found) != 1 or len(re.findall(r"\d+", lead)) > 1 or ";" in lead or language.open_lists.search(lead):
        return False
    if language.number(found[0]["count"]) != members:
        return False
    # "5 types", "les trois premières formes" are several things; "Layer 2 of the model" is the name of one.
    before, after = lead[: found[0].start()].split(), lead[found[0].end() :].split()
    several = any(word.rstrip(".,:").endswith(("s", "x", "ia")) for word in after[:3])
    is_name = bool(before) and before[-1][:1].isupper() and not _ARTICLE.match(f"{before[-1]} ")
    return several and not (is_name and found[0]["count"].isdigit())


def _member(item: Item) -> str:
    """What an entry names: the words before its explanation."""
    text = item.text.replace("\n", " ")
    found = _HEAD.match(text)
    return bare(found["head"] if found and END not in found["head"] else text)


def _are_members(members: Sequence[str]) -> bool:
    named = all(
        is_usable(one) and re.search(r"\w", one) and len(one.split()) <= _MEMBER_WORDS and not one.endswith("…")
        for one in members
    )
    distinct = len({one.lower() for one in members}) == len(members)
    return named and distinct and "etc" not in " ".join(members).lower().split() and 1 < len(members) <= _MOST


def _others(members: Sequence[str], about: str, near: Sequence[Section]) -> list[str]:
    """Members of other lists nearby: of a closed list, whatever it does not name is none."""
    taken = {token for one in (*members, about) for token in _tokens(one)}
    found: dict[str, str] = {}
    for listing in (listing for section in near for listing in listings(section)):
        names = [_member(item) for item in listing.items]
        if _are_members(names) and not set(names) & set(members):
            found |= {name.lower(): name for name in names if not _tokens(name) & taken}
    alike = [name for name in found.values() if any(_alike(name, member) for member in members)]
    return alike[: min(4, max(0, _MOST_CHOICES - len(members)))]


def _alike(one: str, other: str) -> bool:
    """Whether two names look like the same kind of thing: code or words, capital or not, about as long."""
    looks = [(name.startswith("`"), name.lstrip("`")[:1].isupper(), name[-2:-1].isdigit()) for name in (one, other)]
    return looks[0] == looks[1] and abs(len(one.split()) - len(other.split())) < 2  # noqa: PLR2004 one word more or less


def _tokens(text: str) -> set[str]:
    return {token[:5] for token in re.findall(r"\w{3,}", text.lower())}


def _members(
    section: Section, about: str, members: Sequence[str], others: Sequence[str], line: int, language: Language
) -> Draft:
    fact = language.sentence(f"{words(about)} : {', '.join(words(one) for one in members)}")
    source = "\n".join([about, *members])
    if len(others) > 1 and len(members) + len(others) <= _MOST_CHOICES:
        mixed = sorted(
            [(one, True) for one in members] + [(one, False) for one in others], key=lambda one: one[0].lower()
        )
        choices = [
            {"id": letter, "text": language.text(words(one)), **({"correct": True} if right else {})}
            for letter, (one, right) in zip(_LETTERS, mixed, strict=False)
        ]
        question = {"type": "multiple", "text": language.ask("among", about=words(about)), "choices": choices}
    else:
        answer = language.text(language.sentence(_joined([words(one) for one in members])))
        question = {"type": "flashcard", "text": language.ask("name_them", about=words(about)), "answer": answer}
    question["explanation"] = explained(language, section)
    return Draft("list", about, section, line, "0.8", source, fact, 1, question)


def _joined(members: Sequence[str]) -> str:
    """The members of a list in one line; semicolons where one of them has a comma."""
    return ("; " if any("," in one for one in members) else ", ").join(members)
