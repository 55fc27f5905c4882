"""A person's settings: what may be chosen, and keeping the choice."""

import zoneinfo
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import FieldProblem, Invalid, NotFound
from app.models import Course, User
from app.services.identity import Person
from app.services.names import name_problem, tidy

LOCALES = ("fr", "en")
THEMES = ("system", "light", "dark")
GRADE_SCALES = ("four", "full")
LATEST_DAY_START = 12
MOST_NEW = 999
MOST_REVIEWS = 9999
DEFAULT_ZONE = "Europe/Paris"
_NOT_PLACES = ("posix/", "right/", "SystemV/")
_NOT_ZONES = {"Factory", "localtime", "posixrules", "leapseconds"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose; `day_start_hour` is on their zone's clock, the limits count cards a day."""

    display_name: str
    course_id: int | None
    locale: str
    zone: str
    day_start_hour: int
    new_per_day: int
    reviews_per_day: int
    grade_scale: str
    shortcuts: bool
    theme: str


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """A course that can be studied."""

    id: int
    title: str


def change(session: Session, person: Person, choice: Choice) -> None:
    """Keep a person's choice; nothing else of theirs changes.

    Raises Invalid with every problem at once.
    """
    found = problems(session, person, choice)
    if found:
        raise Invalid(found)
    values = asdict(choice) | {"display_name": tidy(choice.display_name)}
    changed = session.execute(update(User).where(User.id == person.id).values(**values).returning(User.id))
    if changed.scalar() is None:
        raise NotFound


def problems(session: Session, person: Person, choice: Choice) -> list[FieldProblem]:
    """Everything in `choice` that a rule refuses; a name that a person has already stays."""
    allowed: dict[str, bool] = {
        "locale": choice.locale in LOCALES,
        "zone": choice.zone in zones(),
        "day_start_hour": 0 <= choice.day_start_hour <= LATEST_DAY_START,
        "new_per_day": 0 <= choice.new_per_day <= MOST_NEW,
        "reviews_per_day": 0 <= choice.reviews_per_day <= MOST_REVIEWS,
        "grade_scale": choice.grade_scale in GRADE_SCALES,
        "theme": choice.theme in THEMES,
        "course_id": choice.course_id is None or choice.course_id in {one.id for one in courses(session, "fr")},
    }
    found = [FieldProblem(field, "not_offered") for field, fine in allowed.items() if not fine]
    name = None if tidy(choice.display_name) == person.display_name else name_problem(choice.display_name)
    return [name, *found] if name else found


def courses(session: Session, locale: str) -> Sequence[CourseChoice]:
    """The courses one can study, titled in a language."""
    title = Course.title_fr if locale == "fr" else Course.title_en
    rows = session.execute(select(Course.id, title).where(Course.retired.is_(False)).order_by(Course.id))
    return [CourseChoice(course_id, text) for course_id, text in rows]


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Every time zone of the IANA database by its id, old names included."""
    found = zoneinfo.available_timezones()
    return frozenset(name for name in found if not name.startswith(_NOT_PLACES) and name not in _NOT_ZONES)
