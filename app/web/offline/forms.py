"""An answer that waited on a device, as it is sent once the network is back."""

from datetime import UTC, datetime

from wtforms import HiddenField

from app.services.queued import Queued
from app.srs.sm2 import Grade
from app.web.fields import WholeField
from app.web.offline import tickets
from app.web.review.forms import AnswerForm

_MOST_SECONDS = 2**32


class QueuedForm(AnswerForm):
    """One kept answer: the fields of its question, when it was given, and the ticket of its card."""

    answered_at = WholeField(_MOST_SECONDS, hidden=True)  # seconds since 1970, by the device's clock
    grade = WholeField(max(Grade), least=min(Grade), needed=False, hidden=True)
    ticket = HiddenField()

    def queued(self) -> Queued:
        """What was kept, as the service takes it."""
        given = self.submission()
        return Queued(
            submission=given,
            answered_at=datetime.fromtimestamp(self.answered_at.data or 0, UTC),
            grade=None if self.grade.data is None else Grade(self.grade.data),
            ticket=tickets.read(self.ticket.data or "", given.answer_id),
        )
