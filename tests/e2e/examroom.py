"""An exam of the live server: its class, its questions, the student in front of the browser."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page
from sqlalchemy import select

from app.models import Attempt, AttemptItem, Course, Membership, Question, User
from app.services import classes, exams
from app.services.exams import Draft
from app.services.identity import person_of
from tests.e2e.conftest import Live
from tests.e2e.keyboard import ACCEPTED_AFTER_MS
from tests.e2e.people import log_in_as


class Room:
    """One exam and its student; every question of the course but flashcards, one of each type."""

    def __init__(self, live: Live, page: Page, **changed: Any) -> None:
        self.live, self.page = live, page
        self.student = log_in_as(page, live, "learner")
        with live.database.writing() as session:
            course = session.scalars(select(Course)).one()
            teacher = User(role="teacher", created_at=live.now(), seen_at=live.now(), login=f"t-{uuid4().hex[:8]}")
            teacher.login_key = teacher.login
            teacher.password_hash = "unusable"
            session.add(teacher)
            session.flush()
            who, now = person_of(teacher), live.now()
            class_id = classes.create(session, who, "L3 Informatique", course.id, now)
            member = Membership(class_id=class_id, user_id=self.student, name="Zoé Martin", joined_at=now)
            session.add(member)
            rows = session.execute(select(Question.id, Question.slug).order_by(Question.position)).all()
            listed = tuple(key for key, slug in rows if slug.endswith("-1") and not slug.startswith("flashcard"))
            draft = Draft("Partiel de Docker", "exam", now, now + timedelta(hours=2), 3600, questions=listed)
            draft = replace(draft, shuffle_questions=False, **changed)
            self.exam_id = exams.create(session, who, class_id, draft, now)
            exams.publish(session, who, self.exam_id, now)

    def start(self) -> int:
        """Start from the exam's page; return the attempt."""
        self.page.goto(f"/exams/{self.exam_id}/")
        self.page.get_by_role("button", name="Commencer").click()
        self.page.wait_for_url("**/attempts/**")
        self.page.wait_for_timeout(ACCEPTED_AFTER_MS)
        return int(self.page.url.partition("/attempts/")[2].partition("/")[0])

    def attempt(self) -> Attempt:
        """The attempt as it is stored."""
        with self.live.database.reading() as session:
            return session.scalars(select(Attempt).where(Attempt.exam_id == self.exam_id)).one()

    def stored(self) -> list[Any]:
        """The responses that are stored, by place."""
        with self.live.database.reading() as session:
            rows = select(AttemptItem.response).where(AttemptItem.attempt_id == self.attempt().id)
            return list(session.scalars(rows.order_by(AttemptItem.position)))
