"""Dockerfiles, read as far as a fault of writing can be told; the builder itself judges the rest.

After the Dockerfile reference of BuildKit: instructions, line continuation, here-documents, exec forms.
"""

import json
import re
from collections.abc import Iterator


def _words(told: str) -> frozenset[str]:
    return frozenset(told.split())


INSTRUCTIONS = _words(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER"
    " VOLUME WORKDIR"
)
_EXEC_FORMS = frozenset({"CMD", "ENTRYPOINT", "RUN", "SHELL", "ADD", "COPY", "VOLUME"})
_HERE = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
_FROM = re.compile(r"(?:--platform=\S+\s+)?\S+(?:\s+AS\s+[a-z][a-z0-9_.-]*)?", re.IGNORECASE)
_PAIR = re.compile(r"[^\s=]+=")
_PORT = re.compile(r"(?:\d+(?:-\d+)?|\$\{?\w+\}?)(?:/(?:tcp|udp|sctp))?", re.IGNORECASE)
_FLAG = re.compile(r"^(?:--[a-z][\w-]*(?:=\S*)?\s+)+")
_SOURCE_AND_TARGET = 2

Fault = tuple[int, str]


def faults(text: str) -> Iterator[Fault]:
    """The line (from 1) and the words of each fault; an excerpt may leave FROM out."""
    instructions = list(_instructions(text))
    has_base = any(name.upper() == "FROM" for _, name, _ in instructions)
    before_from = True
    for line, written, rest in instructions:
        name = written.upper()
        if name not in INSTRUCTIONS:
            yield line, f"“{name}” is no instruction of a Dockerfile"
            continue
        before_from = before_from and name != "FROM"
        if has_base and before_from and name != "ARG":
            yield line, f"{name} stands before the first FROM"
        if message := _misused(name, rest):
            yield line, message


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """The first line, the name and the rest of each instruction, continuation lines joined."""
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        if _is_empty(line):
            continue
        whole = line.rstrip()
        while whole.endswith("\\"):
            following = next((text for _, text in lines if not _is_empty(text)), "")
            whole = f"{whole[:-1]} {following.strip()}"
        for _, end in _HERE.findall(whole):
            for _, inside in lines:
                if inside.strip() == end:
                    break
        name, _, rest = whole.strip().partition(" ")
        yield number, name, rest.strip()


def _is_empty(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _misused(name: str, rest: str) -> str:
    """What is wrong with the arguments of an instruction; empty when nothing is."""
    told = _FLAG.sub("", rest)
    if name in _EXEC_FORMS and told.startswith("["):
        return _bad_list(name, told)
    if not rest:
        return f"{name} without an argument"
    if name == "FROM" and not _FROM.fullmatch(rest):
        return "FROM takes an image, and AS with a name in lower case"
    if name in {"COPY", "ADD"} and len(told.split()) < _SOURCE_AND_TARGET and "<<" not in told:
        return f"{name} takes a source and a destination"
    if name == "EXPOSE" and not all(_PORT.fullmatch(port) for port in rest.split()):
        return "EXPOSE takes port numbers"
    if name == "LABEL" and not _PAIR.match(rest):
        return "LABEL takes name=value"
    if name == "ENV" and not _PAIR.match(rest) and len(rest.split()) < _SOURCE_AND_TARGET:
        return "ENV takes name=value"
    return ""


def _bad_list(name: str, told: str) -> str:
    try:
        words = json.loads(told)
    except json.JSONDecodeError:
        words = None
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return ""
    return f"{name}: the brackets hold no JSON list of texts, so that it is taken for a shell command"
