"""What a program can judge of a sound question's writing; each rule can be silenced with a reason (`allow`)."""

import re
from collections.abc import Callable, Iterable, Iterator

from app.bank.problems import Problem
from app.bank.schema import Model as Part
from app.bank.schema import MultipleQuestion, Question, SingleQuestion, Text

_CODE = re.compile(r"(`+).*?\1", re.DOTALL)
_LONGER = 1.6
_LONG_ENOUGH = 40


def warnings(question: Question, file: str, line: int) -> Iterator[Problem]:
    """The warnings of one question, at the line where it begins."""
    for name, rule in _RULES.items():
        if name in question.allow:
            continue
        for message in rule(question):
            yield Problem(file, line, 1, f"{question.id}: {message}", name, "warning")


def _texts(part: Part) -> Iterator[Text]:
    """Every text of a question, wherever it stands."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Text):
                yield one
            elif isinstance(one, Part):
                yield from _texts(one)


def _prose(text: str) -> str:
    return _CODE.sub("", text)


def _french_spaces(question: Question) -> Iterator[str]:
    wrong = {
        r"[^\u00a0\d/]:(?=\s|$)|[^\S\u00a0]:": "a no-break space goes before “:”",
        r"[^\u202f][;?!](?=\s|$|»)": "a narrow no-break space goes before ; ? !",
        r"«(?!\u00a0)|(?<!\u00a0)»": "a no-break space goes inside « »",
        r"'": "the apostrophe is ’",
        r"\.\.\.": "the ellipsis is …",
    }
    for text in _texts(question):
        if text.fr == text.en:
            continue
        for pattern, message in wrong.items():
            if re.search(pattern, _prose(text.fr)):
                yield f"{message}: {text.fr[:60]}"


def _english_quotes(question: Question) -> Iterator[str]:
    for text in _texts(question):
        if text.fr != text.en and "'" in _prose(text.en):
            yield f"the apostrophe is ’: {text.en[:60]}"


def _same_code(question: Question) -> Iterator[str]:
    for text in _texts(question):
        french, english = ({match.group() for match in _CODE.finditer(words)} for words in (text.fr, text.en))
        if french != english:
            yield f"code differs between the languages: {' '.join(sorted(french ^ english))}"


def _key_is_longest(question: Question) -> Iterator[str]:
    if not isinstance(question, SingleQuestion):
        return
    for language in ("fr", "en"):
        lengths = {choice.correct: 0 for choice in question.choices}
        for choice in question.choices:
            lengths[choice.correct] = max(lengths[choice.correct], len(choice.text.in_(language)))
        if lengths[True] > _LONG_ENOUGH and lengths[True] > _LONGER * lengths[False]:
            yield f"the right choice is much the longest ({language})"


def _twin_choices(question: Question) -> Iterator[str]:
    if not isinstance(question, SingleQuestion | MultipleQuestion):
        return
    for language in ("fr", "en"):
        folded = [" ".join(choice.text.in_(language).casefold().split()) for choice in question.choices]
        if len(set(folded)) < len(folded):
            yield f"two choices say the same ({language})"


_RULES: dict[str, Callable[[Question], Iterable[str]]] = {
    "french-typography": _french_spaces,
    "english-typography": _english_quotes,
    "same-code": _same_code,
    "key-is-longest": _key_is_longest,
    "twin-choices": _twin_choices,
}
