"""Each rule of a question, broken once: where it is told, and how."""

from collections.abc import Callable

import pytest

Written = Callable[[str], str]
Told = Callable[[str], list[str]]

BROKEN = [
    # type, old, new, line:column: message (hint)
    ("single", ", correct: true", "", "7:3: no choice is correct (mark the right one with “correct: true”)"),
    (
        "single",
        "The reef knot}",
        "The reef knot}, correct: true",
        "8:62: a second choice is correct (a question with several right choices has “type: multiple”)",
    ),
    ("single", "{id: b,", "{id: a,", "8:10: “a” is used twice (ids are unique within a question)"),
    ("single", "[knots.bowline]", "[a.b, a.b]", "3:21: the same objective twice: “a.b” (remove one of them)"),
    ("single", "[knots.bowline]", "[]", "3:3: this needs at least 1 and has 0"),
    ("single", "level: 2", "level: 4", "4:10: level: this must be at most 3"),
    ("single", "level: 2", "level: 2.0", "4:10: level: a whole number is expected, not 2.0"),
    ("single", "level: 2", "level: true", "4:10: level: a whole number is expected, not true"),
    ("single", "id: knots-loop", "id: Knots_Loop", "1:7: id: “Knots_Loop” has characters that may not stand here"),
    ("single", ", en: Which knot?", "", "5:3: “en” is missing (both languages are required)"),
    ("single", "en: Which knot?", "en: '  '", "5:31: en: there is nothing here (write something, or remove the key)"),
    ("single", "en: Which knot?", "en: 1.10", '5:31: en: a text is expected, not 1.10 (put it in quotes: "1.10")'),
    ("single", "en: Which knot?", "en: true", '5:31: en: a text is expected, not true (put it in quotes: "true")'),
    ("single", "en: Which knot?", "en: [x]", "5:31: en: a text is expected, not a list"),
    ("single", "correct: true", "correct: 1", "8:62: correct: true or false is expected, not 1"),
    ("single", "level: 2", "levl: 2", "4:3: unknown key “levl” (did you mean “level”?)"),
    ("single", "en: Which knot?", "eng: x", "5:27: unknown key “eng” (did you mean “en”?)"),
    ("single", "en: The reef knot", "gb: x", "7:33: unknown key “gb” (known: fr, en)"),
    ("single", "level: 2", "accept: [x]", "4:3: unknown key “accept” (questions of this type do not have it)"),
    ("single", "type: single", "type: sngle", "2:9: unknown type “sngle” (did you mean “single”?)"),
    ("single", "  type: single\n", "", "1:3: “type” is missing (the types are single, multiple, true_false,"),
    ("multiple", ", correct: true", "", "6:12: no choice is correct (mark each right one with “correct: true”)"),
    ("multiple", "text: B", "text: B, correct: true", "6:12: no choice is wrong (one at least must be,"),
    ("true_false", "answer: true", "answer: 'true'", "6:11: answer: true or false is expected, not true"),
    ("short_answer", "[bowline]", "[a b, A  b]", "6:17: the same answer twice: “A  b” (remove one of them)"),
    ("short_answer", "[bowline]", "[]", "6:3: this needs at least 1 and has 0"),
    ("short_answer", "[bowline]", "bowline", "6:11: accept: a list is expected (begin each entry with “- ”)"),
    ("short_answer", "[bowline]", "[x]\n  case: any", "7:9: case: any is not one of 'fold' or 'exact'"),
    ("command", "docker ps -a", "docker ps 'a", "6:12: a quote or a backslash is left open"),
    (
        "command",
        "docker ps -a",
        "$ docker ps",
        "6:12: a command starts with the name of a program (leave the prompt out)",
    ),
    ("command", "docker ps -a", "-d", "6:12: a command starts with the name of a program (leave the prompt out)"),
    (
        "command",
        "[docker ps -a]",
        "[ls]\n  ignore: [name]",
        "7:12: ignore: “name” has characters that may not stand here",
    ),
    (
        "command",
        "[docker ps -a]",
        "[docker ps -a]\n  ignore: [--nonsense]",
        "7:12: docker container ls has no option --nonsense (an option that cannot be there needs no mention)",
    ),
    (
        "command",
        "[docker ps -a]",
        "[docker ps -a, docker container ls -a]\n  ignore: [-q, --no-trnc]",
        "7:16: docker container ls has no option --no-trnc (did you mean “--no-trunc”?)",
    ),
    ("numerical", "answer: 8", "answer: x", "6:11: answer: a decimal number is expected, at most 24 digits"),
    ("numerical", "answer: 8", "answer: true", "6:11: answer: a decimal number is expected, at most 24 digits"),
    ("numerical", "answer: 8", "answer: 8\n  tolerance: -1", "7:14: tolerance: this must be at least 0"),
    ("cloze", "a {{gap}}", "a {{gap}} {{gap}}", "5:14: the blank {{gap}} stands 2 times (give each place a blank"),
    ("cloze", "a {{gap}}", "a", "5:14: the blank {{gap}} stands nowhere (each blank stands once"),
    ("cloze", "a {{gap}}", "a {{gap}} {{b}}", "6:32: {{b}} is not one of the blanks (declare it under “blanks”)"),
    ("cloze", "en: Which knot?", "en: 'A {{b}}'", "5:31: {{b}} is not one of the blanks (declare it under “blanks”)"),
    ("cloze", "gap", "Gap", "7:17: “Gap” is not a name for a blank (use lower-case letters"),
    ("cloze", "[x]", "[x, x]", "7:30: the same answer twice: “x” (remove one of them)"),
    ("cloze", "accept: [x]", "acept: [x]", "7:18: unknown key “acept” (did you mean “accept”?)"),
    (
        "flashcard",
        "en: Which knot?",
        "en: 'A {{b}}'",
        "5:31: {{b}} is a blank (a question with blanks has “type: cloze”)",
    ),
    ("ordering", ", {id: c, text: C}", "", "6:3: this needs at least 3 and has 2"),
    ("ordering", "{id: c", "{id: a", "6:52: “a” is used twice (ids are unique within a question)"),
    ("matching", ", {id: b, left: B, right: Q}", "", "6:3: this needs at least 2 and has 1"),
    (
        "matching",
        "Q}]",
        "Q}]\n  decoys: [{id: a, right: Z}]",
        "7:17: “a” is used twice (ids are unique within a question)",
    ),
    ("flashcard", ", en: Yes.", "", "6:3: “en” is missing (both languages are required)"),
    (
        "flashcard",
        "  explanation: {fr: Il ne serre pas., en: It does not slip.}\n",
        "",
        "1:3: “explanation” is missing",
    ),
    ("flashcard", "level: 2", "level: 2\n  code: {language: C#, text: x}", "5:20: language: “C#” has characters"),
    ("flashcard", "level: 2", "level: 2\n  allow: {same-code: 3}", "5:22: same-code: a text is expected, not 3"),
    ("flashcard", "level: 2", "level: 2\n  status: ready", "5:11: status: ready is not one of 'draft'"),
]


