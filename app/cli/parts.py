"""What every command works with, made only when a command asks for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import click

from app.clock import utc_now
from app.config import Settings, SettingsError
from app.db import Database


@dataclass
class Parts:
    """The settings, the database and the clock of one run of the command line."""

    clock: Callable[[], datetime] = field(default=utc_now)

    @cached_property
    def settings(self) -> Settings:
        """The settings of the environment; a problem there is a usage error (exit status 2)."""
        try:
            return Settings.from_env()
        except SettingsError as error:
            raise click.UsageError(str(error)) from error

    @cached_property
    def database(self) -> Database:
        """The database that the settings name."""
        if self.settings.is_sqlite:
            self.settings.instance.mkdir(parents=True, exist_ok=True)
        return Database(self.settings.database_url)
