"""How a class is joined: the address that its code makes, and the same as a QR code."""

import segno
from flask import url_for
from markupsafe import Markup

from app.web.context import site


def link(code: str) -> str:
    """The full address that joins a class."""
    return site() + url_for("join.show", code=code)


def door() -> str:
    """Where a code is typed, as one reads it aloud: "rappel.example/join/"."""
    return site().split("://", 1)[-1] + url_for("join.index")


def qr(address: str, many: bool = False) -> Markup:
    """A QR code as an SVG that fills its frame: dark on light in every theme, without any style.

    Of the eight masks the best is chosen; where `many` codes are made it is always the first: every reader takes
    it too, and the code is drawn in a third of the time.
    """
    drawn = segno.make(address, error="m", micro=False, mask=0 if many else None)
    svg = drawn.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return Markup(svg)  # noqa: S704 drawn here: only paths
