"""What a learner had filled in, to show a question again without losing it."""

from collections.abc import Mapping, Sequence


class Filled:
    """The values of a form's fields; a field that was not sent is an empty list."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self._fields = {name: list(values) for name, values in fields.items()}

    def __getitem__(self, name: str) -> list[str]:
        return self._fields.get(name, [])

    def __getattr__(self, name: str) -> list[str]:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    @property
    def all(self) -> dict[str, list[str]]:
        """Every field that was sent."""
        return self._fields

    def move(self, wish: str) -> int | None:
        """Move a line of `order` as a button's value asks ("3:up"); return its new place, from 1, or None."""
        place, _, direction = wish.partition(":")
        order = self._fields.get("order", [])
        step = {"up": -1, "down": 1}.get(direction, 0)
        if not place.isascii() or not place.isdigit() or not step:
            return None
        here, there = int(place) - 1, int(place) - 1 + step
        if not (0 <= here < len(order) and 0 <= there < len(order)):
            return None
        order[here], order[there] = order[there], order[here]
        return there + 1


NOTHING_FILLED = Filled({})
