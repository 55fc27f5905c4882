"""The two addresses that machines ask."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app
from app.config import Settings
from app.db import Database
from tests.conftest import Clock


@pytest.fixture
def unmigrated(tmp_path: Path, clock: Clock) -> FlaskClient:
    """A browser of an application whose database is empty."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    settings = Settings(instance=tmp_path, database_url=url, secret_key="of the tests", courses=())
    return create_app(settings, clock, Database(url)).test_client()


def test_a_process_that_runs_is_alive(client: FlaskClient) -> None:
    reply = client.get("/healthz")

    assert (reply.status_code, reply.text) == (200, "ok\n")


def test_a_process_is_ready_at_the_schema_of_its_code(client: FlaskClient) -> None:
    reply = client.get("/readyz")

    assert (reply.status_code, reply.text) == (200, "ready\n")


def test_a_process_without_a_schema_is_alive_but_not_ready(unmigrated: FlaskClient) -> None:
    assert unmigrated.get("/healthz").status_code == 200
    assert unmigrated.get("/readyz").status_code == 503


def test_a_process_at_another_schema_is_not_ready(client: FlaskClient, db: Database) -> None:
    with db.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))

    assert client.get("/readyz").status_code == 503


def test_neither_makes_a_cookie(client: FlaskClient) -> None:
    assert not [path for path in ("/healthz", "/readyz") if "Set-Cookie" in client.get(path).headers]
