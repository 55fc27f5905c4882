"""Code: what stands between backticks, and the snippets."""

from collections.abc import Iterator

from app.bank.lint.reading import Finding, Subject, spans


def same_code(subject: Subject) -> Iterator[Finding]:
    """What one language has between backticks, the other has too."""
    for path, text in subject.texts:
        if alone := spans(text.fr) ^ spans(text.en):
            told = " ".join(f"`{code}`" for code in sorted(alone))
            yield path, f"code that stands in one language only: {told}"
