"""How much of an expected command was typed, and what differs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from app.bank.docker_cli import Command
from app.exam import commands
from app.exam.commands import Invocation, Kind, Part, Script
from app.exam.differences import Cause, Diff, Fate, Token, align, cause

_NO_COMMAND = Invocation(())
_AFTER_OPTIONS = frozenset({Kind.OPERAND, Kind.ARGUMENT})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Parts that are `right`, parts that are `wrong` or too many, how many were expected, and what differs.

    `accepted` is the command compared with.
    """

    right: int
    wrong: int
    expected: int
    diff: Diff
    accepted: str = ""

    @property
    def credit(self) -> Fraction:
        """(right - wrong or extra) / expected, at least 0: 1 exactly when the commands are equal."""
        if not self.expected:
            return Fraction(not self.wrong)
        return max(Fraction(0), Fraction(self.right - self.wrong, self.expected))


def compare_best(accepted: Sequence[str], given: str, ignored: Sequence[str] = ()) -> Comparison:
    """The comparison with the accepted command that earns most; the first of equals."""
    typed = _Typed(given)
    found = (replace(_compared(one, typed, tuple(ignored)), accepted=one) for one in accepted)
    best = next(found)
    while best.credit < 1 and (other := next(found, None)) is not None:
        best = max(best, other, key=lambda each: each.credit)
    return best


def compare(expected: str, given: str, ignored: Sequence[str] = ()) -> Comparison:
    """Compare two command lines; `ignored` options may be there or not.

    Options behind the wrong subcommand are read as its own or as the expected one's, whichever earns more.
    """
    return _compared(expected, _Typed(given), tuple(ignored))


@dataclass(slots=True)
class _Typed:
    """A typed line, read once for all expected ones that are of the same commands: a question may accept a hundred."""

    text: str
    read: dict[object, tuple[Sequence[Command | None], Script]] = field(default_factory=dict)

    def like(self, expected: Sequence[Command | None], insist: bool = False) -> Script:
        """The line read as `commands.read` does, for these commands."""
        key = (tuple(map(id, expected)), insist)  # they are kept beside what was read, so that no other has the id
        if key not in self.read:
            self.read[key] = expected, commands.read(self.text, expected, insist)
        return self.read[key][1]


@lru_cache(maxsize=1_000)
def _expected(text: str, ignored: tuple[str, ...]) -> Script:
    """An expected line without what does not count; of a key, never of what somebody typed."""
    return commands.without(commands.read(text), ignored)


def _compared(expected: str, typed: _Typed, ignored: tuple[str, ...]) -> Comparison:
    wanted = _expected(expected, ignored)
    like = [one.command for one in wanted.invocations]
    found = _compare(wanted, typed.like(like), ignored)
    if not any(each.code == "wrong_command" for each in found.diff.causes):
        return found
    return max(found, _compare(wanted, typed.like(like, insist=True), ignored), key=lambda each: each.credit)


def _compare(wanted: Script, typed: Script, ignored: Sequence[str]) -> Comparison:
    matches = [_Match(one, other, ignored) for one, other in _pair(wanted, typed)]
    marks = _Match(Invocation(wanted.operators), Invocation(typed.operators))
    everything = [*matches, marks]
    problems = tuple(cause(code) for code in typed.problems)
    diff = Diff(
        tuple(_interleave([match.given_tokens() for match in matches if match.given], marks.given_tokens())),
        tuple(_interleave([match.expected_tokens() for match in matches if match.expected], marks.expected_tokens())),
        (*problems, *(found for match in everything for found in match.causes())),
    )
    right = sum(len(match.right) for match in everything)
    wrong = sum(len(match.extra) for match in everything) + len(typed.problems)
    return Comparison(right, wrong, sum(len(match.expected) for match in everything), diff)


def _pair(wanted: Script, typed: Script) -> Iterator[tuple[Invocation, Invocation]]:
    """The commands of both lines side by side; by their programs when there are not as many."""
    ours, theirs = wanted.invocations, typed.invocations
    if len(ours) == len(theirs) or min(len(ours), len(theirs)) == 0:
        size = max(len(ours), len(theirs))
        ours, theirs = (line + (_NO_COMMAND,) * (size - len(line)) for line in (ours, theirs))
        yield from zip(ours, theirs, strict=True)
        return
    met = align([_program(one) for one in ours], [_program(one) for one in theirs])
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *met, (len(ours), len(theirs))]):
        if i >= 0:
            yield ours[i], theirs[j]
        yield from ((one, _NO_COMMAND) for one in ours[i + 1 : next_i])
        yield from ((_NO_COMMAND, one) for one in theirs[j + 1 : next_j])


