"""A command line as a POSIX shell reads it: words, operators, redirections (POSIX.1-2024, XCU section 2).

Nothing is expanded or run. `$NAME`, `${NAME}` and `$(pwd)` are brought to one spelling, and a `$` that
quotes make literal is told apart by the mark `LITERAL` before it. What a phone or a word processor puts in
place of what was typed (curly quotes, no-break spaces, `—rm`) is taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

LITERAL = "\x00"
_TYPED = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\r": "\n", LITERAL: ""})
_DASHES = {"—": "--", "–": "-", "−": "-", "‐": "-", "‑": "-"}
_OPERATORS = ("&>>", "<<<", "&&", "||", "|&", "&>", ">>", ">&", "<<", "<&", ">|", "<>", *"|&;<>()\n")
_QUOTES_LITERALLY = frozenset('$`"\\')
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as it was typed, and what the program would get."""

    text: str
    value: str


@dataclass(slots=True)
class Simple:
    """One command: what is set before it, its words, and its redirections as (operator, target)."""

    variables: list[Word] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    redirections: list[tuple[str, Word]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.variables or self.words or self.redirections)


@dataclass(slots=True)
class Line:
    """Commands and the operators between them; `problems` are codes of what a shell would not accept."""

    commands: list[Simple] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def split(text: str, substitute: Callable[[str], str] = str.strip) -> Line:
    """Read `text` as a command line; `substitute` gives the one spelling of what is inside `$(…)`."""
    reader = _Reader("\n".join(_without_prompt(line) for line in text.translate(_TYPED).split("\n")), substitute)
    reader.read()
    line = Line(problems=reader.problems)
    current = Simple()
    pending = ""  # a redirection that waits for its target
    for token in reader.tokens:
        if isinstance(token, Word):
            pending = _take_word(current, token, pending)
        elif "<" in token or ">" in token:
            pending = token
        else:
            current = _take_operator(line, current, token)
    if pending:
        line.problems.append("missing_target")
    _finish(line, current)
    return line


def _without_prompt(line: str) -> str:
    stripped = line.strip()
    return stripped[2:] if stripped.startswith(("$ ", "# ")) else line


def _take_word(current: Simple, word: Word, pending: str) -> str:
    if pending:
        current.redirections.append((pending, word))
    elif not current.words and word.value == "sudo":
        pass  # whether one needs it depends on the machine, not on the answer
    elif not current.words and _assigns(word.text):
        current.variables.append(word)
    else:
        current.words.append(word)
    return ""


def _assigns(text: str) -> bool:
    name, equals, _ = text.partition("=")
    return bool(equals and name and not name[0].isdigit() and set(name) <= _NAME)


def _take_operator(line: Line, current: Simple, operator: str) -> Simple:
    if current:
        line.commands.append(current)
        line.operators.append(operator)
    elif operator in "()":
        line.operators.append(operator)
    elif operator not in ";\n":
        line.problems.append("dangling_operator")
    return Simple()


def _finish(line: Line, current: Simple) -> None:
    if current:
        line.commands.append(current)
    while line.operators and line.operators[-1] in ";\n" and len(line.operators) >= len(line.commands):
        line.operators.pop()
    if line.operators and line.operators[-1] in ("|", "||", "&&", "|&") and not current:
        line.problems.append("dangling_operator")
    line.operators = [";" if operator == "\n" else operator for operator in line.operators]


