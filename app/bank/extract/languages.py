"""What extraction knows of French and of English: words to recognise, sentences to ask with, typography."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

import yaml

_CODE = re.compile(r"(`+.+?`+)", re.DOTALL)
_ADDRESS = re.compile(r"(https?://\S+)")
# What would be read as Markdown where the words of a course stand as they are.
_SPECIAL = re.compile(r"[\\*<\[\]]|(?<!\w)_|_(?!\w)|^(?=#|[-+] |>)")
_NUMBERED = re.compile(r"^(\d+)(?=[.)]\s)")
_VERSION = re.compile(r"(?:version |release )?v?\d+\.\d+(?:\.\d+)*\w*(?:\s*[(\[–—-].*)?$", re.IGNORECASE)
_QUOTED = re.compile(r"\"([^\"]*)\"")


@dataclass(frozen=True)
class Language:
    """One language; `phrases` are the questions asked in it, by name.

    What each pattern recognises is said in the file of the language, fr.yaml or en.yaml.
    """

    code: str
    common: frozenset[str]
    numbers: Mapping[str, int]
    phrases: Mapping[str, str]
    labels: re.Pattern[str]
    orders: re.Pattern[str]
    pronouns: re.Pattern[str]
    openers: re.Pattern[str]
    notes: re.Pattern[str]
    hedges: re.Pattern[str]
    clauses: re.Pattern[str]
    anaphora: re.Pattern[str]
    steps: re.Pattern[str]
    kinds: re.Pattern[str]
    open_lists: re.Pattern[str]
    good: re.Pattern[str]
    bad: re.Pattern[str]
    copula: re.Pattern[str]
    vague: re.Pattern[str]
    genus: re.Pattern[str]
    predicate: re.Pattern[str]
    asides: re.Pattern[str]
    doubtful: re.Pattern[str]
    blamed: re.Pattern[str]
    conditions: re.Pattern[str]
    attributes: re.Pattern[str]
    allows: re.Pattern[str]
    infinitive: re.Pattern[str]
    negation: re.Pattern[str]
    denial: re.Pattern[str]
    verbs: re.Pattern[str]

    def ask(self, phrase: str, **words: str) -> dict[str, str]:
        """A question of `phrases`, filled in, as a text of the bank."""
        return self.text(self.phrases[phrase].format(**words))

    def text(self, words: str) -> dict[str, str]:
        """Markdown as a text of the bank, in this language."""
        return {self.code: self.typeset(words)}

    def sentence(self, words: str) -> str:
        """The words as a sentence: a capital at the start (but in code), a stop at the end."""
        words = words.strip().rstrip(" ;,:")
        if words[:1].islower():
            words = words[0].upper() + words[1:]
        return words if words.endswith((".", "!", "?", "…")) else f"{words}."

    def typeset(self, words: str) -> str:
        """The words with the quotation marks, apostrophes and spaces that this language is printed with."""
        parts = _CODE.split(words)
        for position in range(0, len(parts), 2):
            pieces = _ADDRESS.split(parts[position])
            for index in range(0, len(pieces), 2):
                pieces[index] = self._typeset(pieces[index])
            parts[position] = "".join(pieces)
        return "".join(parts).strip()

    def _typeset(self, words: str) -> str:
        words = re.sub(r"\.\.\.|…\.", "…", words).replace("'", "’")
        if self.code == "fr":
            words = _QUOTED.sub(r"«\1»", words).replace('"', "")
            words = re.sub(r"«\s*", "«\u00a0", words)
            words = re.sub(r"\s*»", "\u00a0»", words)
            words = re.sub(r"(?<=\S)\s*([;?!])(?!\S)", "\u202f\\1", words)
            return re.sub(r"\s*:(?!\S)", "\u00a0:", words)
        words = _QUOTED.sub(r"“\1”", words).replace('"', "")
        return re.sub(r"\s+([:;?!])(?!\S)", r"\1", words)

    @cached_property
    def count(self) -> re.Pattern[str]:
        """A number from 2 to 12, in words or digits, that says how many things there are."""
        words = "|".join(self.numbers)
        return re.compile(rf"(?<![\w.,-])(?P<count>[2-9]|1[0-2]|{words})(?![\w.,%-])", re.IGNORECASE)

    def number(self, word: str) -> int:
        """The number that `count` found."""
        return int(word) if word.isdigit() else self.numbers[word.lower()]


def escaped(words: str) -> str:
    """The words of a course as Markdown that shows them as they are; code between backticks is kept."""
    parts = _CODE.split(words)
    parts[::2] = [_SPECIAL.sub(lambda found: f"\\{found[0]}", part) for part in parts[::2]]
    return _NUMBERED.sub(r"\1\\", "".join(parts))


def guess(text: str) -> Language:
    """The language of a text, by how often the commonest words of each stand there; English when in doubt."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return max((EN, FR), key=lambda language: sum(word in language.common for word in words))


