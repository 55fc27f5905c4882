"""The night before an exam: what is worth the last minutes.

A card that will be recalled tomorrow anyway needs no minute tonight, and one that is all but lost is seldom won back
in an evening: the minutes go to the cards in between, those that gain most for their time first. Nothing new is begun.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from app.srs import agenda, plan
from app.srs.plan import PlannedCard

LEAST, MOST = 0.4, 0.8  # the chance of recall tomorrow between which a card is on the edge


def borderline(today: date, cards: Sequence[PlannedCard]) -> list[plan.Choice]:
    """The cards on the edge for the day after `today`, those that an answer tonight helps most first.

    Cards never answered, and those answered today already, are left out.
    """
    tomorrow = today + timedelta(days=1)
    known = plan.memories([card for card in cards if card.history])
    ranked = plan.ranking(known, today, tomorrow)
    return [choice for choice in ranked if LEAST <= known[choice.id].recall(tomorrow) <= MOST]


def evening(today: date, cards: Sequence[PlannedCard], minutes: int, unit_s: float) -> list[int]:
    """The ids of what fits into `minutes`; `unit_s` are the seconds of one unit of the learner's time."""
    chosen = agenda.fitting(borderline(today, cards), agenda.budget(minutes, unit_s))
    return [choice.id for choice in chosen]
