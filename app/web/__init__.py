"""The pages: one slice per audience, wired here in one place."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from app.config import Settings
from app.db import Database
from app.web import assets, context, errors, i18n, identity, instants, limits, logs, markup, security
from app.web.account import views as account
from app.web.calendar import views as calendar
from app.web.cards import views as cards
from app.web.exams import views as exams
from app.web.home import views as home
from app.web.join import views as join
from app.web.offline import views as offline
from app.web.plan import views as plan
from app.web.practice import views as practice
from app.web.privacy import views as privacy
from app.web.progress import views as progress
from app.web.review import views as review
from app.web.settings import views as preferences
from app.web.teach import views as teach

_STUDY = (review, plan, calendar, offline, practice, exams, cards, progress)
_SLICES = (home, account, *_STUDY, preferences, join, teach, privacy)


def wire(app: Flask, settings: Settings, database: Database, clock: Callable[[], datetime]) -> None:
    """Give `app` its configuration, its extensions and its blueprints."""
    context.init(app, settings, database, clock)
    security.init(app, settings)
    logs.init(app)
    identity.init(app)
    i18n.init(app)
    instants.init(app)
    markup.init(app)
    assets.init(app)
    limits.init(app, settings)
    errors.init(app)
    for slice_ in _SLICES:
        app.register_blueprint(slice_.bp)
