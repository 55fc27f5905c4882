"""What a process that serves does beside it: once an hour it deletes what is kept no longer."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from app.db import Database
from app.services.housekeeping import clean_up

EVERY_S = 3600.0
_logger = logging.getLogger("rappel.housekeeping")


def keep_house(database: Database, clock: Callable[[], datetime], every_s: float = EVERY_S) -> threading.Event:
    """Clean up every hour from now on, in a thread that ends with the process, or when the event returned is set.

    Whatever goes wrong is logged, and tried again an hour later: nobody waits for it. Several processes may do it.
    """
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(every_s):
            try:
                clean_up(database, clock())
            except Exception:
                _logger.exception("what is kept no longer could not be deleted; tried again in an hour")

    threading.Thread(target=work, name="housekeeping", daemon=True).start()
    return ended
