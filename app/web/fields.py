"""Whole numbers as people send them: plain digits, where Python's `int` also takes `1_0` and `٣`."""

from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

_LONGEST = 10  # digits


def plain_digits(value: object) -> int:
    """The number that the digits 0 to 9 write; raises ValueError for anything else."""
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST):
        raise ValueError("not plain digits")
    return int(text)


class WholeField(IntegerField):
    """A whole number from `least` to `most`; what is refused is told by the code "whole"."""

    def __init__(self, most: int, *, least: int = 0, needed: bool = True, hidden: bool = False, **kwargs: Any) -> None:
        self.least, self.most = least, most
        presence = InputRequired("whole") if needed else Optional()
        if hidden:
            kwargs["widget"] = HiddenInput()
        super().__init__(validators=[presence, NumberRange(min=least, max=most, message="whole")], **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was sent, if anything was."""
        if not valuelist:
            return
        try:
            self.data = plain_digits(valuelist[0])
        except ValueError as error:
            self.data = None
            raise ValueError("whole") from error
