"""What people write to each other here: a few plain lines, capped."""

import unicodedata

from app.errors import FieldProblem

LONGEST_MESSAGE = 1_000
# Control characters (a line's end apart), and what no database takes.
_REFUSED = frozenset({"Cc", "Cs"})


def tidy_message(text: str) -> str:
    """The message as kept and shown: composed accents (NFC), plain line ends, none around, no control characters."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in _REFUSED).strip()


def message_problem(text: str, needed: bool = True) -> FieldProblem | None:
    """Why `text` cannot be sent, or None when it can."""
    if needed and not tidy_message(text):
        return FieldProblem("message", "message_missing")
    if len(tidy_message(text)) > LONGEST_MESSAGE:
        return FieldProblem("message", "message_long", (("longest", LONGEST_MESSAGE),))
    return None
