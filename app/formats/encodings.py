"""Which encoding a text file is in, told from its bytes alone.

Windows-1252 and Mac Roman give every byte a meaning, so they are told apart by the words they make: in French and
its neighbours, accented letters stand in words, and no capital follows a small letter.
"""

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_SAMPLE_BYTES = 4_000
_MOSTLY = 0.3  # of every second byte: NULs of UTF-16 in scripts of ASCII's letters
_LIKELY = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿœæßø"
_EXPECTED = frozenset(_LIKELY + _LIKELY.upper().replace("SS", "") + "«»’‘“”–—…°€№ºª\N{NO-BREAK SPACE}")
_CAPITAL_INSIDE = re.compile("[a-zà-öø-ÿœ][À-ÖØ-ÞŒŸ]")
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding's name for people, and the first line that holds bytes it has no meaning for, or 0."""

    text: str
    encoding: str
    damaged_line: int = 0


def decode(content: bytes) -> Decoded:
    """The text of a file: a mark at its beginning decides, then UTF-8 if it is valid, then what makes words."""
    for mark, marked, name in _MARKS:
        if content.startswith(mark):
            return _lenient(content[len(mark) :], marked, name)
    codec = _utf16_without_mark(content)
    if codec is not None:
        return _lenient(content, codec, "UTF-16")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end >= len(content) and error.reason == "unexpected end of data":  # cut off at the cap
            return _lenient(content, "utf-8", "UTF-8")
        return _of_one_byte(content)
    return Decoded(_without_nul(text), "UTF-8", _line_of(text, "\0"))


def _of_one_byte(content: bytes) -> Decoded:
    windows = _lenient(content, "cp1252", "Windows-1252")
    mac = _lenient(content, "mac_roman", "Mac Roman")
    return mac if _likeness(mac.text) >= _SURE > _likeness(windows.text) else windows


def _likeness(text: str) -> float:
    """The share of signs outside ASCII that one expects in names and headers, 0 to 1."""
    odd = [sign for sign in text if not sign.isascii()]
    expected = sum(sign in _EXPECTED for sign in odd) - len(_CAPITAL_INSIDE.findall(text))
    return expected / len(odd) if odd else 1.0


def _utf16_without_mark(content: bytes) -> str | None:
    sample = content[:_SAMPLE_BYTES]
    half = len(sample) // 2
    if not half:
        return None
    high_second, high_first = sample[1::2].count(0) / half, sample[::2].count(0) / half
    if max(high_second, high_first) < _MOSTLY:
        return None
    return "utf-16-le" if high_second > high_first else "utf-16-be"


def _lenient(content: bytes, codec: str, name: str) -> Decoded:
    text = content.decode(codec, "replace")
    damaged = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return Decoded(_without_nul(text), name, _line_of(damaged, "\N{REPLACEMENT CHARACTER}"))


def _without_nul(text: str) -> str:
    """No database keeps a NUL in a text."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _line_of(text: str, sign: str) -> int:
    at = text.find(sign)
    return 0 if at < 0 else text.count("\n", 0, at) + 1
