"""Commands as lists of parts, so that two spellings of one command have equal parts.

Docker commands are read with the options of `app.bank.docker_cli`: order, short or long form, joined or
separate value and aliases do not matter, and the values below are equal because Docker takes them so:
`-p 80:80` and `80:80/tcp`, `nginx` and `docker.io/library/nginx:latest`, `-v a:/b` and `a:/b:rw`, `512m` and
`512MB`, `--cpus 1.50` and `1.5`, the fields of `--mount` in any order. Of any other program only the words
are known: they keep their order, but for options that clearly take no value.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.bank.docker_cli import COMMANDS, Command, Option, find_command
from app.exam import shell, values
from app.exam.shell import LITERAL, Simple, Word

_PROGRAMS = ("docker", "docker-compose")
_GROUPS = ("compose", "buildx")
_DEEPEST_SUBSTITUTION = 3
_TRUE = frozenset({"1", "t", "T", "true", "True", "TRUE"})
_FALSE = frozenset({"0", "f", "F", "false", "False", "FALSE"})


class Kind(StrEnum):
    """What a part of a command is."""

    PROGRAM = "program"
    VARIABLE = "variable"
    OPTION = "option"
    OPERAND = "operand"
    ARGUMENT = "argument"
    REDIRECTION = "redirection"
    OPERATOR = "operator"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a command.

    Two parts are the same when their `key` is. `name` is the option as a person names it (`-p/--publish`), or the
    code of a fault; `value` is what was given to it. Parts that are `ordered` keep their places among themselves.
    """

    kind: Kind
    key: tuple[str, ...]
    text: str
    name: str = ""
    value: str = ""
    ordered: bool = False
    image: bool = False


