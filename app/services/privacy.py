"""How long things are kept about people: what the page on privacy says is what the code obeys."""

from dataclasses import dataclass
from datetime import timedelta

from app.services import accounts, codes, packing, retention, sessions, uploading


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things are kept, each from where the code reads it."""

    guest_without_answer: timedelta = accounts.GUEST_WITHOUT_ANSWER
    guest_unseen: timedelta = accounts.GUEST_UNSEEN
    session: timedelta = sessions.LIFETIME
    password_link: timedelta = codes.LINK_LIFETIME
    upload: timedelta = uploading.LIFETIME
    offline_pack: timedelta = packing.KEPT_FOR
    retention_days: int = retention.DEFAULT_DAYS
    least_retention_days: int = retention.LEAST_DAYS
    most_retention_days: int = retention.MOST_DAYS
