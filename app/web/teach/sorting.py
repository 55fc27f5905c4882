"""The order of a class's table: by one column, the other way round on a second click, empty cells always last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.services.class_progress import MemberProgress

_VALUES: dict[str, Callable[[MemberProgress], Any]] = {
    "name": lambda member: member.name.casefold(),
    "seen": lambda member: member.reach.seen,
    "mature": lambda member: member.reach.mature,
    "due": lambda member: member.reach.due,
    "retention": lambda member: member.retention,
    "active": lambda member: member.active_days,
    "last": lambda member: member.last_day,
}
COLUMNS = tuple(_VALUES)
_FALLING = "-"


@dataclass(frozen=True, slots=True)
class Order:
    """The column a table is sorted by, and whether the greatest comes first."""

    column: str = "name"
    falling: bool = False

    @classmethod
    def read(cls, text: str | None) -> "Order":
        """The order that an address asks for: a column, or "-" and a column; by name when it makes no sense."""
        wanted = text or ""
        column = wanted.removeprefix(_FALLING)
        return cls(column, wanted.startswith(_FALLING)) if column in _VALUES else cls()

    def link(self, column: str) -> str:
        """What the header of `column` asks for: its order, or the other way round when it has it already."""
        falling = not self.falling if column == self.column else False
        return f"{_FALLING}{column}" if falling else column

    def aria(self, column: str) -> str:
        """The value of `aria-sort` for a column."""
        if column != self.column:
            return "none"
        return "descending" if self.falling else "ascending"

    def sort(self, members: Sequence[MemberProgress]) -> list[MemberProgress]:
        """The members in this order; those equal in it stay by name."""
        value = _VALUES[self.column]
        there = [member for member in members if value(member) is not None]
        absent = [member for member in members if value(member) is None]
        return sorted(there, key=value, reverse=self.falling) + absent
