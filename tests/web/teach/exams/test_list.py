"""`/teach/classes/<id>/exams/`: where each exam of a class stands."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.hall import Hall

MakeHall = Callable[..., Hall]


def plain(page: str) -> str:
    return page.replace("\N{NO-BREAK SPACE}", " ")


def test_an_exam_is_listed_with_its_phase_and_its_window_in_words(
    client: FlaskClient, log_in: Callable[..., object], make_hall: MakeHall
) -> None:
    hall = make_hall()
    log_in(hall.teacher)

    page = client.get(f"/teach/classes/{hall.taught.id}/exams/").text

    assert "Partiel" in page
    assert "Ouvert" in page
    assert "le lundi 23 novembre de 10 h 00 à 12 h 00, heure de Paris" in page.replace("\u00a0", " ")


def test_the_page_of_an_exam_lists_no_page_that_does_not_exist(
    client: FlaskClient, log_in: Callable[..., object], make_hall: MakeHall
) -> None:
    hall = make_hall()
    log_in(hall.teacher)

    page = client.get(f"/teach/exams/{hall.exam_id}/")

    assert page.status_code == 200
    assert f'href="/teach/exams/{hall.exam_id}/" aria-current="page"' in page.text
