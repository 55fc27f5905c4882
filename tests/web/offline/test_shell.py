"""What a device keeps of the site itself: nobody's, and without a key."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.services.identity import Person


def status(client: FlaskClient, address: str) -> int:
    """Whether a file is there."""
    with client.get(address) as reply:
        return reply.status_code


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_shell_is_the_same_for_everybody(app: Flask, client: FlaskClient, log_in: object, locale: str) -> None:
    visitor = app.test_client().get(f"/offline/{locale}")
    log_in(login="alice", theme="dark", locale="en")  # type: ignore[operator]

    learner = client.get(f"/offline/{locale}")

    assert visitor.text == learner.text
    assert f'<html lang="{locale}">' in learner.text
    assert "csrf_token" not in learner.text
    assert "data-account" not in learner.text


def test_other_pages_say_whose_they_are(client: FlaskClient, log_in: object) -> None:
    assert 'data-account=""' in client.get("/").text

    who: Person = log_in(login="alice")  # type: ignore[operator]

    assert f'data-account="{who.id}"' in client.get("/").text


def test_the_worker_names_every_file_that_the_shell_loads(client: FlaskClient) -> None:
    worker = client.get("/sw.js")
    kept = set(json.loads(re.search(r"FILES = (\[.*?\]);", worker.text)[1]))  # type: ignore[index]
    page = client.get("/offline/fr").text
    loaded = set(re.findall(r'(?:src|<link rel="(?:icon|stylesheet)" href)="(/static/[^"]+)"', page))

    assert worker.mimetype == "text/javascript"
    assert loaded
    assert loaded <= kept
    assert {status(client, address) for address in kept} == {200}


def test_the_worker_keeps_no_page_but_the_shells(client: FlaskClient) -> None:
    worker = client.get("/sw.js").text

    assert json.loads(re.search(r"SHELLS = (\{.*?\});", worker)[1]) == {"en": "/offline/en", "fr": "/offline/fr"}  # type: ignore[index]
    assert worker.count("cache.addAll") == 1
    assert "cache.put" not in worker


def test_the_manifest_makes_the_site_installable(client: FlaskClient) -> None:
    reply = client.get("/manifest.webmanifest")
    manifest = json.loads(reply.text)

    assert reply.mimetype == "application/manifest+json"
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512", "any"}
    assert {status(client, icon["src"]) for icon in manifest["icons"]} == {200}
