"""Login names and shown names: what they may hold, and when two of them are one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.names import login_key, login_problem, name_problem, tidy

logins = st.text(min_size=3, max_size=64).filter(lambda login: login_problem(login) is None)


@pytest.mark.parametrize("login", ["bob", "alice@example.org", "Chloé", "李小龍", "анна", "o'neil", "a" * 64, "é" * 64])
def test_an_address_or_any_name_is_a_login_name(login: str) -> None:
    assert login_problem(login) is None


@pytest.mark.parametrize("login", ["", "ab", " a ", "a" * 65])
def test_a_login_name_has_3_to_64_characters(login: str) -> None:
    problem = login_problem(login)

    assert problem is not None
    assert problem.code == "login_length"


@pytest.mark.parametrize(
    "hidden", ["\x00", "\x1b", "\u200b", "\u202e", "\u2066", "\ufeff", "\u034f", "\u3164", "\ufe0f"]
)
def test_a_login_name_holds_nothing_that_cannot_be_seen(hidden: str) -> None:
    problem = login_problem(f"al{hidden}ice")

    assert problem is not None
    assert problem.code == "login_characters"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", " =", "\u200d@"])
def test_a_shown_name_does_not_begin_as_a_formula(sign: str) -> None:
    problem = name_problem(f"{sign}HYPERLINK(1)")

    assert problem is not None
    assert problem.code == "name_formula"


@pytest.mark.parametrize("login", ["=1+1@example.org", "+33612345678", "-2@example.org", "@alice"])
def test_a_login_name_does_not_begin_as_a_formula(login: str) -> None:
    problem = login_problem(login)

    assert problem is not None
    assert problem.code == "login_formula"


@pytest.mark.parametrize("name", ["Anne-Marie", "a=b", "O'Neil + Co"])
def test_a_sign_inside_a_name_is_a_sign(name: str) -> None:
    assert name_problem(name) is None
    assert login_problem(name) is None


def test_a_line_break_in_a_login_name_is_a_space() -> None:
    assert tidy("alice\r\nbob") == "alice bob"


@given(logins)
def test_folding_a_login_name_again_changes_nothing(login: str) -> None:
    assert login_key(login_key(login)) == login_key(login)


@given(logins, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_a_login_name_is_one_account_however_it_is_encoded(login: str, form: str) -> None:
    assert login_key(unicodedata.normalize(form, login)) == login_key(login)


@given(logins)
def test_a_login_name_is_one_account_in_any_case_and_spacing(login: str) -> None:
    assert login_key(f"  {login.casefold()}\t") == login_key(login)


def test_two_letters_that_only_look_alike_are_two_accounts() -> None:
    assert login_key("аlice") != login_key("alice")  # the first begins with a Cyrillic letter


@pytest.mark.parametrize("name", ["", "Zoé d’Arc", "नमस्ते\u200d", "👩\u200d🔬 Ada"])
def test_a_shown_name_may_be_empty_or_in_any_script(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(("name", "code"), [("x" * 65, "name_long"), ("a\u202eb", "name_characters")])
def test_a_shown_name_is_short_and_reads_in_order(name: str, code: str) -> None:
    problem = name_problem(name)

    assert problem is not None
    assert problem.code == code
