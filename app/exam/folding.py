"""Typed text brought to one form before it is compared: what a keyboard chooses is not part of an answer."""

import unicodedata

# A phone turns `--` into a dash; either reading of it is accepted.
_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "ʼ": "'", "´": "'"}
    | {"–": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-"}
)
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_OUTER = "\"'`"


def is_same(given: str, accepted: str, exact: bool = False) -> bool:
    """Whether `given` is `accepted`, whatever the spaces, quotes and dashes.

    Unless it must be `exact`, case, accents and a final stop do not matter either.
    """
    target = set(_readings(accepted, exact))
    return any(reading in target for reading in _readings(given, exact))


def fold(text: str) -> str:
    """`text` without case, accents, a final stop, and with plain spaces and quotes."""
    plain = _plain(text).translate(_LIGATURES)
    bare = "".join(char for char in unicodedata.normalize("NFD", plain) if not unicodedata.combining(char))
    folded = unicodedata.normalize("NFC", bare.casefold())
    return folded.removesuffix(".").rstrip() or folded


def normal(text: str, exact: bool = False) -> str:
    """One spelling of all texts that `is_same` takes for `text`, but for the two readings of a long dash."""
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