class _Reader:
    """One pass over the characters; words are gathered in `value` while `start` marks where they began."""

    def __init__(self, text: str, substitute: Callable[[str], str]) -> None:
        self.text = text
        self.substitute = substitute
        self.at = 0
        self.start = -1
        self.value: list[str] = []
        self.tokens: list[Word | str] = []
        self.problems: list[str] = []

    def read(self) -> None:
        """Fill `tokens` and `problems`."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char != "\n" and char.isspace():
                self._end_word()
                self.at += 1
            elif char == "#" and self.start < 0:
                self.at = _find(self.text, "\n", self.at)
            elif operator := next((mark for mark in _OPERATORS if self.text.startswith(mark, self.at)), ""):
                self._operator(operator)
            else:
                self._piece(char)
        self._end_word()

    def _operator(self, operator: str) -> None:
        descriptor = "".join(self.value)
        if operator[0] in "<>" and descriptor.isdigit() and self.start >= 0:
            self.start, self.value = -1, []
            self.tokens.append(descriptor + operator)
        else:
            self._end_word()
            self.tokens.append(operator)
        self.at += len(operator)

    def _piece(self, char: str) -> None:
        """One step inside a word."""
        first = self.start < 0
        if first:
            self.start = self.at
        if char == "'":
            self._single_quoted()
        elif char == '"':
            self._double_quoted()
        elif char == "\\":
            self._escaped(first)
        elif char in "$`":
            self.value.append(self._expansion())
        else:
            self.value.append(_DASHES.get(char, char) if first or char != "—" else char)
            self.at += 1

    def _single_quoted(self) -> None:
        end = _find(self.text, "'", self.at + 1)
        self.value.append(self.text[self.at + 1 : end].replace("$", LITERAL + "$"))
        self._close(end)

    def _double_quoted(self) -> None:
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            char = self.text[self.at]
            following = self.text[self.at + 1 : self.at + 2]
            if char == "\\" and following == "\n":
                self.at += 2
            elif char == "\\" and following and following in _QUOTES_LITERALLY:
                self.value.append(_literally(following))
                self.at += 2
            elif char in "$`":
                self.value.append(self._expansion())
            else:
                self.value.append(char)
                self.at += 1
        self._close(self.at)

    def _close(self, end: int) -> None:
        if end >= len(self.text):
            self.problems.append("not_closed_quote")
        self.at = end + 1

    def _escaped(self, first: bool) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        if following == "\n":
            self.start = -1 if first else self.start
        else:
            self.value.append(_literally(following))
        self.at += 2

    def _expansion(self) -> str:
        """The one spelling of the `$…` or backquoted piece that begins here."""
        if self.text[self.at] == "`":
            return self._substitution(self.at + 1, _find(self.text, "`", self.at + 1))
        if self.text.startswith("$(", self.at):
            return self._substitution(self.at + 2, _closing(self.text, self.at + 2))
        braced = self.text.startswith("${", self.at)
        begin = end = self.at + 1 + braced
        while end < len(self.text) and self.text[end] in _NAME:
            end += 1
        name = self.text[begin:end]
        if not name or (braced and self.text[end : end + 1] != "}"):
            self.at += 1
            return "$"
        self.at = end + braced
        return f"${{{name}}}"

    def _substitution(self, begin: int, end: int) -> str:
        if end >= len(self.text):
            self.problems.append("not_closed_quote")
        self.at = end + 1
        inner = self.substitute(self.text[begin:end])
        return "${PWD}" if inner == "pwd" else f"$({inner})"

    def _end_word(self) -> None:
        if self.start >= 0:
            typed = self.text[self.start : self.at].replace("\\\n", "")
            self.tokens.append(Word(typed, "".join(self.value)))
        self.start, self.value = -1, []


def _literally(char: str) -> str:
    return LITERAL + char if char == "$" else char


def _find(text: str, mark: str, begin: int) -> int:
    """Where `mark` is next, or the end."""
    found = text.find(mark, begin)
    return len(text) if found < 0 else found


def _closing(text: str, begin: int) -> int:
    """Where the parenthesis opened just before `begin` closes, or the end; quotes hide what they hold."""
    depth, at = 1, begin
    while at < len(text):
        char = text[at]
        if char == "'":
            at = _find(text, "'", at + 1)
        elif char == "\\":
            at += 1
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return at
        at += 1
    return len(text)
