"""How large what a page of an attempt sends may be: a long exam on one page is more than any other form."""

from flask import request

from app.exam.responses import LONGEST_TEXT
from app.services import attempts
from app.web.context import db
from app.web.exams.held import epoch_of

_BYTES_A_CHARACTER = 9  # as a form sends it: "é" is 6, "€" and "’" are 9


def most_bytes(usual: int) -> int:
    """The bytes that this request may have: the `usual` ones, and more for a browser that works on the attempt.

    Who does not hold the attempt has no use for more, and makes nobody read it.
    """
    attempt_id = (request.view_args or {}).get("attempt_id")
    if (request.content_length or 0) <= usual or attempt_id is None or epoch_of(attempt_id) is None:
        return usual
    with db().reading() as session:
        return usual + attempts.asked(session, attempt_id) * LONGEST_TEXT * _BYTES_A_CHARACTER
