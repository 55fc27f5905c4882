"""What the form of a plan is made of: a day, numbers that are ticked, days off from one to another."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from wtforms import Field, StringField
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from app.web.fields import plain_digits

_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")  # what a date field sends, and what people type where it is a plain one
_LONGEST = 20  # characters of a day
_YEARS = range(2000, 2101)
_MOST_ROWS = 60
_EMPTY_ROWS = 2  # to fill in, below the days off there are


def day_of(typed: str) -> date | None:
    """The day that was typed; None for what is none."""
    typed = typed.strip()
    for written in _FORMATS if len(typed) <= _LONGEST else ():
        with suppress(ValueError):
            read = datetime.strptime(typed, written).date()  # noqa: DTZ007 a day has no zone
            return read if read.year in _YEARS else None
    return None


class DayField(StringField):
    """One day; what is none is told by the code "day"."""

    @property
    def day(self) -> date | None:
        """The day, when it is one."""
        return day_of(self.data or "")

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no day."""
        if self.day is None:
            raise ValidationError("day")


class TickedField(Field):
    """The numbers whose boxes are ticked; what is no number is told by the code "not_offered"."""

    data: frozenset[int]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the ticked boxes of a form that was sent, where none at all is a choice too."""
        self.process_errors, self.errors = [], []
        self.data = frozenset(() if data is unset_value else data or ())
        if formdata:
            try:
                self.data = frozenset(plain_digits(value) for value in formdata.getlist(self.name))
            except ValueError:
                self.data = frozenset()
                self.process_errors = ["not_offered"]


class DaysField(Field):
    """Days off, row by row: the first one and the last one, which may be left empty for a single day.

    What cannot be read is told by the code "day", a row that ends before it begins by "backwards"; the rows
    stay as they were typed.
    """

    rows: list[tuple[str, str]]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the rows of a form that was sent, else those of the days given."""
        self.process_errors, self.errors = [], []
        days = () if data is unset_value else data or ()
        self.rows = [(first.isoformat(), last.isoformat()) for first, last in spans(days)]
        if formdata:
            typed = [value.strip() for value in formdata.getlist(self.name)][: 2 * _MOST_ROWS]
            self.rows = [row for row in zip(typed[::2], typed[1::2], strict=False) if any(row)]
        self.data = days
        found: set[date] = set()
        for typed_first, typed_last in self.rows:
            first, last = day_of(typed_first or typed_last), day_of(typed_last or typed_first)
            if first is None or last is None:
                self.process_errors = ["day"]
            elif last < first:
                self.process_errors = self.process_errors or ["backwards"]
            else:
                found.update(first + timedelta(days=ahead) for ahead in range(min((last - first).days, 366) + 1))
        self.data = frozenset(found)

    @property
    def lines(self) -> Sequence[tuple[str, str]]:
        """The rows, and some to fill in."""
        return [*self.rows, *[("", "")] * _EMPTY_ROWS]


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days in order, those in a row as one span from the first to the last."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
