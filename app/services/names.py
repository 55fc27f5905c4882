"""Names of people: which characters they may hold, and when two spellings are one login name.

None begins with a sign that spreadsheets compute: names and login names leave in files that a teacher opens (OWASP,
"CSV Injection").
"""

import re
import unicodedata

from app.errors import FieldProblem
from app.formats.csv_file import harmless

SHORTEST_LOGIN = 3
LONGEST_LOGIN = 64
LONGEST_NAME = 64
_LONGEST_KEY = 255
# Control, format (invisible, or turning the text around), surrogate, private and unassigned characters.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = "\u200c\u200d"  # some scripts, and some emoji, are spelt with them
# Letters and marks that draw nothing (Unicode's Default_Ignorable_Code_Point), and the blank Braille cell.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def tidy(text: str) -> str:
    """The text as kept and shown: composed accents (NFC), single spaces, none around."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def login_key(login: str) -> str:
    """What makes two login names one: compatible characters, case and spaces do not count.

    The NFKC_Casefold of the Unicode standard (section 3.13), without its removal of invisible
    characters, which `login_problem` refuses.
    """
    folded = unicodedata.normalize("NFD", login)
    for _ in range(2):
        folded = unicodedata.normalize("NFKC", folded.casefold())
    return " ".join(folded.split())


def login_problem(login: str) -> FieldProblem | None:
    """Why `login` cannot be a login name, or None when it can: 3 to 64 visible characters."""
    chosen, key = tidy(login), login_key(login)
    if holds_refused(chosen, allowed="") or _INVISIBLE.search(chosen + key):
        return FieldProblem("login", "login_characters")
    if harmless(chosen) != chosen:
        return FieldProblem("login", "login_formula")
    if not SHORTEST_LOGIN <= len(chosen) <= LONGEST_LOGIN or not SHORTEST_LOGIN <= len(key) <= _LONGEST_KEY:
        return FieldProblem("login", "login_length", (("shortest", SHORTEST_LOGIN), ("longest", LONGEST_LOGIN)))
    return None


def name_problem(name: str, field: str = "display_name") -> FieldProblem | None:
    """Why `name` cannot be shown to others, or None when it can; empty is allowed."""
    chosen = tidy(name)
    if holds_refused(chosen) or (chosen and shows_nothing(chosen)):
        return FieldProblem(field, "name_characters")
    if harmless(chosen) != chosen:
        return FieldProblem(field, "name_formula")
    if len(chosen) > LONGEST_NAME:
        return FieldProblem(field, "name_long", (("longest", LONGEST_NAME),))
    return None


def shows_nothing(text: str) -> bool:
    """Whether no character of it draws anything."""
    return not _INVISIBLE.sub("", text).translate(dict.fromkeys(map(ord, _JOINERS))).strip()


def holds_refused(text: str, allowed: str = _JOINERS) -> bool:
    """Whether a character draws nothing, turns the text around, or means something else on every machine."""
    return any(unicodedata.category(sign) in _REFUSED and sign not in allowed for sign in text)
