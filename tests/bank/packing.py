"""Files and zips as people, their computers and their enemies make them."""

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import yaml


def both(text: str) -> dict[str, str]:
    """The same words in both languages."""
    return {"fr": text, "en": text}


def question(slug: str = "knots-loop", objective: str = "knots.bowline", **fields: Any) -> dict[str, Any]:
    """One sound question of the course below."""
    return {
        "id": slug,
        "type": "short_answer",
        "objectives": [objective],
        "level": 2,
        "text": both(f"Which knot makes a loop ({slug})?"),
        "accept": ["bowline"],
        "explanation": both("It does not slip."),
        **fields,
    }


def course(slug: str = "boats", objectives: tuple[str, ...] = ("knots.bowline", "knots.reef", "winds.trade")) -> Any:
    """A course.yaml of two topics."""
    return {
        "id": slug,
        "title": both("Sailing"),
        "licence": "CC BY-SA 4.0",
        "credit": "A sailor",
        "topics": [{"id": "knots", "title": both("Knots"), "core": True}, {"id": "winds", "title": both("Winds")}],
        "outline": [{"id": "rope", "title": "Rope", "level": 1}],
        "objectives": [
            {"id": name, "topic": name.split(".")[0], "section": "Rope", "weight": 2, "text": both("A fact.")}
            for name in objectives
        ],
    }


def written(content: Any) -> bytes:
    """As YAML; parts that are one object are written out each time, for the bank knows no aliases."""
    content = json.loads(json.dumps(content))
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return yaml.dump(content, Dumper=dumper, allow_unicode=True, sort_keys=False).encode()


def zipped(files: Mapping[str, bytes | Any], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files by name; what is not bytes is written as YAML."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)  # of 1980: the same bytes whenever they are made
            archive.writestr(member, content if isinstance(content, bytes) else written(content), method)
    return made.getvalue()
