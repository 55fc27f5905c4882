"""Values that Docker takes for the same, brought to one spelling."""

import re
from collections.abc import Callable
from decimal import Decimal

# What github.com/docker/go-units reads as an amount of memory; units are powers of 1024.
_BYTES = re.compile(r"(\d{1,18}(?:\.\d{1,6})?) ?([kmgtp]?)i?b?", re.IGNORECASE)
_POWERS = " kmgtp"
_DECIMAL = re.compile(r"\d{1,9}(?:\.\d{1,9})?|\.\d{1,9}")
_MOUNT_FIELDS = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly"}


def normal(option: str, value: str) -> str:
    """One spelling of the value of the option whose long name is `option`."""
    return _BY_OPTION.get(option, str)(value)


def image(name: str) -> str:
    """One spelling of an image's name: without Docker Hub's default address, with its tag."""
    short = name.removeprefix("docker.io/").removeprefix("library/")
    return short if not short or "@" in short or ":" in short.rpartition("/")[2] else f"{short}:latest"


def _publish(value: str) -> str:
    return value.removesuffix("/tcp")


def _volume(value: str) -> str:
    """Paths with or without their last slash are one; so are `:rw` and nothing."""
    parts = value.removesuffix(":rw").split(":")
    return ":".join(part.rstrip("/") or part for part in parts)


def _amount(value: str) -> str:
    found = _BYTES.fullmatch(value)
    if found is None:
        return value
    return str(int(Decimal(found[1]) * 1024 ** _POWERS.index(found[2].lower() or " ")))


def _decimal(value: str) -> str:
    return f"{Decimal(value).normalize():f}" if _DECIMAL.fullmatch(value) else value


def _mount(value: str) -> str:
    fields = []
    for field in value.split(","):
        name, equals, rest = field.partition("=")
        name = _MOUNT_FIELDS.get(name, name)
        fields.append(name if name == "readonly" and rest in ("", "true", "1") else name + equals + rest)
    return ",".join(sorted(fields))


_MEMORY = ("memory", "memory-swap", "memory-reservation", "shm-size", "kernel-memory", "limit-memory", "reserve-memory")
_BY_OPTION: dict[str, Callable[[str], str]] = {
    "publish": _publish,
    "expose": _publish,
    "volume": _volume,
    "tag": image,
    "cpus": _decimal,
    "mount": _mount,
    **dict.fromkeys(_MEMORY, _amount),
}
