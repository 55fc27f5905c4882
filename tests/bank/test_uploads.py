"""An upload read: questions, or a course with its questions, and everything that is wrong at once."""

from pathlib import Path

import pytest

from app.bank import loader, uploads
from app.bank.uploads import MOST_PROBLEMS, MOST_QUESTIONS, MOST_STRANGE, Package, problems_in_course
from tests.bank.packing import course, question, written, zipped
from tests.effort import takes_at_most

DOCKER = Path(__file__).parents[2] / "questions" / "docker"
GOALS = ("knots.bowline", "knots.reef", "winds.trade")


def told(package: Package) -> list[str]:
    return [str(problem) for problem in package.problems]


def ids(package: Package) -> list[str]:
    return [loaded.question.id for loaded in package.questions]


def test_one_file_of_questions_is_read_whatever_its_name() -> None:
    package = uploads.read("Mes questions (1).yaml", written([question(), question("b", "winds.trade")]))

    assert (ids(package), package.problems, package.brings_course) == (["knots-loop", "b"], (), False)
    assert problems_in_course(package, GOALS, ()) == []


@pytest.mark.parametrize(
    "data",
    [
        written([question()]).replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + written([question()]),
        b"\xef\xbb\xbf# Nom\r\n" + written([question()]).replace(b"\n", b"\r\n"),
    ],
    ids=["CRLF", "BOM", "both"],
)
def test_what_windows_writes_reads_as_the_same_question(data: bytes) -> None:
    package = uploads.read("knots.yaml", data)

    assert [loaded.question for loaded in package.questions] == [
        loaded.question for loaded in uploads.read("knots.yaml", written([question()])).questions
    ]
    assert package.problems == ()


def test_a_zip_without_a_course_is_questions_for_one() -> None:
    files = {"part one.yaml": [question("a")], "part two.yaml": [question("b", "winds.trade")]}

    package = uploads.read("mine.zip", zipped(files))

    assert (ids(package), package.problems, package.course) == (["a", "b"], (), None)


def test_a_zip_with_a_course_is_read_as_its_folder_would_be() -> None:
    files = {"x/winds.yaml": [question("b", "winds.trade")], "x/course.yaml": course(), "x/knots.yaml": [question("a")]}

    package = uploads.read("boats.zip", zipped(files))

    assert (ids(package), package.problems, package.brings_course) == (["a", "b"], (), True)
    assert package.course is not None
    assert package.course.id == "boats"


def test_a_zip_of_the_whole_docker_course_is_read_as_its_folder_is() -> None:
    files = {path.name: path.read_bytes() for path in DOCKER.glob("*.yaml")}
    of_folder = loader.load_course(DOCKER)

    package = uploads.read("docker.zip", zipped(files))

    assert [loaded.question for loaded in package.questions] == [loaded.question for loaded in of_folder.questions]
    assert (package.problems, problems_in_course(package, (), ())) == ((), [])


def test_a_file_of_a_course_that_is_no_topic_is_a_problem() -> None:
    package = uploads.read("boats.zip", zipped({"course.yaml": course(), "knot.yaml": [question()]}))

    assert [("knot.yaml:1:1" in one, "did you mean “knots”?" in one) for one in told(package)] == [(True, True)]


def test_every_problem_of_every_file_has_its_place() -> None:
    files = {
        "course.yaml": {**course(), "colour": "blue"},
        "knots.yaml": [question(level=7), question("b", accept=[])],
        "winds.yaml": b"- id: [",
    }

    places = [(one.file, one.line) for one in uploads.read("boats.zip", zipped(files)).problems]

    assert [file for file, _ in places] == ["course.yaml", "knots.yaml", "knots.yaml", "winds.yaml"]
    assert places[1:3] == [("knots.yaml", 5), ("knots.yaml", 22)]


def test_an_id_in_two_files_is_a_problem() -> None:
    package = uploads.read("mine.zip", zipped({"a.yaml": [question()], "b.yaml": [question()]}))

    (problem,) = problems_in_course(package, GOALS, ())
    assert (problem.file, problem.hint) == ("b.yaml", "a.yaml:1:7 has it already")


def test_objectives_are_those_of_the_course_it_is_for() -> None:
    package = uploads.read("mine.yaml", written([question("a", "knots.bowlin")]))

    (problem,) = problems_in_course(package, GOALS, ())
    assert (problem.line, problem.hint) == (4, "did you mean “knots.bowline”?")


def test_a_course_brings_its_own_objectives() -> None:
    files = {"course.yaml": course(), "knots.yaml": [question("a", "knots.other")]}

    assert len(problems_in_course(uploads.read("boats.zip", zipped(files)), ["knots.other"], ())) == 1


@pytest.mark.parametrize(
    ("name", "data", "hint"),
    [
        ("course.yaml", written(course()), "zip course.yaml together with its files of questions"),
        ("boats.zip", zipped({"course.yaml": course()}), "zip course.yaml together with its files of questions"),
        ("knots.yaml", b"[]\n", "begin each with “- id: …”"),
    ],
)
def test_no_question_at_all_is_a_problem(name: str, data: bytes, hint: str) -> None:
    (problem,) = uploads.read(name, data).problems

    assert (problem.message, problem.hint) == ("there is no question here", hint)


def test_an_alias_bomb_is_refused_at_once() -> None:
    lines = ["- &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    bomb = "\n".join(lines).encode()

    package = uploads.read("knots.yaml", bomb)

    assert "anchors and aliases are not read here" in told(package)[0]
    assert takes_at_most(1, lambda: uploads.read("knots.yaml", bomb))


def test_a_megabyte_of_questions_is_read_in_seconds() -> None:
    many = written([question(f"q-{number}", explanation={"fr": "é" * 300, "en": "e" * 300}) for number in range(850)])
    assert 800_000 < len(many) < 1_000_000

    package = uploads.read("knots.yaml", many)

    assert (len(package.questions), package.problems) == (850, ())
    assert takes_at_most(5, lambda: uploads.read("knots.yaml", many))


def test_a_file_over_a_megabyte_is_a_problem() -> None:
    assert "more than 1000000 bytes" in told(uploads.read("knots.yaml", b"# x\n" * 300_000))[0]


def test_deep_nesting_is_a_problem() -> None:
    assert len(uploads.read("knots.yaml", b"[" * 50_000).problems) == 1


def test_more_questions_than_one_upload_may_have_are_a_problem() -> None:
    files = {f"{n}.yaml": [question(f"q-{n}-{m}") for m in range(MOST_QUESTIONS // 2)] for n in range(3)}

    assert "more than 1000 questions" in told(uploads.read("many.zip", zipped(files)))[0]


def test_problems_end_somewhere() -> None:
    wrong = uploads.read("knots.yaml", written([{"id": f"q-{number}"} for number in range(5_000)]))
    strange = uploads.read("knots.yaml", written([question(f"q-{number}", "no.such") for number in range(900)]))

    assert len(wrong.problems) <= MOST_PROBLEMS
    assert len(problems_in_course(strange, [f"a.goal-{number}" for number in range(300)], ())) == MOST_STRANGE
