"""Calendars, read back by the library that calendar programs are built on."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.formats import calendar_file
from app.formats.calendar_file import Entry

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
DAY = date(2026, 12, 1)


def entry(title: str = "Rappel", **changed: object) -> Entry:
    return Entry(**{"uid": "a@b", "title": title, "begins": DAY, "ends": DAY + timedelta(1), **changed})  # type: ignore[arg-type]


def test_a_day_is_a_date_that_takes_no_time_and_ends_with_the_day() -> None:
    [event] = Calendar.from_ical(calendar_file.written("R", [entry()], NOW)).events

    assert (event.decoded("dtstart"), event.decoded("dtend")) == (DAY, DAY + timedelta(1))
    assert (event["uid"], event["transp"], event["class"]) == ("a@b", "TRANSPARENT", "PRIVATE")


def test_an_instant_is_in_utc_and_may_be_busy() -> None:
    opens = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)

    content = calendar_file.written("R", [entry(begins=opens, ends=opens + timedelta(hours=2), busy=True)], NOW)

    assert b"DTSTART:20261201T083000Z\r\nDTEND:20261201T103000Z\r\n" in content
    assert b"TRANSP:OPAQUE" in content


def test_a_moment_has_no_end() -> None:
    content = calendar_file.written("R", [entry(begins=NOW, ends=None)], NOW)

    assert b"DTEND" not in content


def test_the_file_says_what_it_is_and_when_to_come_back() -> None:
    calendar = Calendar.from_ical(calendar_file.written("Été", [entry()], NOW))

    assert (calendar["version"], calendar["name"], calendar["x-wr-calname"]) == ("2.0", "Été", "Été")
    assert calendar.decoded("refresh-interval") == calendar_file.REFRESH
    assert calendar["x-published-ttl"] == "PT6H"
    assert calendar.events[0].decoded("dtstamp") == NOW


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), min_size=1))
def test_any_title_comes_back_from_lines_of_75_bytes(title: str) -> None:
    content = calendar_file.written("R", [entry(title)], NOW)

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert str(Calendar.from_ical(content).events[0]["summary"]) == title


def test_accents_and_lines_of_a_title_cannot_make_a_line_of_the_file() -> None:
    content = calendar_file.written("R", [entry("é" * 80 + "\r\nATTENDEE:x; a, b")], NOW)

    assert not any(line.startswith(b"ATTENDEE") for line in content.split(b"\r\n"))
    assert "é" * 80 in Calendar.from_ical(content).events[0]["summary"]


def test_signs_that_no_calendar_may_hold_are_left_out_of_a_title() -> None:
    content = calendar_file.written("R", [entry("Par\x07tiel\x00\x7f 1\x0b")], NOW)

    assert Calendar.from_ical(content).events[0]["summary"] == "Partiel 1"
    assert not set(content) & set(b"\x00\x07\x0b\x7f")
