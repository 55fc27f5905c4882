"""Who is in front: the person a request is made for, as every service sees them."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from app.clock import study_day
from app.models import User
from app.srs.queue import Limits


@dataclass(frozen=True, slots=True)
class Person:
    """One active person and the settings that shape what they see."""

    id: int
    login: str | None
    display_name: str
    role: str
    course_id: int | None
    locale: str
    zone: str
    day_start_hour: int
    new_per_day: int
    reviews_per_day: int
    grade_scale: str
    shortcuts: bool
    theme: str

    @property
    def is_guest(self) -> bool:
        """Whether this person has no login name yet."""
        return self.login is None

    @property
    def teaches(self) -> bool:
        """Whether the teacher's side is open to this person."""
        return self.role in {"teacher", "admin"}

    @property
    def limits(self) -> Limits:
        """How many cards a day may bring."""
        return Limits(self.new_per_day, self.reviews_per_day)

    def today(self, now: datetime) -> date:
        """The study day it is for this person at the instant `now`."""
        return study_day(now, self.zone, self.day_start_hour)


PERSON_FIELDS = tuple(one.name for one in fields(Person))  # columns of `user_account`, in the order of the class


def person_of(user: User) -> Person:
    """The person a row of `user_account` stands for."""
    return Person(*(getattr(user, name) for name in PERSON_FIELDS))
