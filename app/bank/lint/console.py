"""What is typed into a shell: its lines, their words, the options of Docker among them."""

import re
from collections.abc import Iterator

from app.bank.docker_cli import Command
from app.bank.problems import suggest
from app.exam import commands as reading
from app.exam.commands import Invocation, Kind, Part

_PROMPT = re.compile(r"^(?:[\w.@~/:-]*[$%]|[\w.@~/:-]+#|>)\s+(?=\S)")
_HERE = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
_PROBLEMS = {
    "not_closed_quote": "a quote or a backslash is left open",
    "dangling_operator": "nothing stands before or after an operator such as |",
    "missing_target": "nothing stands after a redirection such as >",
}


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
    """What a shell or Docker would refuse in one command line, as far as its spelling goes."""
    script = reading.read(command)
    yield from (_PROBLEMS[code] for code in dict.fromkeys(script.problems))
    for invocation in script.invocations:
        yield from _docker_faults(invocation)


def _docker_faults(invocation: Invocation) -> Iterator[str]:
    program = invocation.parts[0].text if invocation.parts else ""
    if invocation.command is None:
        if program.startswith("docker "):
            yield f"Docker has no command “{program.removeprefix('docker ')}”"
        return
    for part in invocation.parts:
        if part.kind is Kind.FAULT:
            yield _option_fault(part, program, invocation.command)


def _option_fault(part: Part, program: str, command: Command) -> str:
    option = part.text.partition("=")[0]
    if part.name == "missing_value":
        return f"the option “{option}” of “{program}” needs a value"
    if part.name == "not_a_flag_value":
        return f"“{part.text}”: the option takes true or false"
    hint = suggest(option, command.options)
    return f"“{program}” has no option “{option}”" + (f", {hint}" if hint else "")
