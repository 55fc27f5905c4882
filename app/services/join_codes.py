"""Codes that people copy by hand to join: a class's, and the personal ones of its roster."""

import secrets

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else: 5 bits each
_LENGTH, _GROUP = 9, 3  # 45 bits


def new() -> str:
    """A code that nobody guesses."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def grouped(code: str) -> str:
    """A code in groups that the eye can hold: "KQ7-M4X-9TB"."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def plain(typed: str) -> str:
    """A code as it is stored; case, spaces and hyphens do not count. Empty for what cannot be one."""
    code = "".join(sign for sign in typed.upper() if not sign.isspace() and sign != "-")
    return code if len(code) == _LENGTH and set(code) <= set(_SIGNS) else ""
