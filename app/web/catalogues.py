"""The translations in the form that is read at run time, made from the ones that people write."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_FOLDER = Path(__file__).resolve().parent.parent / "translations"


def compile_stale() -> None:
    """Compile each catalogue that has no compiled form, or an older one; safe beside a process that reads them.

    Raises OSError where the folder cannot be written and something is missing.
    """
    for source in sorted(_FOLDER.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(f".{os.getpid()}")
        try:
            with source.open("rb") as words, draft.open("wb") as compiled:
                write_mo(compiled, read_po(words, locale=source.parent.parent.name))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
