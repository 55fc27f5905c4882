"""People with passwords, and hashes that cost nothing."""

from collections.abc import Callable
from typing import Any

import argon2
import pytest
from sqlalchemy import select

from app.db import Database
from app.models import User
from app.services import passwords
from app.services.identity import Person

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hash costs is a test of the services."""
    monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(passwords, "_NOBODY", passwords.hashed("nobody's password"))


@pytest.fixture
def make_account(make_user: Callable[..., Person]) -> Callable[..., Person]:
    """Return a factory of people who log in with PASSWORD."""

    def make(login: str = "alice", **fields: Any) -> Person:
        return make_user(login, password_hash=passwords.hashed(PASSWORD), **fields)

    return make


@pytest.fixture
def stored(db: Database) -> Callable[[str], User]:
    """Return a function that reads the account of a login name as it is stored."""

    def read(login: str) -> User:
        with db.reading() as session:
            return session.scalars(select(User).where(User.login == login)).one()

    return read
