"""A small file that a page gives back with its next form, so that what was shown is what is done."""

from base64 import b64decode, b64encode
from binascii import Error

from flask import request

from app.formats.delimited import MOST_BYTES


def received(field: str = "file", again: str = "content") -> bytes | None:
    """The file of this request: the one that was chosen, else the one given back; None where there is neither.

    Of too large a file, enough to see that it is.
    """
    sent = request.files.get(field)
    if sent is not None and sent.filename:
        return sent.stream.read(MOST_BYTES + 1)
    try:
        return b64decode(request.form[again], validate=True) if again in request.form else None
    except (Error, ValueError):
        return None


def given_back(content: bytes) -> str:
    """What the hidden field of the next form holds."""
    return b64encode(content).decode("ascii")
