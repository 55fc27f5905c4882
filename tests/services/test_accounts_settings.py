"""Settings: what may be chosen."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.db import Database
from app.errors import Invalid
from app.models import User
from app.services import settings
from app.services.identity import Person, person_of
from app.services.settings import Choice

CHOICE = Choice("Alice", None, "en", "Pacific/Noumea", 5, 20, 100, "full", False, "dark")


def test_a_choice_is_kept_whole(db: Database, make_user: Callable[..., Person]) -> None:
    alice = make_user("alice")

    with db.writing() as session:
        settings.change(session, alice, replace(CHOICE, course_id=alice.course_id, display_name="  Alice  M "))

    with db.reading() as session:
        kept = person_of(session.get_one(User, alice.id))
    assert (kept.display_name, kept.locale, kept.zone, kept.day_start_hour) == ("Alice M", "en", "Pacific/Noumea", 5)
    assert (kept.limits.new_per_day, kept.limits.reviews_per_day, kept.grade_scale) == (20, 100, "full")
    assert (kept.shortcuts, kept.theme, kept.role) == (False, "dark", "learner")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("locale", "de"),
        ("zone", "Mars/Olympus"),
        ("zone", "../../etc/passwd"),
        ("zone", ""),
        ("day_start_hour", 13),
        ("day_start_hour", -1),
        ("new_per_day", 1000),
        ("reviews_per_day", -1),
        ("grade_scale", "stars"),
        ("theme", "sepia"),
        ("course_id", 404),
        ("display_name", "x" * 65),
    ],
)
def test_what_is_not_offered_is_refused(db: Database, make_user: Callable[..., Person], field: str, value: Any) -> None:
    alice = make_user("alice")

    with pytest.raises(Invalid) as refused, db.writing() as session:
        settings.change(session, alice, replace(CHOICE, **{field: value}))

    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_retired_course_is_not_offered(db: Database, course: Any, make_course: Callable[..., Any]) -> None:
    old = make_course("old")
    with db.writing() as session:
        session.merge(old).retired = True

    with db.reading() as session:
        assert [one.id for one in settings.courses(session, "fr")] == [course.id]


def test_every_place_of_the_world_has_its_zone() -> None:
    assert {"Europe/Paris", "America/Toronto", "Indian/Reunion", "Asia/Kathmandu", "UTC"} <= settings.zones()
    assert not any(zone.startswith(("posix/", "right/")) for zone in settings.zones())


def test_a_name_that_was_there_before_the_rule_stays(db: Database, make_user: Callable[..., Person]) -> None:
    alice = make_user("alice", display_name="-cmd")
    kept = replace(CHOICE, course_id=alice.course_id, display_name="-cmd", theme="dark")

    with db.writing() as session:
        settings.change(session, alice, kept)
        assert settings.problems(session, alice, replace(kept, display_name="-other"))[0].code == "name_formula"
