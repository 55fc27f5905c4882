"""Whatever a sound question says, judging it raises nothing and repeats itself."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.bank import lint
from app.bank.loader import Loaded
from app.bank.positions import Located
from app.bank.schema import QUESTION
from tests.bank.lint.conftest import Fields, question

_MARKS = ["`", "``", "**", "{{x}}", "\n", " ", "\\", "'", '"', "«", "?", "n’est pas", "toujours", "12 à 3", "not "]
_CODE = ["<<EOF", "EOF", "FROM a", "RUN [", "services:", "  web:", "- a: 1", "&a", "*a", "$ ", "# ", "docker run -"]
_PIECES = st.sampled_from([*_MARKS, *_CODE])
TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=6)), min_size=1, max_size=12).map("".join).filter(str.strip)
BOTH = st.fixed_dictionaries({"fr": TEXTS, "en": TEXTS})
LANGUAGES = st.sampled_from(["yaml", "dockerfile", "console", "text"])


@st.composite
def questions(draw: st.DrawFn) -> Fields:
    """A sound question whose words are anything."""
    kind = draw(st.sampled_from(["single", "multiple", "true_false", "short_answer", "flashcard", "command"]))
    made: dict[str, Any] = question(kind, explanation=draw(BOTH))
    made["code"] = {"language": draw(LANGUAGES), "text": draw(TEXTS)}
    if "choices" in made:
        made["choices"] = [{**one, "text": draw(BOTH)} for one in made["choices"]]
    return made


@given(st.lists(questions(), min_size=1, max_size=4), BOTH)
def test_judging_raises_nothing_and_gives_the_same_again(documents: list[Fields], stem: Fields) -> None:
    stored = [QUESTION.validate_python({**one, "text": stem}, context={"stored": True}) for one in documents]
    loaded = [Loaded(one, "knots.yaml", "knots", index, Located()) for index, one in enumerate(stored)]

    first = lint.check(loaded)

    assert lint.check(loaded) == first
    assert all(problem.rule in lint.RULES and problem.message for problem in first)
