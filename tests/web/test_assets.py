"""Static files are named by their content; the look keeps its own promises."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.web import assets

STATIC = Path(assets.__file__).parents[1] / "static"
TEMPLATES = STATIC.parent / "templates"
_BLOCK = re.compile(r':root(?::not\(\[data-theme="light"\]\)|\[data-theme="dark"\]) \{(.*?)\}', re.DOTALL)


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    """An application with nothing but a folder of static files."""
    site = Flask("site", static_folder=str(tmp_path), static_url_path="/static")
    assets.init(site)
    return site


def test_the_address_of_a_file_changes_with_its_content(site: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    (tmp_path / "b.css").write_text("b {}")

    with site.test_request_context():
        first, second = assets.asset("a.css"), assets.asset("b.css")

    assert first.startswith("/static/a.css?v=")
    assert first.split("v=")[1] != second.split("v=")[1]


def test_a_file_is_read_once_a_process(site: Flask, tmp_path: Path) -> None:
    file = tmp_path / "once.css"
    file.write_text("a {}")

    with site.test_request_context():
        first = assets.asset("once.css")
        file.unlink()
        second = assets.asset("once.css")

    assert first == second


def test_a_missing_file_is_told_at_once(site: Flask) -> None:
    with site.test_request_context(), pytest.raises(FileNotFoundError):
        assets.asset("nowhere.css")


def test_the_version_on_pages_is_the_one_of_the_project() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", assets.release())


def test_the_two_dark_blocks_are_the_same() -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / "tokens.css").read_text(encoding="utf-8"), flags=re.DOTALL)

    by_system, by_choice = (block.split() for block in _BLOCK.findall(css))

    assert by_system == by_choice


def test_every_icon_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    words = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))

    named = set(re.findall(r'\bicon\("([a-z]+)"\)', words)) | set(re.findall(r"icons\.svg'\) \}\}#([a-z]+)", words))

    assert named
    assert named <= drawn


def test_no_template_holds_an_inline_style_or_script() -> None:
    words = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))

    assert not re.findall(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", words)
