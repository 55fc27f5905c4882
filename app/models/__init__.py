"""Every table of the application; Alembic sees them all from here."""

from app.models.bank import Course, Objective, Question, QuestionVersion, Topic
from app.models.base import Base
from app.models.classes import Class, ClassTeacher, Download, FormerMember, Membership, RosterLine
from app.models.exams import (
    Adjustment,
    Allowance,
    Attempt,
    AttemptEvent,
    AttemptItem,
    Exam,
    ExamEvent,
    ExamItem,
    GivenForm,
    Regrade,
)
from app.models.flags import QuestionFlag
from app.models.people import LoginSession, OneTimeCode, User
from app.models.plans import ExamPlan, PlanDayOff, PlanLeftOut
from app.models.progress import Card, CardCopy, MemberSum, ReviewLog, StudySum
from app.models.uploads import Upload, UploadedCourse, UploadedQuestion

__all__ = [
    "Adjustment",
    "Allowance",
    "Attempt",
    "AttemptEvent",
    "AttemptItem",
    "Base",
    "Card",
    "CardCopy",
    "Class",
    "ClassTeacher",
    "Course",
    "Download",
    "Exam",
    "ExamEvent",
    "ExamItem",
    "ExamPlan",
    "FormerMember",
    "GivenForm",
    "LoginSession",
    "MemberSum",
    "Membership",
    "Objective",
    "OneTimeCode",
    "PlanDayOff",
    "PlanLeftOut",
    "Question",
    "QuestionFlag",
    "QuestionVersion",
    "Regrade",
    "ReviewLog",
    "RosterLine",
    "StudySum",
    "Topic",
    "Upload",
    "UploadedCourse",
    "UploadedQuestion",
    "User",
]
