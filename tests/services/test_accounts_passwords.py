"""Passwords: what may be one, how one is stored and checked."""

import os
import threading
import unicodedata

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import passwords


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing, for tests that make many."""
    monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def test_a_hash_is_argon2id_with_19_mib_2_passes_and_1_lane() -> None:
    parameters = argon2.extract_parameters(passwords.hashed("correct horse"))

    assert (parameters.type, parameters.memory_cost) == (argon2.Type.ID, 19_456)
    assert (parameters.time_cost, parameters.parallelism) == (2, 1)


def test_nobodys_hash_costs_what_a_real_one_costs() -> None:
    assert argon2.extract_parameters(passwords._NOBODY) == argon2.extract_parameters(passwords.hashed("correct horse"))


@pytest.mark.parametrize("known", [True, False])
def test_a_known_and_an_unknown_name_take_one_check_each(monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    stored = passwords.hashed("correct horse") if known else None
    checks = []
    monkeypatch.setattr(passwords._hasher.__class__, "verify", lambda _self, hash_, _password: checks.append(hash_))

    passwords.verify(stored, "wrong horse")

    assert len(checks) == 1


def test_nobody_has_no_right_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords._hasher.__class__, "verify", lambda _self, _hash, _password: True)

    assert not passwords.verify(None, "anything").right


def test_a_hash_of_older_parameters_is_made_again() -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse")

    verdict = passwords.verify(old, "correct horse")

    assert verdict.rehashed is not None
    assert passwords.verify(verdict.rehashed, "correct horse") == passwords.Verdict(True)


def test_a_hash_of_todays_parameters_is_left_alone() -> None:
    assert passwords.verify(passwords.hashed("correct horse"), "correct horse") == passwords.Verdict(True)


@pytest.mark.parametrize("stored", ["unusable", "", "$argon2id$"])
def test_something_that_is_no_hash_fits_no_password(stored: str) -> None:
    assert not passwords.verify(stored, "correct horse").right


@pytest.mark.parametrize("password", ["x" * 129, "correct \ud800 horse"])
def test_what_cannot_be_a_password_is_wrong_without_an_error(password: str) -> None:
    assert not passwords.verify(passwords.hashed("correct horse"), password).right


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=40))
def test_any_characters_make_a_password(password: str) -> None:
    problem = passwords.problem(password, "alice")

    assert problem is None or problem.code in {"password_common", "password_short"}  # composing shortens


def test_an_accent_typed_in_two_ways_is_one_password(cheap: None) -> None:
    composed = "motdepassé long"

    assert passwords.verify(passwords.hashed(composed), unicodedata.normalize("NFD", composed)).right


@pytest.mark.parametrize("other", ["Correct horse", "correct horse ", "correct  horse"])
def test_case_and_spaces_of_a_password_count(cheap: None, other: str) -> None:
    assert not passwords.verify(passwords.hashed("correct horse"), other).right


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("1234567", "password_short"),
        ("x" * 129, "password_long"),
        ("motdepasse", "password_common"),
        ("AzertyUIOP", "password_common"),
        ("zzzzzzzzzzzz", "password_common"),
        ("Alice.Martin", "password_is_login"),
        ("alice.martin@example.org", "password_is_login"),
        ("lone \ud800 surrogate", "password_characters"),
    ],
)
def test_a_guessable_or_impossible_password_is_refused(password: str, code: str) -> None:
    problem = passwords.problem(password, "alice.martin@example.org")

    assert problem is not None
    assert problem.code == code


@pytest.mark.parametrize("password", ["12345679", "x y z x y z", "é" * 4 + "a" * 124, "alice.martin1"])
def test_length_is_what_counts_in_a_password(password: str) -> None:
    assert passwords.problem(password, "alice.martin@example.org") is None


def test_no_more_passwords_are_checked_at_once_than_there_are_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, counting = 0, 0, threading.Lock()
    both_in = threading.Barrier(os.cpu_count() or 1)

    def slow(_self: object, _hash: str, _password: str) -> bool:
        nonlocal at_once, most
        with counting:
            at_once += 1
            most = max(most, at_once)
        both_in.wait(10)
        with counting:
            at_once -= 1
        return True

    monkeypatch.setattr(passwords._hasher.__class__, "verify", slow)
    monkeypatch.setattr(passwords._hasher.__class__, "check_needs_rehash", lambda _self, _hash: False)
    rush = [
        threading.Thread(target=passwords.verify, args=("stored", "correct horse")) for _ in range(4 * both_in.parties)
    ]

    for one in rush:
        one.start()
    for one in rush:
        one.join(30)

    assert most == os.cpu_count()
