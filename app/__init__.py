"""Rappel: a course becomes a question bank, revised for the day of the exam, with scores that import cleanly."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from app.clock import utc_now
from app.config import Settings
from app.db import Database
from app.web import wire


def create_app(settings: Settings, clock: Callable[[], datetime] = utc_now, database: Database | None = None) -> Flask:
    """Wire one application: no migration, no network, no file read but templates and catalogues."""
    app = Flask(__name__)
    wire(app, settings, database or Database(settings.database_url), clock)
    return app
