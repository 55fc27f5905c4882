"""How often a visitor may fail, or ask for something dear, before being asked to wait."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.config import Settings

limiter = Limiter(get_remote_address, headers_enabled=True, default_limits=[])


def init(app: Flask, settings: Settings) -> None:
    """Count in Redis when several processes share the work, else in this one."""
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_SWALLOW_ERRORS=bool(settings.redis_url),
    )
    limiter.init_app(app)
