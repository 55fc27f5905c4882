"""gunicorn, told what to serve in code; imported only where several processes serve."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class Workers(BaseApplication):  # type: ignore[misc]
    """The processes that share one listening socket."""

    def __init__(self, make_app: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make_app = make_app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are: no file, no variable of the environment."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application; called in each worker, after the fork."""
        return self._make_app()
