"""The shell and the service worker: which files a device keeps, named by their content."""

from hashlib import sha256
from pathlib import Path

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from app.web.assets import asset
from app.web.i18n import LOCALES

_SHEETS = ("tokens", "base", "controls", "study", "tables")
_VERSION_SIGNS = 12


def shell(locale: str) -> str:
    """The page without a person, in one language."""
    return render_template("offline/shell.html", locale=locale)


def script() -> str:
    """The worker; its text changes with every file it keeps, which is how browsers learn that there are new ones."""
    pages = {locale: url_for("offline.shell", locale=locale) for locale in LOCALES}
    kept = _files()
    return render_template("offline/worker.js", version=_version(kept), files=kept, shells=pages)


def _files() -> list[str]:
    """The addresses that the shell's page loads: modules name each other without a version."""
    folder = Path(current_app.static_folder or "") / "js"
    modules = [url_for("static", filename=f"js/{path.name}") for path in sorted(folder.glob("*.js"))]
    named = [*(f"css/{sheet}.css" for sheet in _SHEETS), "icons.svg", "favicon.svg"]
    return [*(asset(name) for name in named), asset("js/rappel.js"), asset("js/offline-shell.js"), *modules]


def _version(files: list[str]) -> str:
    folder = Path(current_app.static_folder or "") / "js"
    digest = sha256("\n".join(files).encode())
    for path in sorted(folder.glob("*.js")):
        digest.update(asset(f"js/{path.name}").encode())
    for locale in LOCALES:
        with force_locale(locale):
            digest.update(shell(locale).encode())
    return digest.hexdigest()[:_VERSION_SIGNS]
