"""A calendar that programs subscribe to: iCalendar (RFC 5545), with the refresh interval of RFC 7986."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

REFRESH = timedelta(hours=6)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # in no text of the standard
_PRODUCT = "-//Rappel//Rappel//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. It lasts from `begins` to `ends`: days (the last one not counted), or instants in UTC; None is a
    moment without length.

    `uid` is the same at every look, so that a program changes the entry it has. Busy time is `busy`.
    """

    uid: str
    title: str
    begins: date | datetime
    ends: date | datetime | None
    link: str = ""
    busy: bool = False


def written(name: str, entries: Iterable[Entry], as_of: datetime) -> bytes:
    """The file: the calendar's name, and its entries as they were at the instant `as_of`."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):  # the standard's, and the one that most programs read
        calendar.add(key, name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry, as_of))
    return bytes(calendar.to_ical())


def _event(entry: Entry, as_of: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", as_of)
    event.add("summary", _CONTROLS.sub("", entry.title))
    event.add("dtstart", entry.begins)
    if entry.ends is not None:
        event.add("dtend", entry.ends)
    if entry.link:
        event.add("url", entry.link)
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
