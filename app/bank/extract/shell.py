"""Lines of a shell: the commands of a fence, without prompts and output, and what comments say of them."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LANGUAGES = frozenset(
    {"sh", "bash", "shell", "console", "terminal", "zsh", "shell-session", "shellsession", "sh-session"}
)
_PROMPT = re.compile(r"^\s*(?:[\w.@~:/-]*[$%❯➜]|PS>|>)\s+(?=\S)")
_PROGRAM = re.compile(r"[a-z][\w.+-]*$|\./[\w./-]+$")
_VARIABLE = re.compile(r"[A-Za-z_]\w*=")
_FIRST = re.compile(r"[A-Za-z0-9_./]")
# What a reader replaces: <name>, [options], NAME, your-name, … and what only a shell with state can run.
_PLACEHOLDER = re.compile(
    r"<[^>]*>|\[[^\]]*\]|\.\.\.|…|\b(?:your|my|votre|mon|ma)[_-]\w+|(?<![\w$./-])[A-Z][A-Z0-9_-]{2,}(?![\w=])|\{\{"
)
_OPERATOR = re.compile(r"[|;&<>`]|\$\(|\bsudo -s\b")
_CONTROL = re.compile(r"^(?:for|while|if|then|else|fi|do|done|case|esac|function|\}|\{|cat\s+<<|.*<<)\b")
_LONGEST = 10
_KNOWN = re.compile(
    r"(?:docker|podman|kubectl|helm|git|npm|npx|yarn|pnpm|pip|pip3|python|python3|node|cargo|rustc|go"
    r"|make|cmake|gcc|java|javac|mvn|gradle|apt|apt-get|apk|dnf|yum|brew|systemctl|journalctl|ssh|scp"
    r"|rsync|curl|wget|cd|ls|cp|mv|rm|mkdir|cat|grep|sed|awk|find|tar|chmod|chown|ps|kill|psql|mysql"
    r"|sqlite3|redis-cli|mongo|terraform|ansible|ansible-playbook|vagrant|aws|gcloud|az|sudo|uv"
    r"|poetry)"
)


@dataclass(frozen=True, slots=True)
class Command:
    """One command line, its position (0 for the first line of the fence), and the comment about it."""

    line: str
    position: int
    comment: str = ""


def commands(code: str, language: str) -> list[Command]:
    """The commands of a fence, in order; none when it is no shell, or a script rather than commands."""
    lines = code.split("\n")
    prompted = any(_PROMPT.match(line) for line in lines)
    if language not in LANGUAGES and not (not language and (prompted or _looks_like_commands(lines))):
        return []
    found = list(_commands(lines, prompted))
    return found if all(single_command(one.line) for one in found) else []


def _looks_like_commands(lines: Sequence[str]) -> bool:
    """Whether a fence without a language begins with a program that everybody knows, or an option makes it clear."""
    first = next((line.split() for line in lines if line.strip() and not line.startswith("#")), [])
    return len(first) > 1 and bool(_KNOWN.fullmatch(first[0]))


def _commands(lines: Sequence[str], prompted: bool) -> Iterator[Command]:
    comment, position = "", 0
    while position < len(lines):
        line, start = lines[position], position
        while line.endswith("\\") and position + 1 < len(lines):
            position += 1
            line = f"{line[:-1].rstrip()} {lines[position].strip()}"
        position += 1
        is_prompted = bool(_PROMPT.match(line))
        line = _PROMPT.sub("", line).strip()
        if line.startswith("#"):
            comment = line.lstrip("# ").strip()
        elif line and (is_prompted or not prompted):
            command, _, trailing = line.partition(" # ")
            yield Command(" ".join(command.split()), start, trailing.strip() or comment)
            comment = ""
        elif not line:
            comment = ""


def single_command(line: str) -> str | None:
    """The line, if a shell reads it as words and its first one is a program; None otherwise."""
    try:
        parts = shlex.split(line)
    except ValueError:
        return None
    named = next((part for part in parts if not _VARIABLE.match(part)), "")
    return line if named and _PROGRAM.match(named) and _FIRST.match(parts[0]) and not _CONTROL.match(line) else None


def is_typeable(line: str) -> bool:
    """Whether a learner can be asked to type this: one program, nothing to replace, not too long, not a bare name."""
    parts = line.split()
    return (
        1 < len(parts) <= _LONGEST and not _PLACEHOLDER.search(line) and not _OPERATOR.search(line) and "{{" not in line
    )


def gap(line: str, told: str) -> tuple[int, int] | None:
    """Where the word worth asking stands in a command: the action, an option, or the program; None for none.

    A word that `told`, what the reader sees beside, gives away is not worth asking.
    """
    found = list(re.finditer(r"\S+", line))
    named = [str(word[0]) for word in found]
    plain = [bool(re.fullmatch(r"[a-z][a-z-]+", word)) for word in named[1:3]]
    actions = [1, 2][: plain.index(False) if False in plain else len(plain)]
    options = [place for place, word in enumerate(named) if re.fullmatch(r"--?[A-Za-z][\w-]*", word)]
    for place in [*actions, *options, 0]:
        word = named[place]
        given = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", told, re.IGNORECASE)
        if not given and named.count(word) == 1 and re.fullmatch(r"[\w./-]+", word):
            return found[place].start(), found[place].end()
    return None
