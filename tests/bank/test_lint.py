"""Each rule of writing, broken once; and silenced, with a reason."""

from collections.abc import Callable

import pytest

from app.bank import lint
from app.bank.loader import load_questions

Written = Callable[[str], str]

BROKEN = [
    # type, old, new, rule, line:column, what
    (
        "single",
        "Quel nœud\u202f?",
        "Quel nœud ?",
        "french-typography",
        "5:14",
        "a narrow no-break space (U+202F) goes before",
    ),
    (
        "single",
        "Quel nœud\u202f?",
        "Quel nœud\u00a0?",
        "french-typography",
        "5:14",
        "a narrow no-break space (U+202F) goes",
    ),
    (
        "single",
        "Quel nœud\u202f?",
        "Un nœud ; lequel\u202f?",
        "french-typography",
        "5:14",
        "a narrow no-break space (U+202F)",
    ),
    (
        "single",
        "Quel nœud\u202f?",
        "'Quel nœud :'",
        "french-typography",
        "5:14",
        "a no-break space (U+00A0) goes before :",
    ),
    (
        "single",
        "Quel nœud\u202f?",
        "Le « nœud ».",
        "french-typography",
        "5:14",
        "a no-break space (U+00A0) goes inside « »",
    ),
    ("single", "Il ne serre pas.", "Il n'est pas serré.", "french-typography", "9:21", "the apostrophe is ’ (U+2019)"),
    ("single", "Il ne serre pas.", 'Un "nœud".', "french-typography", "9:21", "quotation marks are « »"),
    ("single", "Il ne serre pas.", "Un nœud...", "french-typography", "9:21", "the ellipsis is … (U+2026)"),
    ("single", "It does not slip.", "It doesn't.", "english-typography", "9:43", "the apostrophe is ’ (U+2019)"),
    ("single", "It does not slip.", 'A "knot".', "english-typography", "9:43", "quotation marks are “ ”"),
    ("single", "Which knot?", "Which knot\u202f?", "english-typography", "5:31", "English has no space before : ; ? !"),
    (
        "single",
        "Il ne serre pas.",
        "Il serre `ls`.",
        "same-code",
        "9:16",
        "code that stands in one language only: `ls`",
    ),
    (
        "single",
        "{fr: Le plat, en: The reef knot}",
        "the knot of a sailor",
        "both-languages",
        "7:19",
        "the same sentence in both",
    ),
    (
        "single",
        "The bowline",
        "The bowline" + 8 * " and more",
        "longest-key",
        "8:39",
        "the right choice is the longest by far",
    ),
    ("single", "La chaise", "LE  PLÂT", "twin-choices", "8:24", "two choices say the same"),
    ("multiple", "text: B", "text: a", "twin-choices", "6:60", "two choices say the same"),
    ("single", "Which knot?", "Which knot", "whole-stem", "5:31", "the question ends without . ? ! or :"),
]
SOUND = [
    (
        "Quel nœud\u202f?",
        "'Le nœud\u00a0: lequel\u202f? À 10:30, `a: b ?`, «\u00a0ici\u00a0», sur https://a.fr/?b\u202f?'",
    ),
    ("It does not slip.", "'Say `it''s` at 10:30: see https://a.org/?b'"),
    ("{fr: Le plat, en: The reef knot}", "'`docker run --rm -it alpine sh`'"),
    ("Quel nœud\u202f?", "Comparer `-p`"),
]


def _warnings(text: str) -> list[str]:
    found = load_questions("f", text.encode())
    assert found.problems == ()
    return [str(warning).removeprefix("f:") for warning in lint.check(found.questions)]


@pytest.mark.parametrize(("kind", "old", "new", "rule", "place", "message"), BROKEN)
def test_a_broken_rule_is_told_at_the_words_to_mend(
    kind: str, old: str, new: str, rule: str, place: str, message: str, written: Written
) -> None:
    sound = written(kind)
    assert old in sound

    (warning, *others) = _warnings(sound.replace(old, new))

    assert warning.startswith(f"{place}: warning: {message}")
    assert warning.endswith(f" [{rule}]")
    assert all(other.endswith(f" [{rule}]") for other in others)


@pytest.mark.parametrize("rule", lint.RULES)
def test_a_rule_is_silenced_with_a_reason(rule: str, written: Written) -> None:
    kind, old, new = next(one[:3] for one in BROKEN if one[3] == rule)
    text = written(kind).replace(old, new)

    assert _warnings(text.replace("level: 2", f"level: 2\n  allow: {{{rule}: a quotation}}")) == []


@pytest.mark.parametrize(("old", "new"), SOUND)
def test_code_addresses_and_good_typography_pass(old: str, new: str, written: Written) -> None:
    text = written("single")
    assert old in text

    warnings = [one for one in _warnings(text.replace(old, new)) if "same-code" not in one]

    assert warnings == []


def test_choices_that_are_code_differ_by_case(written: Written) -> None:
    text = written("multiple").replace("text: A", "text: '`-p`'").replace("text: B", "text: '`-P`'")

    assert _warnings(text) == []


def test_allowing_a_rule_that_does_not_exist_is_told(written: Written) -> None:
    text = written("single").replace("level: 2", "level: 2\n  allow: {same-cod: why}")

    assert _warnings(text) == ["5:11: warning: there is no rule “same-cod” (did you mean “same-code”?)"]


def test_the_file_with_every_type_is_well_written(every_type: bytes) -> None:
    assert _warnings(every_type.decode()) == []
