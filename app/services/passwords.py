"""Passwords: what may be one, how one is stored, and how one is checked.

argon2id with the parameters of OWASP's password storage advice (2 passes, 19 MiB, 1 lane). A hash
costs tens of milliseconds and 19 MiB: never inside a transaction, and no more at once than there
are processors, so that people at work do not wait behind those who arrive.
"""

import os
import threading
import unicodedata
from dataclasses import dataclass

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import FieldProblem

SHORTEST = 8
LONGEST = 128

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
_turn = threading.BoundedSemaphore(os.cpu_count() or 1)
# Stands for the hash of a name that nobody has: checking it takes as long as checking a real one.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$fUcqTYRb5KeeMSYm6CQNHg$AuwqN/6gl9hLl6cyuG4SAga9rFtzrHP4YIigxx2/X4A"
# The commonest long enough to be tried first, French and English; shorter ones are refused anyway.
_COMMON = frozenset(
    """
    00000000 000000000 0000000000 11111111 111111111 1111111111 11223344 112233445566 12121212 12341234
    12344321 123123123 123321123 12345678 123456789 1234567890 12345678910 1234567891 0123456789
    987654321 9876543210 87654321 88888888 99999999 77777777 66666666 55555555 22222222 33333333 44444444
    1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 q1w2e3r4 a1b2c3d4 abcd1234 1234abcd abc12345 abc123456 aa123456
    asdfghjkl asdfasdf asdf1234 azertyui azertyuiop azerty123 azerty1234 azerty12 qwertyui qwertyuiop qwerty123
    qwerty1234 qwerty12 qwerty12345 qwertz123 zxcvbnm1 zxcvbnm123 password password1 password12 password123
    password1234 passw0rd p@ssw0rd p@ssword pa55word passpass motdepasse motdepasse1 motdepasse123 mot2passe
    bonjour1 bonjour123 bonjour12 soleil123 doudou123 loulou123 marseille marseille13 parissg75 chocolat
    chocolat1 princess princess1 princesse nicolas1 camille1 football football1 baseball basketball superman
    batman123 starwars pokemon1 pokemon123 iloveyou iloveyou1 jetaime1 jetaime123 sunshine sunshine1 welcome1
    welcome123 bienvenue bienvenue1 letmein1 letmein123 changeme changeme123 trustno1 whatever internet
    computer ordinateur michelle jennifer anthony1 dragon123 monkey123 master123 admin123 admin1234
    administrator administrateur etudiant etudiant1 student1 student123 teacher1 teacher123 professeur
    formation formation1 docker123 rappel123 secret123 testtest test1234 test12345 azertyuiop123
    """.split()  # noqa: SIM905 a table of words
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password is right; `rehashed` is its hash in today's parameters when the stored one is older."""

    right: bool
    rehashed: str | None = None


def normalise(password: str) -> str:
    """The password as hashed: an accent typed on two keyboards is the same accent (NFC), nothing else changes."""
    return unicodedata.normalize("NFC", password)


def problem(password: str, login: str | None, field: str = "password") -> FieldProblem | None:
    """Why `password` cannot be chosen for the login name `login`, or None when it can.

    8 to 128 characters of any kind; neither one of the commonest passwords nor the login name.
    """
    chosen = normalise(password)
    if not SHORTEST <= len(chosen) <= LONGEST:
        code = "password_short" if len(chosen) < SHORTEST else "password_long"
        return FieldProblem(field, code, (("shortest", SHORTEST), ("longest", LONGEST)))
    if not _encodable(chosen):
        return FieldProblem(field, "password_characters")
    folded = chosen.casefold()
    if folded in _COMMON or len(set(folded)) == 1:
        return FieldProblem(field, "password_common")
    if login and folded in _names(login):
        return FieldProblem(field, "password_is_login")
    return None


def hashed(password: str) -> str:
    """The hash to store for a password; slow on purpose, so never inside a transaction."""
    with _turn:
        return _hasher.hash(normalise(password))


def verify(stored: str | None, password: str) -> Verdict:
    """Check a password against a stored hash; None (nobody has this name) takes as long and is never right."""
    right = _matches(stored or _NOBODY, normalise(password)) and stored is not None
    if right and stored is not None and _hasher.check_needs_rehash(stored):
        return Verdict(True, hashed(password))
    return Verdict(right)


def _matches(stored: str, password: str) -> bool:
    if len(password) > LONGEST or not _encodable(password):
        password = ""  # cannot have been chosen; takes the same time
    with _turn:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _encodable(text: str) -> bool:
    return not any(unicodedata.category(character) == "Cs" for character in text)


def _names(login: str) -> set[str]:
    """A login name and, when it is an address, the part before the @."""
    folded = normalise(login).strip().casefold()
    return {folded, folded.split("@")[0]}
