"""Where the course teaches something, as pages name it: its own headings, in its own language."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func

from app.bank.course import BETWEEN_TITLES, TAUGHT_IN
from app.models import Course, Objective


@dataclass(frozen=True, slots=True)
class Section:
    """A path of headings, from the highest, and the language they are in: "fr" or "en"."""

    titles: tuple[str, ...]
    language: str


# Of a statement that joins the objective and its course; courses stored by older versions do not name theirs.
SECTION_COLUMNS = (
    Objective.section,
    func.coalesce(Course.document["language"].as_string(), TAUGHT_IN).label("section_language"),
)


def section_of(row: Any) -> Section:
    """The section of a row that has SECTION_COLUMNS."""
    return Section(tuple(row.section.split(BETWEEN_TITLES)), row.section_language)
