"""The order of a table: by one column, the other way round on a second click, empty cells always last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from app.exam.folding import fold
from app.services import item_report
from app.services.class_progress import MemberProgress
from app.services.mark_table import Row

T = TypeVar("T")
Values = Mapping[str, Callable[[T], Any]]

MEMBERS: Values[MemberProgress] = {
    "name": lambda member: member.folded,
    "seen": lambda member: member.reach.seen,
    "mature": lambda member: member.reach.mature,
    "due": lambda member: member.reach.due,
    "ready": lambda member: member.reach.share_ready,
    "retention": lambda member: member.retention,
    "week": lambda member: member.recent.of,
    "active": lambda member: member.active_days,
    "last": lambda member: member.last_day,
}
MARKS: Values[Row] = {
    "name": lambda row: (row.erased, fold(row.name)),
    "score": lambda row: row.score,
    "attempts": lambda row: len(row.tries) or None,
    "state": lambda row: row.state,
    "adjustment": lambda row: row.adjustment or None,
    "passed": lambda row: row.passed,
    "forms": lambda row: row.forms or None,
}
ITEMS: Values[item_report.Row] = {
    "name": lambda row: row.item.position,
    "facility": lambda row: row.figures.facility,
    "deviation": lambda row: row.figures.deviation,
    "guess": lambda row: row.figures.guess,
    "intended": lambda row: row.figures.intended_weight,
    "effective": lambda row: row.figures.effective_weight,
    "discrimination": lambda row: row.figures.discrimination,
    "efficiency": lambda row: row.figures.efficiency,
}
_FALLING = "-"


@dataclass(frozen=True, slots=True)
class Order(Generic[T]):
    """The column a table is sorted by, and whether the greatest comes first; `values` are its columns."""

    values: Values[T]
    column: str = "name"
    falling: bool = False

    @classmethod
    def read(cls, text: str | None, values: Values[T]) -> "Order[T]":
        """The order that an address asks for: a column, or "-" and a column; by name when it makes no sense."""
        wanted = text or ""
        column = wanted.removeprefix(_FALLING)
        return cls(values, column, wanted.startswith(_FALLING)) if column in values else cls(values)

    def link(self, column: str) -> str:
        """What the header of `column` asks for: its order, or the other way round when it has it already."""
        falling = not self.falling if column == self.column else False
        return f"{_FALLING}{column}" if falling else column

    def aria(self, column: str) -> str:
        """The value of `aria-sort` for a column."""
        if column != self.column:
            return "none"
        return "descending" if self.falling else "ascending"

    def sort(self, rows: Sequence[T]) -> list[T]:
        """The rows in this order; those equal in it stay as they come."""
        value = self.values[self.column]
        valued = [(value(row), row) for row in rows]
        there = [one for one in valued if one[0] is not None]
        absent = [row for each, row in valued if each is None]
        return [row for _, row in sorted(there, key=itemgetter(0), reverse=self.falling)] + absent