@pytest.mark.parametrize(("kind", "old", "new", "expected"), BROKEN)
def test_a_broken_rule_is_told_at_its_place(
    kind: str, old: str, new: str, expected: str, written: Written, told: Told
) -> None:
    sound = written(kind)
    assert old in sound

    problems = told(sound.replace(old, new))

    assert any(problem.startswith(expected) for problem in problems), problems


def test_an_entry_with_a_mistake_still_counts_for_its_list(written: Written, told: Told) -> None:
    problems = told(written("ordering").replace("id: b", "id: B B"))

    assert [problem.partition(" has ")[0] for problem in problems] == ["6:34: id: “B B”"]


def test_all_the_mistakes_of_a_file_are_told_at_once(written: Written, told: Told) -> None:
    text = written("single").replace("level: 2", "level: 7") + written("cloze").replace("a {{gap}}", "a")

    problems = told(text)

    assert [problem.partition(" ")[0] for problem in problems] == ["4:10:", "14:14:", "14:31:"]


def test_an_empty_list_of_answers_hides_no_mistake_of_the_gaps(written: Written, told: Told) -> None:
    text = written("cloze").replace("a {{gap}}", "a {{b}}").replace("{gap: {accept: [x]}}", "{gap: {accept: []}}")

    problems = told(text)

    assert [problem.partition(" (")[0] for problem in problems] == [
        "5:14: the blank {{gap}} stands nowhere",
        "5:31: the blank {{gap}} stands nowhere",
        "6:32: {{b}} is not one of the blanks",
        "7:18: this needs at least 1 and has 0",
    ]


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [
        # A misspelt key, or a value that says nothing, explains what seems to be missing.
        ("single", "correct: true", "corect: true", ["8:53: unknown key “corect”"]),
        ("single", "correct: true", "correct: yes", ["8:62: yes is a word or a truth value"]),
        ("single", "  choices:", "  choice:", ["1:3: “choices” is missing", "6:3: unknown key “choice”"]),
        ("cloze", "  code:", "  cod:", ["6:3: unknown key “cod”"]),
        ("cloze", "text: 'a", "txt: 'a", ["6:3: “text” is missing", "6:26: unknown key “txt”"]),
        ("cloze", "  blanks:", "  blank:", ["1:3: “blanks” is missing", "7:3: unknown key “blank”"]),
        ("short_answer", "[bowline]", "[x, X]\n  case: any", ["7:9: case: any is not one of 'fold' or 'exact'"]),
    ],
)
def test_a_mistake_does_not_make_another_appear(
    kind: str, old: str, new: str, expected: list[str], written: Written, told: Told
) -> None:
    problems = told(written(kind).replace(old, new))

    assert [problem.partition(" (")[0] for problem in problems] == expected


def test_two_mistakes_of_one_question_are_told_together(written: Written, told: Told) -> None:
    text = (
        written("single").replace("level: 2", "level: 7").replace("{id: b,", "{id: a,").replace(", correct: true", "")
    )

    problems = told(text)

    assert [problem.partition(" (")[0] for problem in problems] == [
        "4:10: level: this must be at most 3",
        "7:3: no choice is correct",
        "8:10: “a” is used twice",
    ]


@pytest.mark.parametrize(
    ("accept", "ignore"),
    [
        ("docker run nginx", "[-d, --detach, --rm, --name]"),
        ("docker compose up", "[-d, --quiet-pull]"),
        ("curl localhost", "[--silent]"),  # of other programs nothing is known
        ("docker run nginx | head", "[--lines]"),
        ("docker nonsense", "[--any]"),
    ],
)
def test_an_option_that_may_be_there_may_be_ignored(accept: str, ignore: str, written: Written, told: Told) -> None:
    text = written("command").replace("[docker ps -a]", f"['{accept}']\n  ignore: {ignore}")

    assert told(text) == []
