"""A teacher of the tests who uploads questions."""

from typing import Any

from app.db import Database
from app.services import uploading
from app.services.identity import Person
from app.services.uploading import DryRun, NewUpload
from tests.bank.packing import written
from tests.conftest import Clock


class Teacher:
    """A teacher who sends files, and applies what they are shown."""

    def __init__(self, db: Database, clock: Clock, person: Person, course_id: int | None) -> None:
        self.db, self.clock, self.person, self.course_id = db, clock, person, course_id

    def send(self, content: Any, name: str = "mine.yaml", retire: bool = False) -> int:
        """Send bytes, or what is to be written as YAML."""
        data = content if isinstance(content, bytes) else written(content)
        with self.db.writing() as session:
            new = NewUpload(name, data, self.course_id, retire)
            return uploading.keep(session, self.person, new, self.clock())

    def see(self, upload_id: int) -> DryRun:
        return uploading.dry_run(self.db, self.person, upload_id, self.clock())

    def apply(self, upload_id: int, shown: str | None = None) -> bool:
        """Apply what is shown now, or what was shown earlier."""
        shown = shown or self.see(upload_id).difference.fingerprint
        return uploading.apply(self.db, self.person, upload_id, shown, self.clock())

    def bring(self, content: Any, **how: Any) -> DryRun:
        """Send a file and apply it; return what was shown."""
        upload_id = self.send(content, **how)
        run = self.see(upload_id)
        assert [str(problem) for problem in run.difference.problems] == []
        assert self.apply(upload_id, run.difference.fingerprint)
        return run
