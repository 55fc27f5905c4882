"""What a file is by its first bytes, where it is no text at all: sent as a list, it would be read as rubbish."""

WORKBOOK, NOT_TEXT = "workbook", "not_text"
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # Excel's files since 2007, and before
_OTHERS = (b"PK\x05\x06", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf")
# Names of an archive's parts are not compressed: a folder of .xlsx, a stream of .xls. OpenDocument has neither.
_OF_EXCEL = {_ZIP: (b"xl/work", b"xl/_rels"), _COMPOUND: ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))}


def told_apart(content: bytes) -> str | None:
    """WORKBOOK for one of Excel, NOT_TEXT for anything else that is no text, None for what may be one."""
    for signature, parts in _OF_EXCEL.items():
        if content.startswith(signature):
            return WORKBOOK if any(part in content for part in parts) else NOT_TEXT
    return NOT_TEXT if content.startswith(_OTHERS) else None
