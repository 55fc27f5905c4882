"""The question itself: whole, one, short enough, worded positively."""

from collections.abc import Iterator

from app.bank.lint.language import ASKING_WHICH, LAST_ARTICLE, NEGATION, SINGULAR_ARTICLE, SUBORDINATE
from app.bank.lint.reading import Finding, Subject, asking, has_code, prose, sentences, unstressed, words
from app.bank.rules import BLANK, LANGUAGES
from app.bank.schema import ClozeQuestion, FlashcardQuestion, TrueFalseQuestion

LONG_WORDS = 60
SHORT_WORDS = 4
_LAST = frozenset(".?!:…")
_TWICE = 2


def whole(subject: Subject) -> Iterator[Finding]:
    """A question ends as a sentence does, or with code."""
    for language in LANGUAGES:
        stem = subject.stem(language).rstrip()
        if stem[-1] not in _LAST and not stem.endswith(("`", "}}")):
            yield ("text", language), "the question ends without . ? ! or :"


def long_enough(subject: Subject) -> Iterator[Finding]:
    """A question of three words asks nothing on its own, unless it is about a snippet."""
    if subject.question.code is not None or subject.question.type == "flashcard":
        return
    for language in LANGUAGES:
        stem = subject.stem(language)
        if len(words(stem)) < SHORT_WORDS and not has_code(stem) and not BLANK.search(stem):
            yield ("text", language), f"fewer than {SHORT_WORDS} words: does it ask a question on its own?"


def short_enough(subject: Subject) -> Iterator[Finding]:
    """Decor is left out; what is code is not counted."""
    for language in LANGUAGES:
        count = sum(word != "x" for word in prose(subject.stem(language)).split())
        if count > LONG_WORDS:
            yield ("text", language), f"{count} words without the code, more than {LONG_WORDS}"


def one_question(subject: Subject) -> Iterator[Finding]:
    """One question at a time; a flashcard may add “Why?”."""
    if isinstance(subject.question, FlashcardQuestion):
        return
    for language in LANGUAGES:
        count = sum(sentence.rstrip().endswith("?") for sentence in sentences(subject.stem(language)))
        if count >= _TWICE:
            yield ("text", language), f"{count} questions in one"


def negated(subject: Subject, language: str, stressed: bool = False) -> bool:
    """Whether the question asks which one is *not* so; a negation in bold or capitals counts if `stressed`."""
    stem = subject.stem(language)
    asked = asking(stem.replace("*", "") if stressed else unstressed(stem))
    which = ASKING_WHICH[language].search(asked)
    if which is None:
        return False
    proper = SUBORDINATE[language].split(asked[which.end() :], maxsplit=1)[0]
    found = NEGATION[language].search(proper)
    return found is not None and (stressed or not found.group().isupper())


def positive(subject: Subject) -> Iterator[Finding]:
    """A question is worded positively; a negation that is needed stands in bold."""
    for language in LANGUAGES:
        if subject.choices and negated(subject, language):
            yield ("text", language), "a negative question: word it positively, or set the negation in bold"


def single_negation(subject: Subject) -> Iterator[Finding]:
    """No negation in the question and in a choice; no two in one statement."""
    for language in LANGUAGES:
        pattern = NEGATION[language]
        if isinstance(subject.question, TrueFalseQuestion):
            statement = sentences(subject.stem(language))[-1]  # what stands before it sets the scene
            if len(pattern.findall(statement)) >= _TWICE:
                yield ("text", language), "two negations in a statement to judge"
        elif subject.choices and negated(subject, language, stressed=True):
            for position, told in enumerate(subject.told(language)):
                if pattern.search(prose(told)):
                    yield ("choices", position, "text", language), "a negation in the choice and in the question"


def no_last_article(subject: Subject) -> Iterator[Finding]:
    """No article stands last before the choices: it would agree with one of them."""
    for language in LANGUAGES:
        if subject.choices and (found := LAST_ARTICLE[language].search(prose(subject.stem(language)))):
            told = found.group().strip(" \u00a0:…")
            yield ("text", language), f"“{told}” before the choices agrees with some of them only"


def no_article_before_gap(subject: Subject) -> Iterator[Finding]:
    """No article in the singular stands just before a gap: it would tell the gender or the first letter."""
    if not isinstance(subject.question, ClozeQuestion):
        return
    for language in LANGUAGES:
        stem = subject.stem(language)
        for gap in BLANK.finditer(stem):
            if found := SINGULAR_ARTICLE[language].search(prose(stem[: gap.start()])):
                told = found.group().strip()
                yield ("text", language), f"“{told}” before {gap.group()} tells the gender or the first letter"
