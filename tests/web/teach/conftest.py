"""What the tests of the teacher's pages share."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app.db import Database
from tests.statements import counted


@pytest.fixture
def count_statements() -> Callable[[Database], AbstractContextManager[list[str]]]:
    """Return a context manager that collects the statements run inside it."""
    return counted
