"""The Docker bank that ships: sound, well written, and wide enough to revise with."""

from collections import Counter
from pathlib import Path

import pytest

from app.bank import lint
from app.bank.loader import LoadedCourse, load_course
from app.bank.schema import LANGUAGES, MODELS, TrueFalseQuestion

QUESTIONS = Path(__file__).parents[2] / "questions"
CORE = {"namespaces", "network", "volumes", "layers"}


@pytest.fixture(scope="module")
def docker() -> LoadedCourse:
    """The shipped course, read once."""
    return load_course(QUESTIONS / "docker")


def test_the_bank_has_neither_an_error_nor_a_warning(docker: LoadedCourse) -> None:
    remarks = [problem for problem in lint.check(docker.questions) if problem.severity != "info"]

    assert [str(problem) for problem in (*docker.problems, *remarks)] == []


def test_the_course_states_its_facts_and_its_headings(docker: LoadedCourse) -> None:
    assert docker.course is not None
    assert (len(docker.course.objectives), len(docker.course.topics), len(docker.course.outline)) == (272, 16, 49)
    assert {topic.id for topic in docker.course.topics if topic.core} == CORE


def test_the_core_topics_have_eighty_questions_of_all_types(docker: LoadedCourse) -> None:
    of_topic = Counter(item.topic for item in docker.questions)

    assert len(docker.questions) >= 80
    assert min(of_topic[topic] for topic in CORE) >= 20
    assert {item.question.type for item in docker.questions} == set(MODELS)


def test_the_statements_are_as_often_false_as_true(docker: LoadedCourse) -> None:
    answers = [item.question.answer for item in docker.questions if isinstance(item.question, TrueFalseQuestion)]

    assert 0.35 <= sum(answers) / len(answers) <= 0.65


def test_some_questions_are_kept_for_exams(docker: LoadedCourse) -> None:
    assert sum(item.question.reserved for item in docker.questions) >= 8


def test_no_question_is_asked_twice(docker: LoadedCourse) -> None:
    for language in LANGUAGES:
        stems = Counter(
            (item.question.text.in_(language), item.question.code and item.question.code.text)
            for item in docker.questions
        )
        assert [stem for stem, times in stems.items() if times > 1] == []


def test_the_licence_credits_the_author_of_the_course(docker: LoadedCourse) -> None:
    licence = (QUESTIONS / "LICENSE").read_text(encoding="utf-8")

    assert docker.course is not None
    assert "Tom Avenel" in licence
    assert "Tom Avenel" in docker.course.credit
    assert docker.course.licence == "CC BY-SA 4.0"
    assert "CC BY-SA 4.0" in licence