def _program(one: Invocation) -> tuple[str, ...]:
    return next((part.key for part in one.parts if part.kind is Kind.PROGRAM), ())


def _interleave(lists: Sequence[list[Token]], marks: Sequence[Token]) -> Iterator[Token]:
    """The tokens of each command with the operators between them."""
    for index, tokens in enumerate(lists):
        yield from tokens
        yield from marks[index : index + 1]
    yield from marks[len(lists) :]


@dataclass(slots=True)
class _Match:
    """One expected command beside the typed one: which part is which."""

    wanted: Invocation
    typed: Invocation
    ignored: Sequence[str] = ()
    right: dict[int, int] = field(default_factory=dict)  # expected part -> the same typed part
    different: dict[int, int] = field(default_factory=dict)  # expected part -> the typed part in its place
    extra: list[int] = field(default_factory=list)  # typed parts that are wrong or too many

    def __post_init__(self) -> None:
        counts = [
            not commands.is_ignored(part, self.typed.command or self.wanted.command, self.ignored)
            for part in self.typed.parts
        ]
        self._match_free([j for j, part in enumerate(self.given) if counts[j] and not part.ordered])
        ours = [i for i, part in enumerate(self.expected) if part.ordered]
        theirs = [j for j, part in enumerate(self.given) if part.ordered]
        self._match_ordered(ours, theirs)
        taken = set(self.right.values())
        self.extra = [j for j in range(len(self.given)) if counts[j] and j not in taken]
        self._match_values()

    @property
    def expected(self) -> tuple[Part, ...]:
        return self.wanted.parts

    @property
    def given(self) -> tuple[Part, ...]:
        return self.typed.parts

    @property
    def missing(self) -> list[int]:
        """Expected parts that were not typed, nor anything in their place."""
        return [i for i in range(len(self.expected)) if i not in self.right and i not in self.different]

    def _match_free(self, theirs: Iterable[int]) -> None:
        by_key: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for j in theirs:
            by_key[self.given[j].key].append(j)
        for i, part in enumerate(self.expected):
            if not part.ordered and by_key[part.key]:
                self.right[i] = by_key[part.key].pop(0)

    def _match_ordered(self, ours: Sequence[int], theirs: Sequence[int]) -> None:
        """A longest common subsequence is right; what stands between two of its parts stands for each other."""
        met = align([self.expected[i].key for i in ours], [self.given[j].key for j in theirs])
        self.right |= {ours[a]: theirs[b] for a, b in met}
        for (a, b), (next_a, next_b) in pairwise([(-1, -1), *met, (len(ours), len(theirs))]):
            for i, j in zip(ours[a + 1 : next_a], theirs[b + 1 : next_b], strict=False):
                kinds = {self.expected[i].kind, self.given[j].kind}
                if len(kinds) == 1 or kinds <= _AFTER_OPTIONS:
                    self.different[i] = j

    def _match_values(self) -> None:
        """Options that were given with another value, and operands in any order that are others."""
        taken = set(self.different.values())
        for i in self.missing:
            part = self.expected[i]
            for j in self.extra:
                other = self.given[j]
                if j not in taken and not other.ordered and self._stands_for(part, other):
                    self.different[i] = j
                    taken.add(j)
                    break

    def _stands_for(self, wanted: Part, typed: Part) -> bool:
        """Whether `typed` looks like the same option, misspelt or filled otherwise, or another operand of the kind."""
        if typed.kind is Kind.FAULT and typed.name == "unknown_option":
            option = self.wanted.command and self.wanted.command.options.get(typed.text)
            return bool(option and option.label == wanted.name) or _is_other_case(wanted, typed)
        if typed.kind is Kind.FAULT and typed.value:
            return typed.value == wanted.name
        return (wanted.kind == typed.kind and wanted.name == typed.name) or _is_other_case(wanted, typed)

    def expected_tokens(self) -> list[Token]:
        """The expected command, piece by piece."""
        return [Token(part.text, self._fate(i)) for i, part in enumerate(self.expected)]

    def given_tokens(self) -> list[Token]:
        """The typed command, piece by piece."""
        replaced, extra = set(self.different.values()), set(self.extra)
        fates = {j: Fate.DIFFERENT if j in replaced else Fate.EXTRA for j in extra}
        return [Token(part.text, fates.get(j, Fate.SAME)) for j, part in enumerate(self.given)]

    def _fate(self, i: int) -> Fate:
        if i in self.right:
            return Fate.SAME
        return Fate.DIFFERENT if i in self.different else Fate.MISSING

    def causes(self) -> list[Cause]:
        """Why the two differ, the command first."""
        if not self.expected or not self.given:
            return list(self._whole())
        if self._only_order():
            return [cause("wrong_order")]
        misplaced = self._misplaced()
        replaced = set(self.different.values())
        found = [_different(self.expected[i], self.given[j], self.typed.command) for i, j in self.different.items()]
        for i in self.missing:
            part = self.expected[i]
            found.append(cause("misplaced_option", part.name) if part.key in misplaced else _missing(part))
        used = {text for texts in misplaced.values() for text in texts}
        found += [_extra(self.given[j]) for j in self.extra if j not in replaced and self.given[j].text not in used]
        return found

    def _whole(self) -> Iterator[Cause]:
        """A command, or operators, of which the other line has nothing."""
        for parts, prefix in ((self.expected, "missing"), (self.given, "extra")):
            if parts and parts[0].kind is Kind.OPERATOR:
                yield from (cause(f"{prefix}_operator", part.text) for part in parts)
            elif parts:
                yield cause(f"{prefix}_command", " ".join(part.text for part in parts))

    def _only_order(self) -> bool:
        """Whether the same parts were typed, in another order."""
        wrong = [i for i in range(len(self.expected)) if i not in self.right]
        ours = sorted(self.expected[i].key for i in wrong)
        return bool(wrong) and ours == sorted(self.given[j].key for j in self.extra)

    def _misplaced(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """Missing options that were typed among the arguments, with the texts they were typed as."""
        command = self.wanted.command
        late = [self.given[j] for j in self.extra if self.given[j].kind is Kind.ARGUMENT]
        if command is None or not command.ends_options:
            return {}
        keys = {self.expected[i].key for i in self.missing}
        return {key: texts for key, texts in commands.options_among(late, command).items() if key in keys}


def _is_other_case(wanted: Part, typed: Part) -> bool:
    """Whether `typed` is the short option of `wanted` in the other case, as `-P` is of `-p`."""
    short = wanted.name.partition("/")[0]
    letter = typed.text[:2]
    return wanted.kind is Kind.OPTION and short[1:] != "" and letter != short and letter.casefold() == short.casefold()


def _different(wanted: Part, typed: Part, command: Command | None) -> Cause:
    """Why `typed` is not the part it stands for."""
    if wanted.kind is Kind.PROGRAM and typed.text.casefold() == wanted.text.casefold():
        return cause("case_differs", typed.text, wanted.text)
    if wanted.kind is Kind.PROGRAM:
        known = command is not None or typed.key[1:2] != ("docker",)
        return cause("wrong_command" if known else "unknown_command", typed.text, wanted.text)
    if wanted.kind is Kind.OPERATOR:
        return cause("wrong_operator", typed.text, wanted.text)
    if _is_other_case(wanted, typed):
        return cause("case_differs", typed.text[:2], wanted.name.partition("/")[0])
    if typed.kind is Kind.FAULT:
        return cause("option_too_early", wanted.name) if typed.name == "unknown_option" else _extra(typed)
    return _different_words(wanted, typed)


def _different_words(wanted: Part, typed: Part) -> Cause:
    """Why the value of an option, an image or an argument is not the expected one."""
    ours, theirs = (wanted.value, typed.value) if wanted.kind is Kind.OPTION else (wanted.text, typed.text)
    if ours.casefold() == theirs.casefold() and ours != theirs:
        return cause("case_differs", theirs, ours)
    if ours == theirs:  # the same words in another part: they stand where an option or an image should
        return _extra(typed)
    if wanted.kind is Kind.OPTION:
        swapped = ":" in ours and ours.split(":") == theirs.split(":")[::-1]
        return cause("swapped_value" if swapped else "wrong_value", wanted.name, theirs, ours)
    return cause("wrong_image" if wanted.image else "wrong_argument", theirs, ours)


def _missing(part: Part) -> Cause:
    if part.kind is Kind.OPTION:
        return cause("missing_option", part.name, part.text)
    return cause("missing_operator" if part.kind is Kind.OPERATOR else "missing_argument", part.text)


def _extra(part: Part) -> Cause:
    if part.kind is Kind.FAULT:
        params = {"unknown_option": (part.text,), "missing_value": (part.value,)}
        return cause(part.name, *params.get(part.name, (part.text, part.value)))
    if part.kind is Kind.OPTION:
        return cause("extra_option", part.name)
    return cause("extra_operator" if part.kind is Kind.OPERATOR else "extra_argument", part.text)
