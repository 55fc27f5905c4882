"""Which cards are the weakest: what was missed last, then what was forgotten most often, then what is hardest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Met:
    """A card that was answered: SM-2's state, as far as it tells how well it is known."""

    id: int
    streak: int
    lapses: int
    ease_permille: int
    interval_days: int


def weakest(cards: Iterable[Met], many: int) -> Sequence[int]:
    """The ids of the `many` weakest cards, the weakest first; ties in the order of their ids."""
    return [card.id for card in sorted(cards, key=_strength)[:many]]


def _strength(card: Met) -> tuple[bool, int, int, int, int]:
    return card.streak > 0, -card.lapses, card.ease_permille, card.interval_days, card.id
