"""What `app.stats.answered` tells of a learner as bytes that a database keeps, compressed: numbers column by column,
and as JSON the responses that were wrong, each once.
"""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate, chain, pairwise
from operator import itemgetter

from app.stats import numbers
from app.stats.answered import Ends, Firsts, Given, Responses, Wrong

FORMAT = 1
_QUICK = 1  # zlib's level: little larger than the best, several times as fast
_NUL = b"\0"
_WRONG, _LAST_WRONG = Ends._fields.index("wrong"), Ends._fields.index("last_wrong")
_COLUMNS = 1 + len(Ends._fields)  # whether there is a later response, and the ends


def firsts_written(firsts: Firsts) -> bytes:
    """The bytes that `firsts_read` understands, with the mark."""
    return _packed([*firsts.right, *firsts.wrong, firsts.active])


def firsts_read(mark: date, content: bytes) -> Firsts:
    """What was written. Raises ValueError for bytes that are damaged, or of another format."""
    right_days, right, wrong_days, wrong, active = _unpacked(_decompressed(content), 5)
    return Firsts(mark, Given(right_days, right), Given(wrong_days, wrong), active)


class StoredEnds(Mapping[int, Ends]):
    """Ends by question id as they are stored, column by column: of most, nothing but the response is asked for."""

    def __init__(self, content: bytes) -> None:
        """Read what `ends_written` wrote. Raises ValueError for bytes that are damaged, or of another format."""
        words, _, columns = _decompressed(content).partition(_NUL)
        self._words: Sequence[str | None] = json.loads(words)
        self._questions, self._is_later, *self._columns = told = _unpacked(columns, 1 + _COLUMNS)
        places = [*self._columns[_WRONG], *self._columns[_LAST_WRONG]]
        outside = min(places, default=0) < 0 or max(places, default=-1) >= len(self._words)
        if len({len(column) for column in told}) > 1 or outside:
            raise ValueError("what was stored is damaged")
        self._places: Mapping[int, int] | None = None

    def __len__(self) -> int:
        return len(self._questions)

    def __iter__(self) -> Iterator[int]:
        return iter(self._questions)

    def __getitem__(self, question: int) -> Ends:
        if self._places is None:
            self._places = dict(zip(self._questions, range(len(self)), strict=True))
        in_place = itemgetter(self._places[question])
        version, number, day, wrong, last_number, last_day, last_wrong = map(in_place, self._columns)
        return Ends(version, number, day, self._words[wrong], last_number, last_day, self._words[last_wrong])

    def responses(self, versions: Mapping[int, int], alike: dict[Wrong, Wrong]) -> Responses:
        """Those to the questions of these versions, by id; wrong ones that are `alike` are one object."""
        version, _, _, wrong, _, _, last_wrong = self._columns
        words, found, same = self._words, Responses.none(), alike.setdefault
        every = zip(self._questions, version, wrong, self._is_later, last_wrong, strict=True)
        for key, of, first, is_later, last in every:  # no Ends: a class has some ten thousand
            if versions.get(key) == of:
                found.first.append(key)
                if (word := words[first]) is not None:
                    one = (key, word)
                    found.wrong.append(same(one, one))
                if is_later:
                    found.later.append(key)
                    if (word := words[last]) is not None:
                        one = (key, word)
                        found.wrong_later.append(same(one, one))
        return found


def ends_written(ends: Mapping[int, Ends]) -> bytes:
    """The bytes that `StoredEnds` understands, for ends by question id."""
    told = list(ends.values())
    words = list(dict.fromkeys(word for one in told for word in (one.wrong, one.last_wrong)))  # few, many times over
    place = {word: number for number, word in enumerate(words)}
    columns = list(zip(*(_coded(one, place) for one in told), strict=True)) or [()] * _COLUMNS
    head = json.dumps(words, separators=(",", ":")).encode()  # JSON has no NUL of its own
    return _packed([list(ends), *columns], head + _NUL)


def _coded(ends: Ends, place: Mapping[str | None, int]) -> tuple[int, ...]:
    version, number, day, wrong, last_number, last_day, last_wrong = ends
    return ends.is_later, version, number, day, place[wrong], last_number, last_day, place[last_wrong]


def _packed(columns: Sequence[Sequence[int]], head: bytes = b"") -> bytes:
    lengths = [len(column) for column in columns]
    return zlib.compress(head + numbers.written(chain([FORMAT], lengths, *columns)), _QUICK)


def _decompressed(content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise ValueError("what was stored is damaged") from error


def _unpacked(content: bytes, count: int) -> Sequence[Sequence[int]]:
    """So many columns of numbers."""
    found = numbers.read(content)
    known, lengths, told = list(found[:1]), found[1 : 1 + count], found[1 + count :]
    if known != [FORMAT] or len(lengths) != count or len(told) != sum(lengths):
        raise ValueError("what was stored is damaged, or of another format")
    return [told[begin:end] for begin, end in pairwise(accumulate(lengths, initial=0))]
