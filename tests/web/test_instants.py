"""Instants on a page: the day, the hour of the zone, and whose hour it is."""

from datetime import UTC, datetime

import pytest
from flask import Flask, render_template_string

from app.web.i18n import duration
from app.web.instants import instant, span, zone_time


def said(app: Flask, language: str, value: datetime, zone: str) -> tuple[str, str]:
    with app.test_request_context(headers={"Accept-Language": language}):
        return instant(value, zone).replace("\N{NO-BREAK SPACE}", " "), zone_time(zone)


@pytest.mark.parametrize(
    ("language", "zone", "words"),
    [
        ("fr", "Europe/Paris", ("mercredi 16 décembre à 14 h 00", "heure de Paris")),
        ("en", "Europe/Paris", ("Wednesday 16 December at 14:00", "Paris time")),
        ("fr", "Africa/Abidjan", ("mercredi 16 décembre à 13 h 00", "heure d’Abidjan")),
    ],
)
def test_an_instant_is_written_in_the_hour_of_its_zone(
    app: Flask, language: str, zone: str, words: tuple[str, str]
) -> None:
    assert said(app, language, datetime(2026, 12, 16, 13, tzinfo=UTC), zone) == words


def test_the_two_hours_of_the_night_the_clocks_go_back_have_their_offsets(app: Flask) -> None:
    first, second = (said(app, "en", datetime(2026, 10, 25, hour, 30, tzinfo=UTC), "Europe/Paris") for hour in (0, 1))

    assert (first[0], second[0]) == ("Sunday 25 October at 02:30 (UTC+2)", "Sunday 25 October at 02:30 (UTC+1)")


@pytest.mark.parametrize(
    ("day", "hours", "words"),
    [
        (16, (13, 15), "on Wednesday 16 December from 14:00 to 16:00"),
        (16, (13, 23), "from Wednesday 16 December at 14:00 to Thursday 17 December at 00:00"),
    ],
)
def test_the_day_of_a_span_is_said_once(app: Flask, day: int, hours: tuple[int, int], words: str) -> None:
    opens, closes = (datetime(2026, 12, day, hour, tzinfo=UTC) for hour in hours)

    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert span(opens, closes, "Europe/Paris") == words


def test_a_span_over_the_hour_that_comes_twice_has_both_offsets(app: Flask) -> None:
    opens, closes = (datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 1))

    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert span(opens, closes, "Europe/Paris").count("UTC+") == 2


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "1\u202f234\u00a0cartes, 7\u00a0cartes"), ("en", "1,234 cards, 7 cards")]
)
def test_a_count_in_a_sentence_has_its_thousands_set_apart(app: Flask, language: str, words: str) -> None:
    card = "{{ ngettext('%(num)d card', '%(num)d cards', NUMBER) }}"
    page = f"{card.replace('NUMBER', '1234')}, {card.replace('NUMBER', '7')}"

    with app.test_request_context(headers={"Accept-Language": language}):
        assert render_template_string(page) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(20, "1 minute"), (7170, "2 hours"), (7140, "119 minutes"), (3600 * 27 + 720, "27 hours 12 minutes")],
)
def test_a_long_duration_is_told_in_hours(app: Flask, seconds: float, words: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert duration(seconds) == words
