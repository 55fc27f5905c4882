"""`user`: accounts, roles and one-time password links, for whoever runs the installation."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import click

from app.cli.parts import Parts, ToldGroup
from app.config import Settings
from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.services import accounts, codes, migrating, passwords
from app.services.accounts import ROLES, NewAccount, Wanted

_SENTENCES = {
    "login_length": "a login name has {shortest} to {longest} characters",
    "login_characters": "a login name holds no invisible characters",
    "login_formula": "a login name does not begin with = + - or @: spreadsheets run it as a formula",
    "login_taken": "this login name is taken",
    "name_long": "a name has at most {longest} characters",
    "name_characters": "a name holds no invisible characters",
    "name_formula": "a name does not begin with = + - or @: spreadsheets run it as a formula",
    "password_short": "a password has at least {shortest} characters",
    "password_long": "a password has at most {longest} characters",
    "password_characters": "a password cannot hold one of these characters",
    "password_common": "this password is among the first that are tried",
    "password_is_login": "the login name cannot be the password",
}
_CONFLICTS = {
    "last_admin": "this is the only administrator: appoint another first",
    "inactive": "this account is closed: open it first with `user open`",
    "guest": "a guest has no login name",
}
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group(cls=ToldGroup)
@click.pass_obj
def user(parts: Parts) -> None:
    """Make accounts, give roles, help people who lost their password."""


@user.command()
@click.argument("login")
@click.option("--role", type=click.Choice(ROLES), default="learner", show_default=True, help="What they may do.")
@click.option("--name", default="", help="The name that others see.")
@click.option("--locale", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Their language.")
@click.option("--generate", is_flag=True, help="Make a password and print it once, instead of asking for one.")
@_AS_JSON
@click.pass_obj
def add(parts: Parts, login: str, role: str, name: str, locale: str, generate: bool, as_json: bool) -> None:
    """Make an account named LOGIN; the password is asked for, or made up with --generate."""
    password = secrets.token_urlsafe(12) if generate else _asked()
    migrating.upgrade(parts.database)
    with _told(), parts.database.reading() as session:
        found = accounts.problems(session, Wanted(login, password, name))
        if found:
            raise Invalid(found)
    new = NewAccount(login, passwords.hashed(password), name, locale=locale, role=role)
    with _told(), parts.database.writing() as session:
        accounts.register(session, new, parts.clock())
    shown = {"password": password} if generate else {}
    words = f"{login}: {role} added" + (f"; password, printed this once: {password}" if generate else "")
    _print({"login": login, "role": role, **shown}, words, as_json)


@user.command()
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
@click.pass_obj
def role(parts: Parts, login: str, role: str) -> None:
    """Make LOGIN a learner, a teacher or an admin, from their next page on."""
    migrating.upgrade(parts.database)
    with _told(), parts.database.writing() as session:
        accounts.set_role(session, accounts.id_of(session, login), role)
    click.echo(f"{login}: {role}")


@user.command()
@click.argument("login")
@_AS_JSON
@click.pass_obj
def password(parts: Parts, login: str, as_json: bool) -> None:
    """Print a link that sets LOGIN's password: it works once, within an hour."""
    migrating.upgrade(parts.database)
    now = parts.clock()
    with _told(), parts.database.writing() as session:
        code = codes.issue_password_link(session, accounts.id_of(session, login), now)
    link = f"{_address(parts.settings)}/account/reset/{code}"
    ends = (now + codes.LINK_LIFETIME).isoformat(timespec="seconds")
    _print({"login": login, "link": link, "expires_at": ends}, link, as_json)


@user.command(name="close")
@click.argument("login")
@click.pass_obj
def close(parts: Parts, login: str) -> None:
    """Close LOGIN's account: they are out at once, and their progress stays."""
    _set_active(parts, login, active=False)


@user.command(name="open")
@click.argument("login")
@click.pass_obj
def open_(parts: Parts, login: str) -> None:
    """Open LOGIN's account again."""
    _set_active(parts, login, active=True)


@user.command(name="list")
@_AS_JSON
@click.pass_obj
def list_(parts: Parts, as_json: bool) -> None:
    """List the accounts, and count the guests."""
    migrating.upgrade(parts.database)
    with parts.database.reading() as session:
        people, guests = accounts.everyone(session), accounts.count_guests(session)
    rows = [
        {
            "login": one.login,
            "name": one.display_name,
            "role": one.role,
            "open": one.active,
            "seen_at": one.seen_at.isoformat(timespec="seconds"),
        }
        for one in people
    ]
    lines = [f"{one.login}\t{one.role}\t{'open' if one.active else 'closed'}\t{one.seen_at:%Y-%m-%d}" for one in people]
    _print({"people": rows, "guests": guests}, "\n".join([*lines, f"accounts: {len(rows)}, guests: {guests}"]), as_json)


def _asked() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _set_active(parts: Parts, login: str, active: bool) -> None:
    migrating.upgrade(parts.database)
    with _told(), parts.database.writing() as session:
        accounts.set_active(session, accounts.id_of(session, login), active)
    click.echo(f"{login}: {'open' if active else 'closed'}")


@contextmanager
def _told() -> Iterator[None]:
    """What a service refuses, as lines on stderr and exit status 1."""
    try:
        yield
    except NotFound as error:
        raise click.ClickException("nobody has this login name") from error
    except Conflict as error:
        raise click.ClickException(_CONFLICTS.get(error.reason, error.reason)) from error
    except Invalid as error:
        raise click.ClickException("\n".join(_sentence(problem) for problem in error.problems)) from error


def _sentence(problem: FieldProblem) -> str:
    sentence = _SENTENCES.get(problem.code, problem.code)
    return f"{problem.field}: {sentence.format(**dict(problem.params))}"


def _address(settings: Settings) -> str:
    """Where a browser finds this installation: its public address, else this machine's."""
    if settings.base_url:
        return settings.base_url
    try:
        found = ip_address(settings.host)
    except ValueError:
        return f"http://{settings.host}:{settings.port}"
    host = "127.0.0.1" if found.is_unspecified else str(found)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _print(document: dict[str, Any], words: str, as_json: bool) -> None:
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else words)
