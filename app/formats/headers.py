"""What the titles of a list of people mean, in French and in English: the same kinds in every file of a school."""

import re
from collections.abc import Sequence

from app.exam.folding import fold

KINDS = ("name", "last", "first", "email", "id", "extra", "login")
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"^(?:(?:n°|nº|#)\s*|(?:n|no|num)(?:\.\s*|\s+))(?=\w)")
_SPELLINGS = {
    "name": (
        "nom complet|nom et prenom|nom prenom|prenom nom|prenom et nom|noms et prenoms|nom prenoms|etudiant|etudiante"
        "|eleve|apprenant|apprenante|participant|nom de l etudiant|name|full name|fullname|student|student name"
        "|learner|display name|nom affiche"
    ),
    "last": (
        "nom|noms|nom de famille|nom usuel|nom d usage|nom de naissance|nom patronymique|last name|lastname|surname"
        "|family name|sn"
    ),
    "first": (
        "prenom|prenoms|prenom usuel|prenom d usage|first name|firstname|given name|givenname|forename|first names"
    ),
    "email": (
        "e mail|email|mail|courriel|adresse de courriel|adresse courriel|adresse e mail|adresse email|adresse mail"
        "|adresse electronique|adresse de messagerie|messagerie|mel|email address|e mail address|mail address"
        "|courriel etudiant|courriel institutionnel|email institutionnel|e mail institutionnel"
    ),
    "id": (
        "identifiant|id|numero etudiant|numero d etudiant|numero d etudiante|numero d identification|numero|matricule"
        "|code etudiant|code apprenant|identifiant etudiant|id etudiant|ine|numero ine|id number|idnumber|student id"
        "|student number|student id number|sis user id|student no|number|identifiant etablissement"
        "|numero d inscription"
    ),
    "extra": (
        "tiers temps|temps supplementaire|temps en plus|temps majore|majoration|majoration de temps|amenagement"
        "|amenagements|extra time|extratime|additional time|extra minutes|extra|accommodation|accommodations"
        "|minutes en plus|1 3 temps|tiers temps supplementaire"
    ),
    "login": "nom d utilisateur|username|user name|login|sis login id|identifiant de connexion",
}
_KIND_OF = {spelling: kind for kind, spellings in _SPELLINGS.items() for spelling in spellings.split("|")}


def guess(titles: Sequence[str]) -> tuple[str | None, ...]:
    """The kind of each column by its title, each kind once; None for a title that says nothing of a person.

    Without a column of first names, "nom" is the whole name.
    """
    found: list[str | None] = []
    for title in titles:
        kind = kind_of(title)
        found.append(None if kind in found else kind)
    if "first" not in found and "name" not in found and "last" in found:
        found[found.index("last")] = "name"
    if "last" not in found and "first" in found and "name" in found:
        found[found.index("name")] = "last"  # "name" and "first name": the first is the surname
    return tuple(found)


def row_of_titles(rows: Sequence[Sequence[str]]) -> int:
    """Which of a file's first rows (from 0) holds the titles: the first, unless it has none and a later one has.

    Something in a row of a person may be a title by chance, such as "Student": it takes two, except under a single
    cell, which is a heading.
    """
    counts = [sum(kind is not None for kind in guess(row)) for row in rows]
    if not any(counts) or counts[0]:
        return 0
    least = 1 if sum(map(bool, rows[0])) == 1 else 2
    return counts.index(max(counts)) if max(counts) >= least else 0


def kind_of(title: str) -> str | None:
    """What one title means, whatever its case, accents and signs."""
    folded = _NUMBER.sub("numero ", fold(title))
    return _KIND_OF.get(_NOT_LETTERS.sub(" ", folded).strip())
