"""What an address says of a quiz; its answers use the forms of the review."""

from typing import Any

from werkzeug.datastructures import MultiDict

from app.services.practising import EVENINGS, LEVELS, MOST_SEED, SIZES, USUAL_SIZE, Pick, Quiz

_MOST_TOPICS = 100
_MOST_PLACE = 100_000


def quiz_of(fields: MultiDict[str, str], fresh_seed: int) -> Quiz:
    """The quiz an address asks for; one without a seed begins now, what makes no sense is left at its default."""
    size = fields.get("n", "")
    return Quiz(
        seed=_whole(fields.get("seed", ""), MOST_SEED) or fresh_seed,
        topics=tuple(dict.fromkeys(fields.getlist("topics")))[:_MOST_TOPICS],
        size=None if size == "all" else _whole(size, max(SIZES)) or USUAL_SIZE,
        pick=_pick(fields.get("which", "")),
        levels=tuple(level for level in LEVELS if str(level) in fields.getlist("levels")),
        later=fields.get("feedback") == "end",
        minutes=_whole(fields.get("minutes", ""), max(EVENINGS)) or EVENINGS[1],
    )


def place_of(fields: MultiDict[str, str]) -> int:
    """Which question of the quiz an address asks for, from 1."""
    return _whole(fields.get("place", ""), _MOST_PLACE) or 1


def address_of(quiz: Quiz) -> dict[str, Any]:
    """The arguments of an address that stand for a quiz."""
    return {
        "seed": quiz.seed,
        "topics": list(quiz.topics),
        "levels": list(quiz.levels),
        "n": quiz.size or "all",
        "which": quiz.pick.value,
        **({"feedback": "end"} if quiz.later else {}),
        **({"minutes": quiz.minutes} if quiz.pick is Pick.EVE else {}),
    }


def _pick(text: str) -> Pick:
    return Pick(text) if text in {one.value for one in Pick} else Pick.ALL


def _whole(text: str, most: int) -> int:
    """A whole number up to `most`; 0 for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return 0
    return int(text) if int(text) <= most else 0
