"""What a page of an attempt sends: the fields of each question it shows, under the prefix of its place."""

from werkzeug.datastructures import MultiDict

from app.exam import presentation, responses
from app.services.attempts import Change, ItemAt, Sheet
from app.web.fields import plain_digits
from app.web.review.filled import Filled

_OWN = frozenset({"seq", "flag", "move", "clear"})
_MOST_SHOWN = 200
_MOST_NUMBER = 5_000_000  # no page counts so far; what is larger would not fit the tables
Form = MultiDict[str, str]


def prefix_of(position: int) -> str:
    """What the names of a question's fields start with."""
    return f"q{position}-"


def filled(item: ItemAt) -> Filled:
    """A question's form as it was saved last."""
    return Filled(responses.to_fields(item.body, item.response or {}, item.seed))


def positions(form: Form) -> list[int]:
    """The places of the questions that the page showed; raises ValueError for what no page of ours sends."""
    return [_counted(value) for value in form.getlist("shown")[:_MOST_SHOWN]]


def is_pressed(form: Form, position: int) -> bool:
    """Whether it was a button of this question that sent the page."""
    return any(f"{prefix_of(position)}{button}" in form for button in ("move", "clear"))


def number(form: Form, name: str) -> int | None:
    """A whole number that a hidden field carries; None when it is empty. Raises ValueError for anything else."""
    text = form.get(name, "")
    return _counted(text) if text else None


def _counted(text: str) -> int:
    found = plain_digits(text)
    if found > _MOST_NUMBER:
        raise ValueError("too large a number")
    return found


def sent(form: Form) -> list[Change]:
    """The changes that the page's script sends: only what the student touched. Raises ValueError."""
    return [_change(form, position, _fields(form, position)) for position in positions(form)]


def typed(form: Form, sheet: Sheet) -> list[Change]:
    """The changes in what a whole page sends, where every field is there, touched or not. Raises ValueError."""
    items = {item.position: item for item in sheet.items}
    found = (_page_change(form, items[place]) for place in positions(form) if place in items)
    return [change for change in found if change is not None]


def _page_change(form: Form, item: ItemAt) -> Change | None:
    """The change of one question on a page; None when nothing differs from what is stored."""
    fields = Filled(_fields(form, item.position))
    moved = fields.move(form.get(f"{prefix_of(item.position)}move", ""))
    touched = moved is not None or number(form, f"{prefix_of(item.position)}seq") is not None
    untouched = not touched and not item.response and _is_as_presented(item, fields.all)
    if untouched or f"{prefix_of(item.position)}clear" in form:
        fields = Filled({})
    change = _change(form, item.position, fields.all)
    if change.seq is None and change.flagged == item.flagged and _is_stored(item, fields.all):
        return None
    return change


def _is_as_presented(item: ItemAt, fields: dict[str, list[str]]) -> bool:
    """Whether these are lines to order that nobody has moved: no answer."""
    presented = [str(place) for place in range(1, len(presentation.place(item.body, item.seed).items) + 1)]
    return bool(presented) and fields.get("order") == presented


def _is_stored(item: ItemAt, fields: dict[str, list[str]]) -> bool:
    try:
        return responses.parse(item.body, fields, item.seed) == (item.response or {})
    except responses.InvalidResponse:  # it is refused when it is saved, alone
        return False


def _change(form: Form, position: int, fields: dict[str, list[str]]) -> Change:
    prefix = prefix_of(position)
    return Change(position, number(form, f"{prefix}seq"), fields, flagged=f"{prefix}flag" in form)


def _fields(form: Form, position: int) -> dict[str, list[str]]:
    prefix = prefix_of(position)
    named = ((name.removeprefix(prefix), values) for name, values in form.lists() if name.startswith(prefix))
    return {name: list(values) for name, values in named if name not in _OWN}


def as_sent(form: Form, position: int) -> Filled:
    """A question's form as the page sent it, kept or not."""
    return Filled(_fields(form, position))


def kept(form: Form, sheet: Sheet) -> list[tuple[int, dict[str, object]]]:
    """What a refused page holds, as responses by place, to show it; what makes no sense is left out."""
    return [(item.position, response) for item in sheet.items if (response := _readable(form, item))]


def _readable(form: Form, item: ItemAt) -> dict[str, object]:
    fields = _fields(form, item.position)
    if _is_as_presented(item, fields):
        return {}
    try:
        return responses.parse(item.body, fields, item.seed)
    except responses.InvalidResponse:
        return {}
