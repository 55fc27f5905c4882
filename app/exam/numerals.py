"""Numbers as people type them, in French or English: exact, or not read at all."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.exam import folding

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007", " ") | {"−": "-", "–": "-"})
# Thousands may be set apart by spaces; a comma or a point is always the decimal one. "1e3" is not read:
# nobody taught it, and a slip of the finger should not become a large number.
_NUMBER = re.compile(r"([+-]?) ?(\d{1,3}(?: \d{3})+|\d+)?(?:[.,](\d+))? ?")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number and the unit typed after it, "" for none."""

    value: Decimal
    unit: str


def read(text: str) -> Numeral | None:
    """The number that `text` begins with and the rest as its unit, or None when it begins with none."""
    plain = " ".join(text.translate(_SPACES).split(" ")).strip().removesuffix(".")
    found = _NUMBER.match(plain)
    if found is None or (found[2] is None and found[3] is None) or len(found[0]) > _LONGEST:
        return None
    unit = plain[found.end() :]
    if unit[:1].isdigit() or unit[:1] in (".", ",") or (unit[:1].lower() == "e" and unit[1:].lstrip("+-").isdigit()):
        return None
    whole = (found[2] or "0").replace(" ", "")
    return Numeral(Decimal(f"{found[1]}{whole}.{found[3] or 0}"), unit)


def is_unit(given: str, units: Iterable[str]) -> bool:
    """Whether the unit typed is none, or one of those expected."""
    return not given or folding.first_same(given, units) is not None


def show(value: Decimal, language: str) -> str:
    """A number as a page in `language` writes it, without needless zeros."""
    plain = f"{value.normalize():f}" if value else "0"
    return plain.replace(".", ",") if language == "fr" else plain
