"""/privacy: what it says is what the code does."""

import re
from dataclasses import fields
from datetime import timedelta

import limits as limiting
import pytest
from flask.testing import FlaskClient

from app.models import Base
from app.services import accounts, codes, packing, retention, sessions, uploading
from app.services.privacy import Periods
from app.web import limits
from app.web.privacy import views

# Every table that names a person, and the part of the page that says what is in it.
PARTS = {
    "account": {"user_account", "login_session", "one_time_code"},
    "answers": {"card", "card_copy", "review_log", "study_sum", "member_sum"},
    "plan": {"exam_plan"},
    "reports": {"question_flag"},
    "classes": {"membership", "former_member", "class_teacher", "roster_line"},
    "exams": {
        "exam",
        "exam_allowance",
        "given_form",
        "exam_event",
        "attempt",
        "attempt_event",
        "regrade",
        "adjustment",
        "download",
    },
    "teaching": {"upload", "uploaded_course", "uploaded_question"},
}


def words(client: FlaskClient, language: str) -> str:
    page = client.get("/privacy", headers={"Accept-Language": language}).text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_every_table_that_names_a_person_has_its_part(client: FlaskClient) -> None:
    people = Base.metadata.tables["user_account"]
    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        if table is people or any(key.references(people) for key in table.foreign_keys)
    }

    page = client.get("/privacy").text

    assert naming == set().union(*PARTS.values())
    assert all(f'id="{part}"' in page for part in PARTS)


def test_the_periods_are_those_the_code_obeys() -> None:
    assert Periods() == Periods(
        guest_without_answer=accounts.GUEST_WITHOUT_ANSWER,
        guest_unseen=accounts.GUEST_UNSEEN,
        session=sessions.LIFETIME,
        password_link=codes.LINK_LIFETIME,
        upload=uploading.LIFETIME,
        offline_pack=packing.KEPT_FOR,
        retention_days=retention.DEFAULT_DAYS,
        least_retention_days=retention.LEAST_DAYS,
        most_retention_days=retention.MOST_DAYS,
    )


@pytest.mark.parametrize("name", [one.name for one in fields(Periods)])
def test_another_period_is_another_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = words(client, "en")
    value = getattr(Periods(), name)
    changed = Periods(**{name: value + 7 if isinstance(value, int) else value + timedelta(days=7)})
    monkeypatch.setattr(views, "Periods", lambda: changed)

    assert words(client, "en") != before


def test_addresses_are_counted_for_an_hour_at_most() -> None:
    rules = [limits.FAILURES_OF_ACCOUNT, limits.FAILURES_OF_ADDRESS, limits.GUESTS_OF_ADDRESS]

    assert max(limiting.parse(rule).get_expiry() for rule in rules) <= 3600


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "90 days after their last visit"), ("fr", "90 jours après sa dernière visite")],
)
def test_the_page_is_in_both_languages(client: FlaskClient, language: str, said: str) -> None:
    assert said in words(client, language)


@pytest.mark.parametrize(("language", "said"), [("en", "3,650 days"), ("fr", "3 650 jours")])
def test_a_long_time_is_written_as_the_language_does(client: FlaskClient, language: str, said: str) -> None:
    assert said in words(client, language)


@pytest.mark.parametrize("path", ["/", "/practice/", "/account/log-in"])
def test_the_foot_of_a_page_leads_there(client: FlaskClient, path: str) -> None:
    assert 'href="/privacy"' in client.get(path, follow_redirects=True).text
