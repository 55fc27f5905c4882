"""Typed text brought to one form before it is compared: what a keyboard chooses is not part of an answer."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# A phone turns `--` into a dash; either reading of it is accepted.
_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "ʼ": "'", "´": "'"}
    | {"–": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-"}
)
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_OUTER = "\"'`"


def first_same(given: str, accepted: Iterable[str], exact: bool = False) -> str | None:
    """The first of `accepted` that `given` is, whatever the spaces, quotes and dashes; None when it is none of them.

    Unless it must be `exact`, case, accents and a final stop do not matter either.
    """
    typed = set(_readings(given, exact))
    return next((answer for answer in accepted if not typed.isdisjoint(_of_key(answer, exact))), None)


@lru_cache(maxsize=4_000)
def _of_key(answer: str, exact: bool) -> tuple[str, str]:
    """The readings of an answer of a key, never of what somebody typed: a key is asked for again and again."""
    return _readings(answer, exact)


def fold(text: str) -> str:
    """`text` without case, accents, a final stop, and with plain spaces and quotes."""
    plain = _plain(text).translate(_LIGATURES)
    bare = "".join(char for char in unicodedata.normalize("NFD", plain) if not unicodedata.combining(char))
    folded = unicodedata.normalize("NFC", bare.casefold())
    return folded.removesuffix(".").rstrip() or folded


def normal(text: str, exact: bool = False) -> str:
    """One spelling of all texts that `first_same` takes for `text`, but for the two readings of a long dash."""
    return _readings(text, exact)[0]


def without_accents(text: str) -> str:
    """`text` with its letters bare and its case kept."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _plain(text: str) -> str:
    """Plain quotes, single spaces, nothing invisible, no quotes around the whole."""
    visible = "".join(char for char in text.translate(_QUOTES) if unicodedata.category(char) != "Cf")
    spaced = " ".join(unicodedata.normalize("NFC", visible).split())
    while len(spaced) > 2 and spaced[0] == spaced[-1] and spaced[0] in _OUTER:  # noqa: PLR2004 two quotes and a letter
        spaced = spaced[1:-1].strip()
    return spaced


def _readings(text: str, exact: bool) -> tuple[str, str]:
    read = _plain if exact else fold
    return read(text.replace("—", "-")), read(text.replace("—", "--"))