@dataclass(frozen=True, slots=True)
class Invocation:
    """One command and its parts in the order they were typed; `command` is None when Docker has none of that name."""

    parts: tuple[Part, ...]
    command: Command | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A whole line: commands, the operators between them, and the codes of what a shell would refuse."""

    invocations: tuple[Invocation, ...]
    operators: tuple[Part, ...]
    problems: tuple[str, ...]


def read(text: str, like: Sequence[Command | None] = (), insist: bool = False, depth: int = 0) -> Script:
    """Read `text` as one or more commands.

    `like` are the commands one expects: the options of a misspelt subcommand are read as theirs, and if one
    insists, those of any other subcommand too.
    """
    line = shell.split(text, lambda inner: _spell(inner, depth + 1))
    invocations = tuple(
        _read_simple(simple, like[index] if index < len(like) else None, insist)
        for index, simple in enumerate(line.commands)
    )
    operators = tuple(Part(Kind.OPERATOR, ("operator", mark), mark, ordered=True) for mark in line.operators)
    return Script(invocations, operators, tuple(dict.fromkeys(line.problems)))


def without(script: Script, ignored: Iterable[str]) -> Script:
    """The same commands without the options that do not count, such as `--name`."""
    names = tuple(ignored)
    return replace(script, invocations=tuple(_leave_out(one, names) for one in script.invocations))


def is_ignored(part: Part, command: Command | None, ignored: Iterable[str]) -> bool:
    """Whether `part` is one of the options of `command` that do not count."""
    spellings = command.options if command else {}
    labels = {spellings[name].label if name in spellings else name for name in ignored}
    return part.name in labels or (command is None and part.text.partition("=")[0] in labels)


def _leave_out(one: Invocation, ignored: Sequence[str]) -> Invocation:
    return replace(one, parts=tuple(part for part in one.parts if not is_ignored(part, one.command, ignored)))


def _spell(inner: str, depth: int) -> str:
    """One spelling of the command inside `$(…)`."""
    if depth > _DEEPEST_SUBSTITUTION:
        return inner.strip()
    script = read(inner, depth=depth)
    commands = [_spell_parts(one.parts) for one in script.invocations]
    return " ".join([*commands, *(mark.text for mark in script.operators), *script.problems])


def _spell_parts(parts: Sequence[Part]) -> str:
    free = sorted(" ".join(part.key[1:]) for part in parts if not part.ordered)
    return " ".join([*(" ".join(part.key[1:]) for part in parts if part.ordered), *free])


def _read_simple(simple: Simple, like: Command | None, insist: bool) -> Invocation:
    texts = [word.value for word in simple.words]
    command: Command | None = None
    parts = [Part(Kind.VARIABLE, ("variable", word.value), word.text) for word in simple.variables]
    if texts and texts[0].casefold() in _PROGRAMS:
        found, command = _read_docker(simple.words, like, insist)
        parts += found
    elif like is not None and find_command(tuple(texts)):
        # `docker` itself was left out: one part is wrong, the rest can still be read.
        found, command = _read_docker([Word("", ""), *simple.words], like, insist)
        parts += found
    elif texts:
        parts += _read_other(simple.words)
    for mark, target in simple.redirections:
        joint = "" if mark.endswith("&") else " "
        parts.append(
            Part(Kind.REDIRECTION, ("redirection", mark, target.value), mark + joint + target.text, ordered=True)
        )
    return Invocation(tuple(parts), command)


def _read_other(words: Sequence[Word]) -> list[Part]:
    """The words of a program of which nothing is known.

    Options that follow each other may change places, but for the last one, whose value may be the next word.
    """
    yielded = [Part(Kind.PROGRAM, ("program", words[0].value), words[0].text, ordered=True)]
    free: list[Part] = []
    for index, word in enumerate(words[1:], start=1):
        part = Part(Kind.ARGUMENT, ("argument", word.value), word.text, ordered=True)
        following = words[index + 1].value if index + 1 < len(words) else "-"
        if word.value.startswith("-") and (following.startswith("-") or "=" in word.value):
            free.append(part)
            continue
        yielded += [*sorted(free, key=lambda each: each.key), part]
        free = []
    return yielded + sorted(free, key=lambda each: each.key)


def _read_docker(words: Sequence[Word], like: Command | None, insist: bool) -> tuple[list[Part], Command | None]:
    """The parts of a Docker command, and that command when Docker has it."""
    reading = _Reading(list(words[1:]))
    called = words[0].value
    named: list[str] = ["compose"] if called.casefold() == "docker-compose" else []
    typed = [words[0].text]
    if not named:
        reading.options(COMMANDS[""], until_operand=True)
    while not named and reading.words and reading.words[0].value in _GROUPS:
        typed.append(reading.words[0].text)
        named.append(reading.words.pop(0).value)
    if named:
        reading.options(COMMANDS[named[0]], until_operand=True)
    ahead = tuple(word.value for word in reading.words[: 3 - len(named)])
    found = find_command((*named, *ahead))
    command, size = found or (None, len(named) + bool(ahead))
    for _ in range(size - len(named)):
        word = reading.words.pop(0)
        typed.append(word.text)
        named.append(word.value)
    name = command.name if command else " ".join(named)
    # A shell tells `Docker` from `docker`: another part, but the rest can still be read.
    key = ("program", "docker" if called in _PROGRAMS else called, name)
    program = Part(Kind.PROGRAM, key, " ".join(typed).strip(), ordered=True)
    if known := (like if insist else None) or command or like:
        reading.options(known)
        reading.operands(known)
    else:
        reading.plain()
    return [program, *reading.parts()], command


class _Reading:
    """The rest of a Docker command while it is read; a single-valued option given again replaces the one before."""

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.found: list[Part] = []
        self.rest: list[Word] = []

    def parts(self) -> Iterator[Part]:
        """What was found, each single-valued option once."""
        last = {part.name: index for index, part in enumerate(self.found) if part.kind is Kind.OPTION}
        for index, part in enumerate(self.found):
            many = part.kind is not Kind.OPTION or part.key[-1] == "each"
            if (many or last[part.name] == index) and part.key[-1] != "default":
                yield part

    def options(self, command: Command, until_operand: bool = False) -> None:
        """Take the options; words that are none are set aside, or end them."""
        ends = until_operand or command.ends_options
        while self.words:
            word = self.words[0]
            if word.value == "--":
                self.words.pop(0)
                break
            if len(word.value) > 1 and word.value.startswith("-"):
                self.words.pop(0)
                self._option(command, word)
            elif ends:
                break
            else:
                self.rest.append(self.words.pop(0))
        if not until_operand:
            self.rest += self.words
            self.words = []

    def first_option(self, command: Command) -> None:
        """Take one word, and the next when it is its value."""
        word = self.words.pop(0)
        if word.value.startswith("-") and word.value.strip("-"):
            self._option(command, word)

    def operands(self, command: Command) -> None:
        """What is left: operands, and the arguments of another program after the first of some commands."""
        for index, word in enumerate(self.rest):
            later = index > 0 and command.ends_options
            image = command.operands_are_images and not later
            value = values.image(word.value) if image else word.value
            kind = Kind.ARGUMENT if later else Kind.OPERAND
            self.found.append(
                Part(kind, ("operand", value), word.text, value=value, ordered=not command.any_order, image=image)
            )

    def plain(self) -> None:
        """What is left of a command of which nothing is known."""
        self.found += [Part(Kind.ARGUMENT, ("operand", word.value), word.text, ordered=True) for word in self.words]

    def _option(self, command: Command, word: Word) -> None:
        name, equals, value = word.value.partition("=")
        if option := command.options.get(name):
            self._take(option, word.text, value if equals else None)
        elif word.value.startswith("--"):
            self._misspelt(command.options, name[1:], word, "two_dashes")
        elif name[2:] and f"-{name}" in command.options:
            self._misspelt(command.options, f"-{name}", word, "one_dash")
        else:
            self._cluster(command, word)

    def _cluster(self, command: Command, word: Word) -> None:
        """Short options behind one dash: `-itd`, `-p80:80`, `-it=false`."""
        letters = word.value[1:]
        for index, letter in enumerate(letters):
            option = command.options.get(f"-{letter}")
            if option is None:
                self._fault("unknown_option", f"-{letters[index:]}")
                return
            tail = letters[index + 1 :]
            if option.takes_value or tail.startswith("="):
                text = word.text if index == 0 else f"-{letters[index:]}"
                self._take(option, text, tail.removeprefix("=") if tail else None)
                return
            self._take(option, f"-{letter}", None)

    def _take(self, option: Option, text: str, value: str | None) -> None:
        if not option.takes_value:
            self._flag(option, text, "true" if value is None else value)
        elif value is None and not self.words:
            self._fault("missing_value", text, option.label)
        else:
            if value is None:
                word = self.words.pop(0)
                text, value = f"{text} {word.text}", word.value
            if option.is_operand:
                self.rest.append(Word(text, value))
            else:
                key = ("option", option.long, values.normal(option.long, value), "each" if option.repeatable else "")
                self.found.append(Part(Kind.OPTION, key, text, option.label, value.replace(LITERAL, "")))

    def _flag(self, option: Option, text: str, value: str) -> None:
        if value not in _TRUE | _FALSE:
            self._fault("not_a_flag_value", text, option.label)
            return
        state = "true" if value in _TRUE else "false"
        default = "default" if (value in _TRUE) == option.on_by_default else ""
        self.found.append(Part(Kind.OPTION, ("option", option.long, state, default), text, option.label))

    def _misspelt(self, options: Mapping[str, Option], right: str, word: Word, code: str) -> None:
        """A known option behind the wrong number of dashes, with its value; any other one is unknown."""
        option = options.get(right)
        if option is None:
            self._fault("unknown_option", word.text)
            return
        text = word.text
        if option.takes_value and "=" not in word.value and self.words:
            text = f"{text} {self.words.pop(0).text}"
        self._fault(code, text, option.label)

    def _fault(self, code: str, text: str, name: str = "") -> None:
        self.found.append(Part(Kind.FAULT, ("fault", code, text), text, code, name))


def options_among(parts: Sequence[Part], command: Command) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The options of `command` that `parts` would be, had they been typed before its operands.

    The keys of those options, with the texts of the parts they are made of.
    """
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    at = 0
    while at < len(parts):
        window = [Word(part.text, part.key[-1]) for part in parts[at : at + 2]]
        reading = _Reading(list(window))
        reading.first_option(command)
        used = tuple(word.text for word in window[: max(1, len(window) - len(reading.words))])
        found |= {part.key: used for part in reading.parts() if part.kind is Kind.OPTION}
        at += len(used)
    return found
