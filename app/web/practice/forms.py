"""What an address says of a quiz; its answers use the forms of the review."""

from typing import Any

from werkzeug.datastructures import MultiDict

from app.services.practising import MOST_SEED, SIZES, Quiz

_MOST_TOPICS = 100
_MOST_PLACE = 100_000


def quiz_of(fields: MultiDict[str, str], fresh_seed: int) -> Quiz:
    """The quiz an address asks for; one without a seed begins now, what makes no sense is left at its default."""
    size = fields.get("n", "")
    return Quiz(
        seed=_whole(fields.get("seed", ""), MOST_SEED) or fresh_seed,
        topics=tuple(dict.fromkeys(fields.getlist("topics")))[:_MOST_TOPICS],
        size=None if size == "all" else _whole(size, max(SIZES)) or SIZES[0],
        weak=fields.get("which") == "weak",
    )


def place_of(fields: MultiDict[str, str]) -> int:
    """Which question of the quiz an address asks for, from 1."""
    return _whole(fields.get("place", ""), _MOST_PLACE) or 1


def address_of(quiz: Quiz) -> dict[str, Any]:
    """The arguments of an address that stand for a quiz."""
    return {
        "seed": quiz.seed,
        "topics": list(quiz.topics),
        "n": quiz.size or "all",
        "which": "weak" if quiz.weak else "all",
    }


def _whole(text: str, most: int) -> int:
    """A whole number up to `most`; 0 for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return 0
    return int(text) if int(text) <= most else 0
