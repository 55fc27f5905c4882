"""The rules of writing as data: name, severity, what each asks, and the points of the checklist it judges.

The points are numbered as in a checklist of twenty after T. M. Haladyna, S. M. Downing and M. C. Rodriguez,
“A Review of Multiple-Choice Item-Writing Guidelines for Classroom Assessment”, Applied Measurement in
Education 15 (2002); 0 is beside them. Three points are left to people: whether what is asked matters (2, in
part), whether a second choice could be defended (8), whether wrong choices tempt (18).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.bank.lint import answers, balance, choices, clues, code, pairs, stem, typography
from app.bank.lint.bank import Across
from app.bank.lint.reading import Find
from app.bank.problems import Severity

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Rule(Generic[F]):
    """One rule; `find` yields the place and the words of whatever breaks it."""

    name: str
    severity: Severity
    points: tuple[int, ...]
    what: str
    find: F


def _by_name(rules: Iterable[Rule[F]]) -> Mapping[str, Rule[F]]:
    return {rule.name: rule for rule in rules}


OF_A_QUESTION: Mapping[str, Rule[Find]] = _by_name(
    (
        Rule("whole-stem", "warning", (3,), "the question ends with . ? ! : or code", stem.whole),
        Rule("short-stem", "warning", (3,), "it has at least 4 words, a gap or some code", stem.long_enough),
        Rule("long-stem", "warning", (5,), "it has at most 60 words, code not counted", stem.short_enough),
        Rule("one-question", "info", (1,), "it asks one question", stem.one_question),
        Rule("negative-stem", "warning", (6,), "“which is not …” is worded positively, or in bold", stem.positive),
        Rule("double-negative", "warning", (7,), "no negation answers a negation", stem.single_negation),
        Rule("article-clue", "warning", (17,), "no article stands last before the choices", stem.no_last_article),
        Rule("gap-article", "info", (17,), "no “un”, “la”, “an” stands before a gap", stem.no_article_before_gap),
        Rule("choice-count", "warning", (9,), "there are 3 to 5 choices", choices.few),
        Rule("twin-choices", "warning", (13,), "no two choices say the same", choices.twins),
        Rule("overlapping-choices", "warning", (13,), "no choice, no interval contains another", choices.exclusive),
        Rule("repeated-words", "warning", (4,), "what all choices begin or end with is said once", choices.said_once),
        Rule("number-order", "warning", (14,), "numbers stand in order, unshuffled", choices.numbers_in_order),
        Rule("all-of-the-above", "warning", (15,), "no choice speaks of the others", choices.no_all_of_them),
        Rule("mixed-ends", "warning", (12,), "all choices end with a full stop, or none", choices.same_end),
        Rule("mixed-capitals", "warning", (12,), "all choices begin with a capital, or none", choices.same_start),
        Rule("longest-key", "warning", (10,), "the right choice is not the longest by a quarter", clues.longest_key),
        Rule(
            "code-clue",
            "warning",
            (12,),
            "the right choice is not the only one with, or without, code",
            clues.code_alike,
        ),
        Rule("absolute-word", "warning", (16,), "“always”, “only” do not set the right choice apart", clues.absolute),
        Rule("echo", "info", (17,), "the right choice alone does not echo the question", clues.echo),
        Rule("grammar-clue", "warning", (12, 17), "the right choice begins like the others", clues.same_grammar),
        Rule("missing-why", "warning", (20,), "each wrong choice has a `why`", answers.every_why),
        Rule("short-explanation", "warning", (20,), "the explanation has 30 characters or more", answers.explained),
        Rule("option-forms", "warning", (20,), "`--name value` is accepted as `--name=value` too", answers.both_forms),
        Rule("no-tolerance", "warning", (20,), "a number that is not whole has a `tolerance`", answers.tolerant),
        Rule("french-typography", "warning", (0,), "French spaces, quotes, apostrophes, capitals", typography.french),
        Rule("english-typography", "warning", (0,), "English spaces, quotes, apostrophes", typography.english),
        Rule("both-languages", "warning", (0,), "a sentence is written in both languages", typography.both_languages),
        Rule("bare-code", "warning", (0,), "options, paths, files are between backticks", typography.between_backticks),
        Rule("picture-words", "warning", (0,), "a picture has a description", typography.described),
        Rule("colour-cue", "warning", (0,), "colour is not the only sign", typography.without_colour),
        Rule("sober-tone", "info", (0,), "no exclamation, no emoji, no “tu”", typography.sober),
        Rule("same-code", "warning", (0,), "both languages have the same code", code.same_code),
        Rule("yaml-snippet", "error", (0,), "a YAML snippet can be read", code.yaml_reads),
        Rule(
            "compose-snippet", "warning", (0,), "a Compose file has known keys, and declared names", code.compose_reads
        ),
        Rule("dockerfile-snippet", "warning", (0,), "a Dockerfile can be read", code.dockerfile_reads),
        Rule("console-snippet", "warning", (0,), "a command line can be read, and Docker knows it", code.console_reads),
    )
)

OF_A_BANK: Mapping[str, Rule[Across]] = _by_name(
    (
        Rule("course-words", "info", (2,), "a question is not a sentence of the course", pairs.words_of_the_course),
        Rule(
            "near-duplicate",
            "warning",
            (19,),
            "no question is asked twice in nearly the same words",
            pairs.nearly_the_same,
        ),
        Rule("same-stem", "warning", (19,), "no two questions have the same words and the same code", pairs.same_stem),
        Rule(
            "same-words",
            "info",
            (19,),
            "nor the same words with other code, unless `see_also` says so",
            pairs.same_words,
        ),
        Rule("alike", "info", (19,), "questions much alike name each other under `see_also`", pairs.alike),
        Rule("twin", "info", (19,), "so do those of one type and objective", pairs.twins),
        Rule(
            "given-away",
            "warning",
            (19,),
            "a question that shows another’s answer says so under `gives_away`",
            pairs.given_away,
        ),
        Rule("pinned-position", "warning", (11,), "unshuffled keys stand at every position", balance.pinned_positions),
        Rule("written-position", "info", (11,), "so do those that are shuffled later", balance.written_positions),
        Rule(
            "longest-often",
            "warning",
            (10,),
            "the key is the longest at most 10 points over chance",
            balance.longest_keys,
        ),
        Rule("shortest-often", "warning", (10,), "so is the shortest", balance.shortest_keys),
        Rule("true-false", "warning", (11,), "35 to 65 % of the statements are true", balance.true_and_false),
        Rule(
            "absolute-statements",
            "info",
            (16,),
            "absolute words do not tell true from false",
            balance.absolute_statements,
        ),
        Rule("level-mix", "info", (2,), "30 % of the questions are of level 3", balance.levels),
        Rule("type-mix", "info", (0,), "no type makes more than 40 % of the questions", balance.types),
    )
)

RULES: Mapping[str, Rule[Find] | Rule[Across]] = {**OF_A_QUESTION, **OF_A_BANK}

# What may be wrong with `allow` itself: name, severity, what is asked.
OF_ALLOW: Mapping[str, tuple[Severity, str]] = {
    "short-reason": ("error", "the reason given under `allow` has two words or more"),
    "unknown-rule": ("warning", "`allow` names rules that exist"),
    "dead-allow": ("info", "`allow` silences something"),
}
