"""The table of an exam's marks: who each row is."""

from collections.abc import Callable

from app.exam.regrading import Change, Kind
from app.models import Membership
from app.services import mark_table, regrades
from app.services.identity import Person
from tests.classroom import enrol
from tests.hall import Hall, answer_all, item_at


def test_students_of_one_name_are_told_apart(make_hall: Callable[..., Hall], make_user: Callable[..., Person]) -> None:
    hall = make_hall()
    one, _ = (enrol(hall.db, hall.taught, make_user(login), "Jean Martin", hall.clock()) for login in ("jm", "jm2"))
    answer_all(hall, one, "a")
    with hall.db.writing() as session:
        session.query(Membership).filter_by(user_id=one.id).update({"institution_id": "E010"})

    with hall.db.reading() as session:
        names = [row.name for row in mark_table.read(session, hall.teacher, hall.exam_id, hall.clock()).rows]
        change = regrades.preview(
            session, hall.teacher, hall.exam_id, item_at(hall, 1), Change(Kind.EVERYBODY, {}), hall.clock()
        )

    assert [name for name in names if "Martin" in name] == ["Jean Martin (E010)", "Jean Martin (jm2)"]
    assert [each.name for each in change.effect.gain] == ["Jean Martin (E010)"]
