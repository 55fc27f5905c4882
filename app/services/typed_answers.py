"""What a class answered to one question of an exam: typed answers gathered, choices counted."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.bank.schema import ClozeQuestion
from app.exam import clusters, marking, regrading
from app.exam.clusters import Cluster, Typed
from app.models import Attempt, AttemptItem, Membership, User
from app.services.marks import FrozenExam, FrozenItem


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered to one question, in all attempts, those at work too.

    `chosen` counts, by id ("true" and "false" for a statement), what was chosen; `clusters` are typed answers.
    """

    asked: int
    answered: int
    mean: Fraction | None
    chosen: Mapping[str, int]
    clusters: Sequence[Cluster]

    def of(self, blank: str, right: bool) -> Sequence[Cluster]:
        """The right ones, or the others, of one gap ("" for a question without)."""
        return [one for one in self.clusters if one.blank == blank and one.right == right]


def read(session: Session, exam: FrozenExam, item: FrozenItem) -> Answers:
    """What was answered to a question, with what it is worth by the key as it stands."""
    rows = _responses(session, exam, item)
    key = item.key
    kinds = {change.kind for change in item.changes}
    counted: Counter[str] = Counter()
    typed: list[Typed] = []
    credits = []
    for (name, whose), response, stored in rows:
        worth = regrading.worth(stored, item.body, key, response, kinds)
        credits.append(worth or Fraction(0))
        counted.update(chosen(response or {}))
        typed += typed_parts(item, name, whose, response or {}, stored)
    mean = sum(credits, Fraction()) / len(credits) if credits and not item.dropped else None
    answered = sum(bool(response) for _, response, _ in rows)
    return Answers(len(rows), answered, mean, counted, clusters.gather(key, typed))


def typed_parts(
    item: FrozenItem, name: str, whose: str, response: Mapping[str, Any], stored: Fraction
) -> Iterator[Typed]:
    """The typed parts of one response; a point given to everybody makes no answer right."""
    changed = [change for change in item.changes if change.kind in (regrading.Kind.KEY, regrading.Kind.ACCEPT)]
    text, blanks = response.get("text"), response.get("blanks")
    if isinstance(text, str) and item.type in clusters.TYPED:
        worth = regrading.worth(stored, item.body, item.key, response, {change.kind for change in changed})
        yield Typed(text, name, worth or Fraction(0), whose=whose)
    if isinstance(blanks, Mapping) and isinstance(item.key, ClozeQuestion):
        for mark in marking.mark(item.key, response).blanks:
            yield Typed(mark.given, name, Fraction(mark.right), mark.id, whose)


def chosen(response: Mapping[str, Any]) -> list[str]:
    """The ids of the choices that a response takes; none for a response of another kind."""
    if isinstance(value := response.get("value"), bool):
        return [str(value).lower()]
    choice, choices = response.get("choice"), response.get("choices")
    return [choice] if isinstance(choice, str) else list(choices or ())


def _responses(
    session: Session, exam: FrozenExam, item: FrozenItem
) -> list[tuple[tuple[str, str], Mapping[str, Any] | None, Fraction]]:
    """Each response with its student (name, and whose it is) and its credit by the frozen key, by name."""
    named = and_(Membership.class_id == exam.class_id, Membership.user_id == Attempt.learner_id)
    rows = session.execute(
        select(AttemptItem, Membership.name, User.display_name, User.login, Attempt.pseudonym, Attempt.learner_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .outerjoin(Membership, named)
        .outerjoin(User, User.id == Attempt.learner_id)
        .where(AttemptItem.item_id == item.id)
        .order_by(AttemptItem.attempt_id)
    )
    found = [
        (
            (str(next((one for one in names if one), "")), names[-1] or f"#{learner_id}"),
            row.response,
            Fraction(row.credit_parts, row.credit_of),
        )
        for row, *names, learner_id in rows
    ]
    return sorted(found, key=lambda one: one[0][0].casefold())
