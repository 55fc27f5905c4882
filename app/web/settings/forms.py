"""The form of the settings: shape only; `app.services.settings` says what may be chosen."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from babel import Locale
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from app.services import settings
from app.services.identity import Person
from app.services.settings import Choice, CourseChoice
from app.web.account.refusals import RefusableForm, not_longer
from app.web.fields import WholeField, plain_digits

_AREAS = {
    "Africa": {"fr": "Afrique", "en": "Africa"},
    "America": {"fr": "Amérique", "en": "America"},
    "Antarctica": {"fr": "Antarctique", "en": "Antarctica"},
    "Arctic": {"fr": "Arctique", "en": "Arctic"},
    "Asia": {"fr": "Asie", "en": "Asia"},
    "Atlantic": {"fr": "Atlantique", "en": "Atlantic"},
    "Australia": {"fr": "Australie", "en": "Australia"},
    "Europe": {"fr": "Europe", "en": "Europe"},
    "Indian": {"fr": "Océan Indien", "en": "Indian Ocean"},
    "Pacific": {"fr": "Pacifique", "en": "Pacific"},
}
_ELSEWHERE = {"fr": "Autres noms", "en": "Other names"}


def _course_id(value: str | int | None) -> int | None:
    """The id of a course, or None for the first there is."""
    return plain_digits(value) if value not in {None, "", "None"} else None


def _one_of(values: Sequence[str]) -> RadioField:
    choices: Any = list(values)  # captions are in the template
    return RadioField(choices=choices)


class SettingsForm(RefusableForm):
    """What a person may change about their own days and pages."""

    display_name = StringField(validators=[Optional(), not_longer()])
    course_id = SelectField(coerce=_course_id, validate_choice=False)
    zone = SelectField(validate_choice=False)
    day_start_hour = SelectField(coerce=plain_digits, validate_choice=False)
    new_per_day = WholeField(settings.MOST_NEW)
    reviews_per_day = WholeField(settings.MOST_REVIEWS)
    grade_scale = _one_of(settings.GRADE_SCALES)
    shortcuts = BooleanField()
    locale = _one_of(settings.LOCALES)
    theme = _one_of(settings.THEMES)

    @classmethod
    def of(cls, person: Person, offered: Sequence[CourseChoice], language: str) -> "SettingsForm":
        """The form as the person in front chose last, or as they have just filled it in."""
        form = cls(obj=person)
        form.course_id.choices = [SelectChoice(str(one.id), one.title) for one in offered]
        form.zone.choices = zone_choices(language)
        form.day_start_hour.choices = [SelectChoice(str(hour)) for hour in range(settings.LATEST_DAY_START + 1)]
        return form

    def choice(self) -> Choice:
        """What was chosen, as the service takes it."""
        return Choice(
            display_name=self.display_name.data or "",
            course_id=self.course_id.data,
            locale=self.locale.data or "",
            zone=self.zone.data or "",
            day_start_hour=_number(self.day_start_hour.data),
            new_per_day=_number(self.new_per_day.data),
            reviews_per_day=_number(self.reviews_per_day.data),
            grade_scale=self.grade_scale.data or "",
            shortcuts=bool(self.shortcuts.data),
            theme=self.theme.data or "",
        )


@lru_cache(maxsize=2)
def zone_choices(language: str) -> list[SelectChoice]:
    """Every zone by its city, grouped by part of the world: typing "par" in the list finds Paris."""
    cities = Locale(language).time_zones
    rows = []
    for zone in settings.zones():
        area, _slash, place = zone.partition("/")
        group = _AREAS.get(area, {}).get(language) if place else None
        city = cities.get(zone, {}).get("city") or (place or zone).replace("_", " ")
        rows.append((group is None, group or _ELSEWHERE[language], city if group else zone, zone))
    return [SelectChoice(zone, city, optgroup=group) for _last, group, city, zone in sorted(rows)]


def _number(value: int | None) -> int:
    return -1 if value is None else value  # what could not be read is refused like what is too small
