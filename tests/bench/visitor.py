"""A browser without JavaScript, as small as one can be: cookies, pages, forms."""

import http.client
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

Fields = list[tuple[str, str]]
LOST = (OSError, http.client.HTTPException)  # what a cut connection raises


@dataclass
class Form:
    """A form of a page, with what a person may change in it."""

    action: str
    kept: Fields = field(default_factory=list)
    groups: dict[str, list[str]] = field(default_factory=dict)  # radio buttons, lists and graded buttons: one each
    boxes: Fields = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def filled(self, chance: random.Random) -> Fields:
        """The fields of some answer; every part is filled."""
        fields = [*self.kept, *((name, "1") for name in self.texts)]
        fields += [(name, chance.choice(values)) for name, values in self.groups.items()]
        if self.boxes:
            fields += chance.sample(self.boxes, chance.randint(1, len(self.boxes)))
        return fields


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif self.forms:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form, name, value = self.forms[-1], given.get("name", ""), given.get("value", "")
        kind = given.get("type", "text") if tag == "input" else tag
        if tag == "select":
            self._select = name
        elif tag == "option" and value:
            form.groups.setdefault(self._select, []).append(value)
        elif kind == "hidden":
            form.kept.append((name, value))
        elif kind == "radio" or (tag == "button" and name == "grade"):
            form.groups.setdefault(name, []).append(value)
        elif kind == "checkbox":
            form.boxes.append((name, value))
        elif kind == "text":
            form.texts.append(name)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said; `location` is where it leads to, or where the page that it sent can be opened again."""

    status: int
    location: str
    text: str

    def form(self, *actions: str) -> Form | None:
        """The first form that leads to one of `actions`."""
        parser = _Forms()
        parser.feed(self.text)
        return next((form for form in parser.forms if form.action in actions), None)


class Visitor:
    """Somebody without an account; one connection, kept open while the server keeps it."""

    fragments = False  # whether a script asks for the changed part of a page only

    def __init__(self, port: int, seed: int, patience_s: float = 15) -> None:
        self.chance = random.Random(seed)
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience_s)

    def get(self, path: str) -> Reply:
        """Open a page; raises one of LOST when the connection breaks."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Fields) -> Reply:
        """Send a form; raises one of LOST when the connection breaks."""
        return self._ask("POST", path, urlencode(fields))

    def enter(self) -> None:
        """Come in as a new guest."""
        self.cookies.clear()
        form = self.get("/").form("/account/guest")
        if form is None or self.post(form.action, form.kept).status != http.HTTPStatus.SEE_OTHER:
            raise http.client.HTTPException("the door is closed")

    def next_form(self) -> Form | None:
        """The form that would record an answer to the next question; None when nothing is left today."""
        page = self.get("/review/")
        turn = page.form("/review/reveal")
        if turn is None:
            return page.form("/review/answer")
        return self.post(turn.action, turn.kept).form("/review/grade")

    def forms(self) -> Iterator[Form]:
        """One question after the other, for ever: when one guest's day is done, another one comes in."""
        while True:
            form = self.next_form()
            if form is None:
                self.enter()
            else:
                yield form

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> Reply:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.fragments:
            headers["X-Rappel-Fragment"] = "1"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except LOST:
            self._connection.close()
            raise
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        location = answer.headers.get("Location") or answer.headers.get("Content-Location", "")
        return Reply(answer.status, location, text)
