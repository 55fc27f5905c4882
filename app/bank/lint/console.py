"""What is typed into a shell: its lines, their words, the options of Docker among them."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from app.bank.docker_cli import Option, find_command
from app.bank.problems import suggest

_PROMPT = re.compile(r"^(?:[\w.@~/:-]*[$%]|[\w.@~/:-]+#|>)\s+(?=\S)")
_HERE = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
_ENDS = frozenset({"|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "2>&1"})


def commands(text: str) -> Iterator[tuple[int, str]]:
    """The line (from 1) and the text of each command; where lines have a prompt, the others are output."""
    prompted = any(_PROMPT.match(line) for line in text.splitlines())
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        found = _PROMPT.match(line)
        if not line.strip() or line.startswith("#") or (prompted and not found):
            continue
        whole = line[found.end() :] if found else line
        while whole.endswith("\\"):
            whole = whole[:-1] + next(lines, (0, ""))[1].removeprefix("> ")
        for _, end in _HERE.findall(whole):
            for _, inside in lines:
                if inside.strip() == end:
                    break
        yield number, whole


def faults(command: str) -> Iterator[str]:
    """What is wrong with one command line, as far as its spelling goes."""
    try:
        words = shlex.split(command)
    except ValueError:
        yield "a quote or a backslash is left open"
        return
    start = 0
    for end in [*(position for position, word in enumerate(words) if word in _ENDS), len(words)]:
        yield from _docker_faults(words[start:end])
        start = end + 1


def _docker_faults(words: Sequence[str]) -> Iterator[str]:
    """What Docker would not know: a command, an option before the first operand."""
    words = words[1:] if words[:1] == ["sudo"] else words
    if words[:1] != ["docker"] or len(words) == 1 or words[1].startswith("-"):
        return
    found = find_command(tuple(words[1:]))
    if found is None:
        yield f"Docker has no command “{words[1]}”"
        return
    command, size = found
    waiting = False  # for the value of an option
    for word in words[1 + size :]:
        if waiting:
            waiting = False
            continue
        if not word.startswith("-") or word in {"-", "--"}:
            return
        unknown, waiting = _read_option(word, command.options)
        if unknown:
            hint = suggest(unknown, command.options)
            yield f"“{' '.join(words[: 1 + size])}” has no option “{unknown}”" + (f", {hint}" if hint else "")
            return


def _read_option(word: str, options: Mapping[str, Option]) -> tuple[str, bool]:
    """The option that is not known in a word, "" if none; and whether the next word is its value."""
    if word.startswith("--"):
        name, joined, _ = word.partition("=")
        option = options.get(name)
        return ("" if option else name), bool(option and option.takes_value and not joined)
    for position, letter in enumerate(word[1:], start=2):
        option = options.get(f"-{letter}")
        if option is None:
            return f"-{letter}", False
        if option.takes_value:
            return "", position == len(word)
    return "", False
