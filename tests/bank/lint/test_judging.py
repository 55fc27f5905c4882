"""What a question may allow itself, how topics are scored, and that the rules are data."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.bank import lint
from app.bank.lint.registry import OF_A_BANK, OF_A_QUESTION
from app.bank.loader import load_course
from tests.bank.lint.conftest import Remarks, question

MakeFolder = Callable[..., Path]
SPOILT = {"fr": "Nommer ce nœud de marin", "en": "Name this knot of sailors"}
FILE = """\
- id: knots-loop
  type: true_false
  objectives: [knots.bowline]
  level: 3
  text: {fr: Ce nœud de chaise tient bien., en: This bowline holds rather well.}
  answer: true
  explanation: {fr: 'Sa boucle ne glisse pas, même mouillée.', en: 'Its loop does not slip, not even wet.'}
"""


def test_a_rule_is_silenced_with_a_reason(remarks: Remarks) -> None:
    assert remarks(question(text=SPOILT, allow={"whole-stem": "a quotation ends so"})) == []


def test_one_word_is_no_reason_and_silences_nothing(remarks: Remarks) -> None:
    told = remarks(question(text=SPOILT, allow={"whole-stem": "quotation"}))

    assert sorted((one.rule, one.severity) for one in told) == [
        ("short-reason", "error"),
        ("whole-stem", "warning"),
        ("whole-stem", "warning"),
    ]


def test_what_is_allowed_and_not_broken_is_told(remarks: Remarks) -> None:
    (told,) = remarks(question(allow={"whole-stem": "a quotation ends so"}))

    assert (told.rule, told.severity, told.message) == ("dead-allow", "info", "“whole-stem” is not broken (any more)")


def test_allowing_a_rule_that_does_not_exist_is_told(remarks: Remarks) -> None:
    (told,) = remarks(question(allow={"whole-stm": "a quotation ends so"}))

    assert (told.rule, told.severity, told.hint) == ("unknown-rule", "warning", "did you mean “whole-stem”?")


def test_a_finding_of_the_whole_bank_is_silenced_too(remarks: Remarks) -> None:
    command = question("command", accept=["docker ps --all"])
    text = {"fr": "La commande `docker ps --all` liste tout.", "en": "The command `docker ps --all` lists everything."}
    shows = question("true_false", id="knots-second", text=text, allow={"given-away": "both are never drawn"})

    assert remarks(command, shows) == []


def test_every_rule_is_named_once_and_explained() -> None:
    assert list(lint.RULES) == [rule.name for rule in lint.RULES.values()]
    assert not lint.RULES.keys() & lint.OF_ALLOW.keys()
    assert len(lint.RULES) == len(OF_A_QUESTION) + len(OF_A_BANK)
    assert all(rule.what and rule.points and set(rule.points) <= set(range(21)) for rule in lint.RULES.values())


def test_every_point_that_a_program_can_judge_has_a_rule_or_the_schema() -> None:
    by_the_schema, by_people = {8}, {18}

    judged = {point for rule in lint.RULES.values() for point in rule.points} - {0}

    assert judged | by_the_schema | by_people == set(range(1, 21))


@pytest.mark.parametrize(
    ("old", "new", "score"),
    [
        ("level: 3", "level: 3", 100.0),
        ("rather well.", "rather well", 75.0),
        ("tient bien., en: This bowline holds rather well.", "tient bien, en: This bowline holds rather well", 75.0),
        ("not even wet.", "not even wet!", 95.0),
        ("'Its loop does not slip, not even wet.'", "It holds!", 70.0),
        ("level: 3", "level: 9", 0.0),
        ("level: 3", "level: 3\n  allow: {whole-stem: quotation}", 0.0),
    ],
)
def test_a_topic_is_scored(old: str, new: str, score: float, make_folder: MakeFolder) -> None:
    folder = make_folder(knots=FILE.replace(old, new))

    (topic,) = lint.examine(load_course(folder)).topics

    assert (topic.id, topic.questions, topic.score) == ("knots", 1, score)


def test_the_score_of_a_topic_is_the_mean_of_its_questions(make_folder: MakeFolder) -> None:
    bad = FILE.replace("knots-loop", "knots-other").replace("rather well.", "too").replace("chaise", "vache")
    draft = FILE.replace("knots-loop", "knots-draft").replace("level: 3", "level: 9\n  status: draft")
    folder = make_folder(knots=FILE + bad + draft)

    (topic,) = lint.examine(load_course(folder)).topics

    assert (topic.questions, topic.errors, topic.warnings, topic.infos, topic.score) == (2, 0, 1, 0, 87.5)


def test_a_file_that_cannot_be_read_has_no_topic_to_score(make_folder: MakeFolder) -> None:
    report = lint.examine(load_course(make_folder(knots="- [")))

    assert [topic.questions for topic in report.topics] == [0]
    assert report.to_mend


def test_an_info_alone_is_nothing_to_mend(make_folder: MakeFolder) -> None:
    report = lint.examine(load_course(make_folder(knots=FILE.replace("not even wet.", "not even wet!"))))

    assert [problem.severity for problem in report.problems] == ["info"]
    assert not report.to_mend
