"""What a learner may see of a question before answering: no key is in it, by construction.

Choices, lines and pairs are known by their place, "1" to "n", never by the bank's ids. What is shuffled is
first put in an order that depends on the words alone, so that even someone who knows `seed` and this
code cannot tell how the file ordered them.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random

from app.bank.schema import (
    BLANK,
    ClozeQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericalQuestion,
    OrderingQuestion,
    Question,
    SingleQuestion,
    Text,
)

_WIDTH_STEP = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to choose, order or match: what a form sends, and its words in Markdown."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Code and the language it is written in; gaps read `{{1}}`."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text, or the gap `blank`, on line `line` (from 1), `width` characters wide."""

    text: str
    blank: str = ""
    line: int = 1
    width: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """One question in one language, without its key; texts are Markdown, and gaps read `{{1}}`."""

    type: str
    language: str
    text: str
    code: Listing | None = None
    choices: tuple[Line, ...] = ()
    items: tuple[Line, ...] = ()
    lefts: tuple[Line, ...] = ()
    rights: tuple[Line, ...] = ()
    text_segments: tuple[Segment, ...] = ()
    code_segments: tuple[Segment, ...] = ()
    unit: str = ""

    def to_json(self) -> str:
        """The same as JSON, for a page's script."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Places:
    """The bank's ids in the order of their places: place "1" is the first."""

    choices: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    lefts: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()


def present(question: Question, language: str, seed: str) -> Shown:
    """`question` as it may be shown in "fr" or "en"; the same `seed` gives the same order again."""
    places = place(question, seed)
    words = _words(question)
    text, code = question.text.in_(language), question.code
    width = _width(question) if isinstance(question, ClozeQuestion) else 0
    return Shown(
        type=question.type,
        language=language,
        text=_number(text, places.blanks),
        code=Listing(_number(code.text, places.blanks), code.language) if code else None,
        choices=_lines(places.choices, words, language),
        items=_lines(places.items, words, language),
        lefts=_lines(places.lefts, _lefts(question), language),
        rights=_lines(places.rights, words, language),
        text_segments=_segments(text, places.blanks, width) if width else (),
        code_segments=_segments(code.text, places.blanks, width) if width and code else (),
        unit=question.unit.in_(language) if isinstance(question, NumericalQuestion) and question.unit else "",
    )


def place(question: Question, seed: str) -> Places:
    """Which id of the bank is at which place."""
    if isinstance(question, SingleQuestion | MultipleQuestion):
        ids = tuple(choice.id for choice in question.choices)
        return Places(choices=_shuffle(question, ids, seed, "choices") if question.shuffle else ids)
    if isinstance(question, OrderingQuestion):
        ids = tuple(item.id for item in question.items)
        mixed = _shuffle(question, ids, seed, "items")
        return Places(items=mixed if mixed != ids else (*mixed[1:], mixed[0]))
    if isinstance(question, MatchingQuestion):
        pairs = tuple(pair.id for pair in question.pairs)
        rights = (*pairs, *(decoy.id for decoy in question.decoys))
        return Places(lefts=_shuffle(question, pairs, seed, "lefts"), rights=_shuffle(question, rights, seed, "rights"))
    if isinstance(question, ClozeQuestion):
        gaps = BLANK.findall(question.text.fr) + BLANK.findall(question.code.text if question.code else "")
        return Places(blanks=tuple(dict.fromkeys(gaps)))
    return Places()


def _words(question: Question) -> dict[str, Text]:
    """The words of what is chosen, ordered, or stands at the right, by id."""
    if isinstance(question, SingleQuestion | MultipleQuestion):
        return {choice.id: choice.text for choice in question.choices}
    if isinstance(question, OrderingQuestion):
        return {item.id: item.text for item in question.items}
    if isinstance(question, MatchingQuestion):
        rights = {pair.id: pair.right for pair in question.pairs}
        return rights | {decoy.id: decoy.right for decoy in question.decoys}
    return {}


def _lefts(question: Question) -> dict[str, Text]:
    return {pair.id: pair.left for pair in question.pairs} if isinstance(question, MatchingQuestion) else {}


def _shuffle(question: Question, ids: Sequence[str], seed: str, what: str) -> tuple[str, ...]:
    words = _lefts(question) if what == "lefts" else _words(question)
    mixed = sorted(ids, key=lambda key: (words[key].fr, words[key].en, key))
    Random(f"{what}:{seed}").shuffle(mixed)  # noqa: S311 an order to read, not a secret
    return tuple(mixed)


def _lines(ids: Sequence[str], words: dict[str, Text], language: str) -> tuple[Line, ...]:
    return tuple(Line(str(number), words[key].in_(language)) for number, key in enumerate(ids, 1))


def _number(text: str, blanks: Sequence[str]) -> str:
    """`text` with the gaps' places instead of their names, which may give the answer away."""
    if not blanks:
        return text
    return BLANK.sub(lambda found: f"{{{{{blanks.index(found[1]) + 1}}}}}", text)


def _segments(text: str, blanks: Sequence[str], width: int) -> tuple[Segment, ...]:
    """`text` cut at its gaps."""
    segments: list[Segment] = []
    line = 1
    for index, piece in enumerate(BLANK.split(text)):
        if index % 2:
            segments.append(Segment("", str(blanks.index(piece) + 1), line, width))
        elif piece:
            segments.append(Segment(piece, line=line))
            line += piece.count("\n")
    return tuple(segments)


def _width(question: ClozeQuestion) -> int:
    """One width for all gaps, in characters: the longest answer, rounded up, so that none is told by its gap."""
    longest = max(len(answer) for blank in question.blanks.values() for answer in blank.accept)
    return -(-longest // _WIDTH_STEP) * _WIDTH_STEP
