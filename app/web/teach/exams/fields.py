"""What the form of an exam is made of: local times, marks, the rows of a blueprint, a list of questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import Field, StringField
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from app.exam.blueprint import Demand
from app.services import settings
from app.services.exams import MOST_QUESTIONS
from app.web.fields import plain_digits

_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
_YEARS = range(2000, 2101)
_MOST_ROWS = 40
_MOST_POINTS = 100
_LONGEST = 20  # characters of a number or a time
_LEVELS = {"1": 1, "2": 2, "3": 3}


class MomentField(StringField):
    """A day and a time on the clock of the form's zone; what cannot be read is told by the code "moment"."""

    def moment(self) -> datetime | None:
        """What was typed, without a zone; None for nothing, or nothing that can be read."""
        typed = (self.data or "").strip()
        for written in _FORMATS if len(typed) <= _LONGEST else ():
            try:
                read = datetime.strptime(typed, written)  # noqa: DTZ007 its zone is another field
            except ValueError:
                continue
            return read if read.year in _YEARS else None
        return None

    def instant(self, zone: str, last: bool = False) -> datetime | None:
        """The moment in a zone; of a time that comes twice the first, or the `last`."""
        read = self.moment()
        return None if read is None else read.replace(tzinfo=ZoneInfo(zone), fold=int(last)).astimezone(UTC)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no time."""
        if (self.data or "").strip() and self.moment() is None:
            raise ValidationError("moment")


def none_skipped(field: MomentField, zone: str) -> bool:
    """Whether the zone's clock shows the field's time at all; when it is put forward over it, the field says so."""
    moment = field.moment()
    if moment is None or zone not in settings.zones():
        return True
    local = moment.replace(tzinfo=ZoneInfo(zone))
    if local.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == moment:
        return True
    field.errors = ["no_such_time"]
    return False


def local_text(value: datetime | None, zone: str) -> str:
    """An instant as a browser's field of day and time takes it."""
    return value.astimezone(ZoneInfo(zone)).strftime(_FORMATS[0]) if value else ""


class HundredthsField(StringField):
    """A mark with two decimals at most, a comma or a point; what cannot be read is told by the code "mark"."""

    def hundredths(self) -> int | None:
        """What was typed in hundredths; None for nothing, or nothing that can be read."""
        typed = (self.data or "").strip().replace(",", ".")
        if not typed.isascii() or len(typed) > _LONGEST or set(typed) - set("0123456789."):
            return None
        try:
            value = Decimal(typed) * 100
        except InvalidOperation:
            return None
        return int(value) if value == int(value) else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no mark."""
        if (self.data or "").strip() and self.hundredths() is None:
            raise ValidationError("mark")


@dataclass
class Row:
    """One row of a blueprint as it was typed; `error` is said beside it."""

    count: str = ""
    topic: str = ""
    level: str = ""
    type: str = ""
    error: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is asked by it."""
        return self.count.strip() in ("", "0")

    def demand(self) -> Demand | None:
        """What it asks; None when that cannot be read."""
        try:
            count = plain_digits(self.count)
        except ValueError:
            return None
        if not 1 <= count <= MOST_QUESTIONS or self.level not in ("", *_LEVELS):
            return None
        return Demand(count, self.topic or None, _LEVELS.get(self.level), self.type or None)


class DemandsField(Field):
    """The rows of a blueprint, from four fields of the same names in each row."""

    rows: list[Row]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the rows that were sent, or show those of stored demands."""
        self.errors, self.process_errors = [], []
        if formdata and "count" in formdata:
            columns = [formdata.getlist(name)[:_MOST_ROWS] for name in ("count", "topic", "level", "type")]
            self.rows = [Row(*(value[:80] for value in values)) for values in zip(*columns, strict=False)]
        else:
            self.rows = [_row(demand) for demand in (data if data is not unset_value and data else ())]
        self.data = self.rows

    def demands(self) -> list[tuple[Row, Demand]]:
        """What can be read of the rows that ask something, each with its row."""
        read = ((row, row.demand()) for row in self.rows if not row.is_blank)
        return [(row, demand) for row, demand in read if demand]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Refuse rows that cannot be read, if the form's choice is the blueprint."""
        if form.by.data != self.name:
            return True
        unread = [row for row in self.rows if not row.is_blank and row.demand() is None]
        for row in unread:
            row.error = "whole"
        self.errors = ["rows"] if unread else []
        return not unread


class ListedField(Field):
    """Questions listed by hand, in their order, each with its points (from the field "points-<id>")."""

    ids: list[int]
    points: dict[int, str]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the questions that were sent, or show stored ones: `data` maps ids to points."""
        self.errors, self.process_errors = [], []
        if formdata:
            self.ids = list(dict.fromkeys(_ids(formdata.getlist("questions"))))[: MOST_QUESTIONS + 1]
            self.points = {number: formdata.get(f"points-{number}", "1")[:_LONGEST] for number in self.ids}
        else:
            stored: Mapping[int, int] = data if data is not unset_value and data else {}
            self.ids = list(stored)
            self.points = {number: str(value) for number, value in stored.items()}
        self.data = self.ids

    def weights(self) -> dict[int, int]:
        """The points that can be read."""
        return {number: value for number, typed in self.points.items() if (value := _points(typed)) is not None}

    def is_wrong(self, number: int) -> bool:
        """Whether the points of a question cannot be read."""
        return _points(self.points.get(number, "1")) is None

    def move(self, number: int, step: int) -> None:
        """Move one question up (-1) or down (1) in the list."""
        here = self.ids.index(number) if number in self.ids else -1
        if here >= 0 and 0 <= here + step < len(self.ids):
            self.ids[here], self.ids[here + step] = self.ids[here + step], self.ids[here]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Refuse points that cannot be read, if the form's choice is the list."""
        if "by" in form and form.by.data != self.name:
            return True
        wrong = any(self.is_wrong(number) for number in self.ids)
        self.errors = ["points"] if wrong else []
        return not wrong


def _row(demand: Demand) -> Row:
    return Row(str(demand.count), demand.topic or "", str(demand.level or ""), demand.type or "")


def _ids(values: Sequence[str]) -> Iterable[int]:
    for value in values:
        try:
            yield plain_digits(value)
        except ValueError:
            continue


def _points(typed: str) -> int | None:
    try:
        value = plain_digits(typed)
    except ValueError:
        return None
    return value if 1 <= value <= _MOST_POINTS else None
