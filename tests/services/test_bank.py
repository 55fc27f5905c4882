"""The bank in figures: only what can really be studied is counted."""

from collections.abc import Callable

from app.db import Database
from app.models import Question
from app.services import bank
from app.services.bank import BankFigures


def test_only_what_is_asked_is_counted(db: Database, make_question: Callable[..., Question]) -> None:
    make_question(topic="network", objective="network.one")
    make_question(topic="network", objective="network.one")
    make_question(topic="volumes", reserved=True)
    make_question(topic="volumes", draft=True)
    make_question(topic="volumes", retired=True)

    with db.reading() as session:
        found = bank.figures(session)

    assert found == BankFigures(questions=2, objectives=1, topics=1)


def test_an_empty_bank_counts_nothing(db: Database) -> None:
    with db.reading() as session:
        assert bank.figures(session) == BankFigures(0, 0, 0)
