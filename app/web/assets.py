"""The static files as pages name them: by their content, so that browsers keep them for ever."""

import tomllib
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import Flask, current_app, request, url_for

_DIGEST_SIGNS = 12
_PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def init(app: Flask) -> None:
    """Offer `asset(name)` and `release()` to templates, imported macros included."""
    app.add_template_global(asset)
    app.add_template_global(release)


def asset(name: str) -> str:
    """The address of a static file, which changes when its content does; raises FileNotFoundError for none."""
    return _address(current_app.static_folder or "", request.root_path, name)


@lru_cache(maxsize=256)
def _address(folder: str, _root: str, name: str) -> str:
    """The address with the start of the file's SHA-256, made once a process for each path that we are served under."""
    digest = sha256((Path(folder) / name).read_bytes()).hexdigest()[:_DIGEST_SIGNS]
    return url_for("static", filename=name, v=digest)


@lru_cache(maxsize=1)
def release() -> str:
    """The version of this installation: of the installed package, else of the checkout."""
    try:
        return version("rappel")
    except PackageNotFoundError:
        return str(tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]["version"])