# Negations are those whose opposite is the same sentence without them; what makes that uncertain is refused.
_FR = {
    "copula": re.compile(
        r"(?P<term>[^,;:.?!()]{2,60}?) (?:est|sont|désigne|désignent) (?:donc |ainsi |en fait )?"
        r"(?P<article>une? |des |l['’]|les? |la )(?P<rest>\S.{8,})"
    ),
    "infinitive": re.compile(r"(?:(?:se |s['’])?\w{2,}(?:er|ir|oir|re)) (?!:)", re.IGNORECASE),
    "allows": re.compile(r"permet(?:tent)? (?=de |d['’]|l['’]|la |le |les |une? |aux? )", re.IGNORECASE),
    "negation": re.compile(
        r"\b(?P<ne>ne |n['’])(?P<verb>(?:se |s['’]|l['’]|y |en )?[\w-]+) (?P<not>pas|jamais) "
        r"(?!(?:que|qu|seulement|uniquement|forcément|toujours|nécessairement|encore|non|plus|tout|tous|toutes?|totalement|complètement|entièrement)\b)"
        r"(?P<rest>\S.*)"
    ),
    # What stands in "plain" may be left out to say the opposite.
    "denial": re.compile(
        r"(?:(?P<plain>Non )|Pas d(?:e |['’])|Aucune? |N(?:e |['’])(?:[\w-]+ )(?:pas|jamais|plus) )(?P<rest>\S.*)"
    ),
}
_EN = {
    "copula": re.compile(
        r"(?P<term>[^,;:.?!()]{2,60}?) (?:is|are|denotes|refers to) (?:therefore |basically |essentially |just )?"
        r"(?P<article>an? |the )(?P<rest>\S.{8,})"
    ),
    "infinitive": re.compile(r"(?!)"),
    "allows": re.compile(r"(?!)"),
    "negation": re.compile(
        r"\b(?:(?P<aux>is|are|was|were|do|does|did|can|must|will|has|have|should|may)(?: not |n['’]t )"
        r"|(?P<cannot>cannot ))"
        r"(?!(?:only|just|always|necessarily|yet|every\w*|all|even|really|exactly|quite|fully|entirely|completely)\b)(?P<rest>\S.*)"
    ),
    "denial": re.compile(
        r"(?:(?P<plain>Not )|No |Never |Cannot |Does(?:n['’]t| not) |Is(?:n['’]t| not) )(?P<rest>\S.*)"
    ),
}
_HEAD_WORDS = 4  # of a line that announces something: what it is about
# What makes a sentence of a noun: "application" defines, "an application is made of services" does not.
_FINITE = "est|sont|a|ont|peut|peuvent|is|are|has|have|can"
_ANYWHERE = (
    "doubtful",
    "blamed",
    "conditions",
    "attributes",
    "hedges",
    "clauses",
    "anaphora",
    "steps",
    "kinds",
    "open_lists",
    "vague",
    "verbs",
)
# The whole title, an article before it or a number, a subtitle or a second such word after it.
_ASIDE = (
    r"(?:les? |la |the |our |nos |quelques |some )?(?:{})(?:\s*[!?.…]+|\s+\d+.*|\s*[:&/(,–—-].*|\s+(?:et|and)\s.*)?$"
)
_AT_THE_START = ("labels", "orders", "pronouns", "openers", "notes", "good", "bad", "predicate")


def _language(code: str, patterns: Mapping[str, re.Pattern[str]]) -> Language:
    data = yaml.safe_load(files(__package__).joinpath(f"{code}.yaml").read_text("utf-8"))
    lists = {key: value.split(" | ") for key, value in data.items() if key != "phrases"}
    return Language(
        code=code,
        common=frozenset(lists["common"]),
        numbers={word: number for number, word in enumerate(lists["numbers"], start=2)},
        phrases=data["phrases"],
        asides=re.compile(_ASIDE.format("|".join(lists["asides"])), re.IGNORECASE),
        genus=_definition(lists["genus"], lists["genus_goes_on"]),
        **{key: _pattern(lists[key], r"(?<![\w’'-])") for key in _ANYWHERE},
        **{key: _pattern(lists[key], "") for key in _AT_THE_START},
        **patterns,
    )


def _pattern(entries: Sequence[str], before: str) -> re.Pattern[str]:
    return re.compile(rf"{before}(?:{'|'.join(entries)})(?![\w-])", re.IGNORECASE)


def _definition(nouns: Sequence[str], after: Sequence[str]) -> re.Pattern[str]:
    """A noun that says of what kind a thing is, and what tells it from others: "file that …", "a set of …"."""
    article = r"(?:une? |des |l['’]|les? |la |an? |the |sets? of )?(?:\w+ )?"
    goes_on = rf"(?= (?:(?!(?:{_FINITE})\b)\w+ ){{0,4}}?(?:{'|'.join(after)}))"
    return re.compile(rf"{article}(?:{'|'.join(nouns)}){goes_on}", re.IGNORECASE)


FR, EN = _language("fr", _FR), _language("en", _EN)
LANGUAGES = {"fr": FR, "en": EN}


def is_aside(title: str) -> bool:
    """Whether a heading announces links, credits, exercises or a release, in either language: "Legal" is in both."""
    return bool(_VERSION.match(title)) or any(language.asides.match(title) for language in LANGUAGES.values())


def is_doubtful(title: str) -> bool:
    """Whether what stands under these words may be the opposite of what the course holds, in either language.

    Hypotheses, negations, errors, things to avoid, the past: "Without Docker" says nothing of Docker.
    """
    return any(language.doubtful.search(title) for language in LANGUAGES.values())


def is_doubted(lead: str) -> bool:
    """Whether the line that announces a list, a table or code says that it is wrong, unreal or past."""
    told = lead.split()
    if not lead.rstrip().endswith(":") and len(told) > _HEAD_WORDS:
        return False
    return is_doubtful(" ".join(told[:_HEAD_WORDS])) or any(one.blamed.search(lead) for one in LANGUAGES.values())
