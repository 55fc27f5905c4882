"""What a pack says of each card, sealed, so that the device that sends it back cannot have changed it."""

from datetime import UTC, datetime
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.services.identity import Person
from app.services.packing import PackedCard
from app.services.queued import Ticket

_SALT = "offline-ticket"


def issue(card: PackedCard, person: Person, at: datetime) -> str:
    """The ticket of a card that is packed at the instant `at`."""
    ids = [person.id, str(card.answer_id), card.question_id, card.course_id, card.log_length]
    return str(_sealer().dumps([*ids, int(at.timestamp())]))


def read(sealed: str, answer_id: UUID) -> Ticket | None:
    """The ticket, when this installation issued it for this answer."""
    try:
        learner, of, question, course, length, shown = _sealer().loads(sealed)
    except (BadSignature, ValueError):
        return None
    if of != str(answer_id):
        return None
    return Ticket(learner, answer_id, question, course, length, datetime.fromtimestamp(shown, UTC))


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=_SALT)
