"""Settings from the environment: read once, typed, frozen; every problem told at once."""

import contextlib
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

_ROOT = Path(__file__).resolve().parent.parent
_MAX_PORT = 65535
_SHORTEST_SECRET = 16
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class SettingsError(Exception):
    """One clear line for each setting that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What differs between two installations.

    `courses` are folders that each hold a course.yaml; `trusted_proxies` counts the reverse
    proxies in front whose X-Forwarded-* headers are believed.
    """

    instance: Path
    database_url: str
    secret_key: str
    courses: tuple[Path, ...]
    base_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    redis_url: str | None = None
    trusted_proxies: int = 0

    @property
    def secure(self) -> bool:
        """Whether browsers reach this installation by https."""
        return (self.base_url or "").startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file, served by one process only."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read `RAPPEL_*`; make and keep a secret on a private installation.

        Raises SettingsError with one line a problem.
        """
        env = os.environ if environ is None else environ
        problems: list[str] = []
        host = env.get("RAPPEL_HOST", "127.0.0.1")
        base_url = _base_url(env.get("RAPPEL_BASE_URL"), problems)
        instance = Path(env.get("RAPPEL_INSTANCE", "instance")).absolute()
        values = {
            "host": host,
            "port": _whole(env, "RAPPEL_PORT", 8000, (0, _MAX_PORT), problems),
            "base_url": base_url,
            "instance": instance,
            "database_url": env.get("RAPPEL_DATABASE_URL") or _sqlite_url(instance / "rappel.db"),
            "courses": _courses(env.get("RAPPEL_COURSES"), problems),
            "redis_url": env.get("RAPPEL_REDIS_URL") or None,
            "trusted_proxies": _whole(env, "RAPPEL_TRUSTED_PROXIES", 0, (0, 10), problems),
        }
        if _in_memory(str(values["database_url"])):
            problems.append("RAPPEL_DATABASE_URL: names no file; a database in memory would be lost at every stop")
        production = not _is_loopback(host) or (base_url or "").startswith("https://")
        secret = env.get("RAPPEL_SECRET_KEY", "").strip()
        if secret and len(secret) < _SHORTEST_SECRET:
            problems.append(f"RAPPEL_SECRET_KEY: shorter than {_SHORTEST_SECRET} characters; take a long random one")
        elif production and not secret:
            problems.append(
                "RAPPEL_SECRET_KEY: missing; an installation that others reach needs a secret of its own "
                "(python -c 'import secrets; print(secrets.token_hex(32))')"
            )
        if problems:
            raise SettingsError("\n".join(problems))
        return cls(secret_key=secret or _kept_secret(instance), **values)  # type: ignore[arg-type]


def courses_from_env(environ: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """The folders of the courses alone, for what needs neither a database nor a secret; raises SettingsError."""
    problems: list[str] = []
    folders = _courses((os.environ if environ is None else environ).get("RAPPEL_COURSES"), problems)
    if problems:
        raise SettingsError("\n".join(problems))
    return folders


def packaged(folder: str) -> Path:
    """`migrations` or `questions`: the copy inside an installed wheel, else the checkout's folder."""
    inside = Path(__file__).resolve().parent / f"_{folder}"
    return inside if inside.is_dir() else _ROOT / folder


def _in_memory(url: str) -> bool:
    """Whether an address of SQLite names no file; an address that cannot be read is told of when it is opened."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return False
    name = parsed.database or ""
    return parsed.get_backend_name() == "sqlite" and (not name or ":memory:" in name or "mode" in parsed.query)


def _sqlite_url(path: Path) -> str:
    """The address of a file, whatever signs its path holds."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def _courses(value: str | None, problems: list[str]) -> tuple[Path, ...]:
    if not value:
        return tuple(sorted(path.parent for path in packaged("questions").glob("*/course.yaml")))
    folders = tuple(Path(part) for part in value.split(os.pathsep) if part)
    if not folders:
        problems.append("RAPPEL_COURSES: names no folder")
    problems += [
        f"RAPPEL_COURSES: {folder} has no course.yaml" for folder in folders if not (folder / "course.yaml").is_file()
    ]
    return folders


def _whole(env: Mapping[str, str], name: str, default: int, bounds: tuple[int, int], problems: list[str]) -> int:
    low, high = bounds
    text = env.get(name) or str(default)
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    problems.append(f"{name}: {text!r} is not a whole number from {low} to {high}")
    return default


def _base_url(value: str | None, problems: list[str]) -> str | None:
    if not value:
        return None
    try:
        parts = urlsplit(value)
        extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
        named = ":" in (parts.hostname or "") or _HOST.fullmatch(parts.hostname or "")
        sound = parts.scheme in {"http", "https"} and named and parts.port != 0 and not extra
    except ValueError:  # a port out of range, a bracket left open
        sound = False
    if not sound:
        problems.append(f"RAPPEL_BASE_URL: {value!r} is not like https://rappel.example.org")
    return value.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _kept_secret(instance: Path) -> str:
    """The secret of a private installation, made once; two first starts at the same instant agree on one."""
    path = instance / "secret"
    instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make_secret(instance, path)
    kept = path.read_text(encoding="ascii").strip()
    if not kept:
        raise SettingsError(f"{path} is empty: delete it, a new secret is made at the next start")
    return kept


def _make_secret(folder: Path, path: Path) -> None:
    """Write the secret whole under another name, then give it its own, which only the first can do."""
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix="secret.")  # 0600, whatever the umask
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            _name_once(draft, path)
    finally:
        Path(draft).unlink()


def _name_once(draft: str, path: Path) -> None:
    """Give a file its name unless another has it; where the disk knows no hard links, take the name as it is."""
    try:
        os.link(draft, path)
    except PermissionError:
        shutil.copy(draft, path)
