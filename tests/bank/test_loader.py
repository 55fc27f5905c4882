"""A course's folder: everything that is wrong in it, at once."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.bank.loader import LoadedCourse, load_course, load_questions
from app.bank.problems import Problem
from tests.bank.conftest import COURSE

MakeFolder = Callable[..., Path]
Written = Callable[[str], str]


def _told(loaded: LoadedCourse, folder: Path) -> list[str]:
    return [str(problem).replace(f"{folder}{os.sep}", "").replace(" error: ", " ", 1) for problem in loaded.problems]


def _second(written: Written, **changes: str) -> str:
    text = written("flashcard").replace("knots-loop", "knots-second")
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def test_a_sound_folder_has_no_problem(make_folder: MakeFolder) -> None:
    loaded = load_course(make_folder())

    assert (loaded.problems, loaded.errors) == ((), ())
    assert loaded.course is not None
    assert [item.question.id for item in loaded.questions] == ["knots-loop"]
    assert (loaded.questions[0].topic, loaded.questions[0].line) == ("knots", 1)


def test_questions_come_in_the_order_of_the_topics(make_folder: MakeFolder, written: Written) -> None:
    winds = _second(written).replace("knots-second", "a").replace("knots.bowline", "winds.trade")
    loaded = load_course(make_folder(winds=winds, knots=written("single")))

    assert [item.topic for item in loaded.questions] == ["knots", "winds"]


def test_an_id_used_twice_names_both_places(make_folder: MakeFolder, written: Written) -> None:
    folder = make_folder(knots=written("single"), winds=written("single").replace("knots.bowline", "winds.trade"))

    told = _told(load_course(folder), folder)

    assert told == ["winds.yaml:1:7: the id “knots-loop” is used twice (knots.yaml:1:7 has it already)"]


def test_an_unknown_objective_is_told_with_the_nearest(make_folder: MakeFolder, written: Written) -> None:
    folder = make_folder(knots=written("single").replace("knots.bowline", "knots.bowlin"))

    told = _told(load_course(folder), folder)

    assert told == ["knots.yaml:3:16: course.yaml has no objective “knots.bowlin” (did you mean “knots.bowline”?)"]


def test_the_objective_examined_belongs_to_the_topic_of_the_file(make_folder: MakeFolder, written: Written) -> None:
    folder = make_folder(knots=written("single").replace("[knots.bowline]", "[winds.trade, knots.bowline]"))

    told = _told(load_course(folder), folder)

    assert told == [
        "knots.yaml:3:16: the objective examined is one of the topic winds "
        "(move the question to winds.yaml, or name an objective of knots first)"
    ]


def test_a_file_is_named_after_a_topic(make_folder: MakeFolder, written: Written) -> None:
    folder = make_folder(knot=_second(written))

    assert "knot.yaml:1:1: “knot” is no topic of the course (did you mean “knots”?)" in _told(
        load_course(folder), folder
    )


@pytest.mark.parametrize("key", ["see_also", "gives_away"])
def test_a_question_that_does_not_exist_is_told_at_its_place(
    key: str, make_folder: MakeFolder, written: Written
) -> None:
    text = written("single").replace("level: 2", f"level: 2\n  {key}: [knots-second, knots-lop, knots-loop]")
    folder = make_folder(knots=text + _second(written))

    column = 20 + len(key)
    assert _told(load_course(folder), folder) == [
        f"knots.yaml:5:{column}: there is no question “knots-lop” (did you mean “knots-loop”?)",
        f"knots.yaml:5:{column + 11}: a question does not name itself (remove it)",
    ]


def test_a_question_with_a_mistake_may_still_be_named(make_folder: MakeFolder, written: Written) -> None:
    text = written("single").replace("level: 2", "level: 2\n  see_also: [knots-second]")
    folder = make_folder(knots=text + _second(written).replace("level: 2", "level: 9"))

    assert _told(load_course(folder), folder) == ["knots.yaml:14:10: level: this must be at most 3"]


def test_a_mistake_in_a_field_does_not_hide_a_wrong_objective(make_folder: MakeFolder, written: Written) -> None:
    wrong = written("single").replace("level: 2", "level: 7").replace("[knots.bowline]", "[knots.bowlin]")
    folder = make_folder(knots=wrong)

    assert _told(load_course(folder), folder) == [
        "knots.yaml:3:16: course.yaml has no objective “knots.bowlin” (did you mean “knots.bowline”?)",
        "knots.yaml:4:10: level: this must be at most 3",
    ]


def test_a_mistake_in_course_yaml_hides_nothing_elsewhere(make_folder: MakeFolder, written: Written) -> None:
    course = COURSE.replace("weight: 3", "weight: 9").replace("topic: winds", "topic: wind")
    wrong = written("single").replace("[knots.bowline]", "[knots.bowlin]")
    folder = make_folder(course=course, knots=wrong, knot="[]")

    loaded = load_course(folder)

    assert loaded.course is None
    assert _told(loaded, folder) == [
        "course.yaml:12:72: weight: this must be at most 3",
        "course.yaml:13:28: “wind” is not one of the topics",
        "knot.yaml:1:1: “knot” is no topic of the course (did you mean “knots”?)",
        "knots.yaml:3:16: course.yaml has no objective “knots.bowlin” (did you mean “knots.bowline”?)",
    ]


def test_a_mistake_in_the_second_of_two_namesakes_does_not_hide_that_they_are(
    make_folder: MakeFolder, written: Written
) -> None:
    second = written("flashcard").replace("level: 2", "level: 9")
    folder = make_folder(knots=written("single") + second)

    assert _told(load_course(folder), folder) == [
        "knots.yaml:10:7: the id “knots-loop” is used twice (knots.yaml:1:7 has it already)",
        "knots.yaml:13:10: level: this must be at most 3",
    ]


def test_an_unknown_type_hides_neither_fields_nor_objectives(make_folder: MakeFolder, written: Written) -> None:
    wrong = written("single").replace("type: single", "type: sngle").replace("[knots.bowline]", "[knots.b]")
    folder = make_folder(knots=wrong.replace("level: 2", "level: 7\n  levl: 1"))

    assert [one.partition(" (")[0] for one in _told(load_course(folder), folder)] == [
        "knots.yaml:2:9: unknown type “sngle”",
        "knots.yaml:3:16: course.yaml has no objective “knots.b”",
        "knots.yaml:4:10: level: this must be at most 3",
        "knots.yaml:5:3: unknown key “levl”",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "only"),
    [
        # The name was refused, its key is misspelt or its file cannot be read: what uses it is not told as well.
        ("course", "id: knots.bowline", "id: Knots.bowline", "course.yaml:12:8: id: "),
        ("course", "id: knots.bowline", "ib: knots.bowline", "course.yaml:12:"),
        ("course", "objectives:", "objective:", "course.yaml:1"),
        ("course", "{id: knots,", "{id: Knots,", "course.yaml:6:8: id: "),
        ("course", "outline:", "outlines:", "course.yaml:8:1: unknown key"),
        ("course", "title: Cordages,", "titel: Cordages,", "course.yaml:9:"),
        ("winds", "knots-second", "Knots-second", "winds.yaml:1:7: id: "),
        ("winds", "- id: knots-second", "- ib: knots-second", "winds.yaml:1:"),
        ("winds", "level: 2", "level: {", "winds.yaml:"),
        ("knots", "[knots.bowline]", "[Knots.bowline]", "knots.yaml:3:16: objectives: "),
    ],
)
def test_a_mistake_is_not_told_a_second_time_where_it_shows(
    file: str, old: str, new: str, only: str, make_folder: MakeFolder, written: Written
) -> None:
    files = {
        "course": COURSE,
        "knots": written("single").replace("level: 2", "level: 2\n  see_also: [knots-second]"),
        "winds": _second(written).replace("knots.bowline", "winds.trade"),
    }
    assert old in files[file]
    folder = make_folder(**files | {file: files[file].replace(old, new)})

    told = _told(load_course(folder), folder)

    assert told and all(one.startswith(only) for one in told), told


def test_every_problem_of_every_file_is_told_in_order(make_folder: MakeFolder, written: Written) -> None:
    folder = make_folder(course="id: [", knots="- x", winds=written("single").replace("level: 2", "level: 9"))

    loaded = load_course(folder)

    assert loaded.course is None
    assert [told.partition(": ")[0] for told in _told(loaded, folder)] == [
        "course.yaml:2:1",
        "knots.yaml:1:3",
        "winds.yaml:4:10",
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", "1:1: a list of questions is expected (begin each with “- id: …”)"),
        ("# only a comment\n", "1:1: a list of questions is expected (begin each with “- id: …”)"),
        ("id: x", "1:1: a list of questions is expected (begin each with “- id: …”)"),
        ("- x", "1:3: a question is expected (write “key: value” lines)"),
        ("- {type: [x]}", "1:10: unknown type “['x']” (the types are single,"),
    ],
)
def test_a_file_that_is_no_list_of_questions_is_told(data: str, expected: str) -> None:
    problem = str(load_questions("f.yaml", data.encode()).problems[0])

    assert problem.replace(" error: ", " ").startswith(f"f.yaml:{expected}")


def test_what_cannot_be_read_is_told(make_folder: MakeFolder) -> None:
    folder = make_folder()
    (folder / "winds.yaml").symlink_to(folder / "winds.yaml")
    (folder / "loop.yaml").mkdir()

    told = _told(load_course(folder), folder)

    assert any(one.startswith("winds.yaml:1:1: this cannot be read: ") for one in told)
    assert "loop.yaml:1:1: this is not a file" in told


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    loaded = load_course(tmp_path / "nowhere")

    assert [problem.message for problem in loaded.problems] == ["this cannot be read: No such file or directory"]


def test_a_problem_is_one_line_that_an_editor_understands() -> None:
    error = Problem("a.yaml", 3, 7, "wrong", "mend it")
    warning = Problem("a.yaml", 3, 7, "odd", severity="warning", rule="long-stem")

    assert [str(error), str(warning)] == [
        "a.yaml:3:7: error: wrong (mend it)",
        "a.yaml:3:7: warning: odd [long-stem]",
    ]
