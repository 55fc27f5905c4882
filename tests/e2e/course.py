"""A small course with two questions of each type, whose keys and explanations carry tokens found nowhere else.

A token that shows in a response before its question was answered is a key that leaked.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TYPES = (
    "single",
    "multiple",
    "true_false",
    "short_answer",
    "command",
    "numerical",
    "cloze",
    "ordering",
    "matching",
    "flashcard",
)
LONG_CODE = "`docker run --rm --detach --publish 127.0.0.1:8080:80 --health-interval 30s --no-healthcheck nginx:1.28`"
LONG_LINE = "RUN apk add --no-cache build-base ca-certificates curl git openssh-client tar"


@dataclass(frozen=True)
class Asked:
    """One question of the course: the words it is known by on the page, its token, and its document."""

    heading: str
    token: str
    document: dict[str, Any]

    @property
    def type(self) -> str:
        """The question's type."""
        return str(self.document["type"])


def both(french: str, english: str | None = None) -> dict[str, str]:
    """A text in both languages."""
    return {"fr": french, "en": english or french}


def _particulars(kind: str, number: int, token: str) -> dict[str, Any]:
    wrong = {"why": both(f"Non, voir {token}.", f"No, see {token}.")}
    choices = [
        {"id": "a", "correct": True, "text": both("Bon choix", "Good choice")},
        {"id": "b", "text": both("Mauvais choix", "Bad choice"), **wrong},
    ]
    lines = [{"id": f"i{place}", "text": both(f"Étape {place}", f"Step {place}")} for place in (1, 2, 3)]
    match kind:
        case "single":
            return {"choices": [*choices, {"id": "c", "text": both(f"Autre choix, {LONG_CODE}"), **wrong}]}
        case "multiple":
            return {"choices": [*choices, {"id": "c", "correct": True, "text": both("Bon aussi", "Good too")}]}
        case "true_false":
            return {"answer": number == 1}
        case "short_answer":
            return {"accept": [f"mot-{token}"]}
        case "command":
            return {"accept": [f"docker run -d --name web-{token} nginx:1.27"]}
        case "numerical":
            return {"answer": 42}
        case "cloze":
            lines = ["FROM alpine:3.21", "COPY --chown=app:app {{gap}} /srv", LONG_LINE, ""]
            code = {"language": "dockerfile", "text": "\n".join(lines)}
            return {"code": code, "blanks": {"gap": {"accept": [f"src-{token}"]}}}
        case "ordering":
            return {"items": lines}
        case "matching":
            pairs = [
                {"id": f"p{place}", "left": f"Terme {place}", "right": both(f"Sens {place}", f"Meaning {place}")}
                for place in (1, 2)
            ]
            return {"pairs": pairs, "decoys": [{"id": "d", "right": both("Aucun des deux", "Neither")}]}
        case _:
            return {"answer": both(f"La réponse est {token}.", f"The answer is {token}.")}


def questions() -> list[Asked]:
    """Two questions of each type, in an order that mixes the types."""
    asked = []
    for number in (1, 2):
        for kind in TYPES:
            token = f"canari{secrets.token_hex(6)}"
            slug = f"{kind.replace('_', '-')}-{number}"
            heading = f"Question {slug}"
            document = {
                "id": slug,
                "type": kind,
                "objectives": [f"notions.{slug}"],
                "level": 1,
                "text": both(heading),
                "explanation": both(f"Parce que {token}.", f"Because {token}."),
                **_particulars(kind, number, token),
            }
            asked.append(Asked(heading, token, document))
    return asked


class _Plain(yaml.SafeDumper):
    """Writes every value out: the bank reads no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never an alias."""
        return True


def write(folder: Path, asked: list[Asked]) -> Path:
    """Write the course to `folder` as an author would, and return the folder."""
    objectives = [
        {
            "id": question.document["objectives"][0],
            "topic": "notions",
            "section": "Notions",
            "weight": 2,
            "text": both("Un fait.", "A fact."),
        }
        for question in asked
    ]
    course = {
        "id": "essai",
        "title": both("Cours d’essai", "Trial course"),
        "licence": "CC BY-SA 4.0",
        "credit": "Les auteurs.",
        "topics": [{"id": "notions", "title": both("Notions", "Notions"), "core": True}],
        "objectives": objectives,
    }
    folder.mkdir(parents=True)
    documents = [question.document for question in asked]
    for name, content in (("course", course), ("notions", documents)):
        written = yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(written, "utf-8")
    return folder
