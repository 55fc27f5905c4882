"""What is kept no longer is deleted, whoever comes or stays away."""

from datetime import datetime

from app.db import Database
from app.services import retention, uploading


def clean_up(database: Database, now: datetime) -> None:
    """Delete what is over at `now`, in short transactions: nobody waits for more than a part of it."""
    more = True
    while more:
        with database.writing() as session:
            more = retention.sweep(session, now)
    with database.writing() as session:
        uploading.sweep(session, now)
