"""The people of the demonstration class: who they are and how they revise. Nobody real is meant."""

import unicodedata
from dataclasses import dataclass
from random import Random

DOMAIN = "@demo.invalid"  # a domain that can never exist (RFC 2606): no real login name ends so
TEACHER = "Camille Roussel"
CLASS = "B2 Docker, groupe 1"
_NAMES = (
    "Adèle Fontaine",
    "Amine Benali",
    "Anaïs Le Goff",
    "Baptiste Morel",
    "Chloé Nguyen",
    "Diane Lefèbvre",
    "Elias Haddad",
    "Fatou Diallo",
    "Gaël Kerbrat",
    "Hugo Marchand",
    "Inès Carpentier",
    "Jules Vasseur",
    "Karim Ouali",
    "Léa Bertrand",
    "Lou-Anne Saint-Hilaire",
    "Lucas Ferreira",
    "Maëlys Guérin",
    "Mathis Robin",
    "Mehdi Chérif",
    "Nathan Perrot",
    "Noémie Joubert",
    "Océane Picard",
    "Paul d’Aubigny",
    "Quentin Leclerc",
    "Rania Mansouri",
    "Sacha Lévy",
    "Thaïs Moreau",
    "Théo Caron",
    "Yasmine Traoré",
    "Zoé Delaunay",
)


@dataclass(frozen=True, slots=True)
class Student:
    """How one learner revises. Days count from the first of the history; shares are from 0 to 1.

    `first` is the day they joined, `last` the last one they may study on; `diligence` is how likely
    they study on a working day, `knows` how likely a new question is answered right, `keeps` how
    likely a card is remembered when it comes due, `hour` when they sit down (in Paris).
    """

    name: str
    first: int
    last: int
    diligence: float
    new_per_day: int
    knows: float
    keeps: float
    hour: int


def students(luck: Random, days: int) -> list[Student]:
    """The class: a third revises steadily, a few drop out, one never starts; by name."""
    names = list(_NAMES)
    kinds = ["strong"] * 8 + ["steady"] * 10 + ["weak"] * 7 + ["gone"] * 4 + ["absent"]
    luck.shuffle(kinds)
    return [_student(name, kind, luck, days) for name, kind in zip(names, kinds, strict=True)]


def login_of(name: str) -> str:
    """The login name of somebody of the cast: "lea.bertrand@demo.invalid"."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "")).encode("ascii", "ignore").decode().lower()
    return plain.replace(" ", ".") + DOMAIN


def _student(name: str, kind: str, luck: Random, days: int) -> Student:
    diligence, new, knows, keeps = {
        "strong": (0.9, 11, 0.68, 0.93),
        "steady": (0.7, 9, 0.55, 0.89),
        "weak": (0.45, 6, 0.38, 0.78),
        "gone": (0.7, 8, 0.45, 0.84),
        "absent": (0.0, 0, 0.0, 0.0),
    }[kind]
    joined = luck.randrange(days - 12, days - 8) if kind == "absent" else luck.choice([0, 0, 0, 0, 1, 2])
    return Student(
        name=name,
        first=joined,
        last=luck.randrange(7, days - 9) if kind == "gone" else days,
        diligence=min(1.0, diligence * luck.uniform(0.85, 1.1)),
        new_per_day=max(0, new + luck.randrange(-2, 3)) if new else 0,
        knows=knows + luck.uniform(-0.08, 0.08),
        keeps=min(0.97, keeps + luck.uniform(-0.04, 0.04)),
        hour=luck.choice([8, 12, 17, 18, 19, 20, 21]),
    )
