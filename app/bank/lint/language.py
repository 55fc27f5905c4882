"""Words of French and English that the rules of writing look for."""

import re
import unicodedata
from collections.abc import Mapping

Words = frozenset[str]


def _words(told: str) -> Words:
    return frozenset(told.split())


# Words that a test-wise student takes for a sign of a false statement.
ABSOLUTE: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"\b(toujours|jamais|uniquement|seulement|exclusivement|systématiquement|forcément|obligatoirement"
        r"|nécessairement|totalement|entièrement|aucune?|tous|toutes)\b|\bn(?:e |’|')\w+ que?\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(always|never|only|exclusively|systematically|necessarily|completely|entirely|none|all|every)\b",
        re.IGNORECASE,
    ),
}

NEGATION: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"\bn(?:e |’|')(?:\w+[ ’'-]){0,4}?(?:pas|plus|jamais|aucune?|rien)\b"
        r"|\b(?:sauf|excepté|hormis|faux|fausses?|incorrecte?s?|inexacte?s?)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:not|cannot|never|except|excluding|false|incorrect|untrue)\b|n[’']t\b",
        re.IGNORECASE,
    ),
}

# What asks for one thing among several.
ASKING_WHICH: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(r"\b(?:quel(?:le)?s?|lequel|laquelle|lesquel(?:le)?s)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:which|what)\b", re.IGNORECASE),
}

# Where the question proper ends: what follows is a purpose, a case or a cause, and may be negative.
SUBORDINATE: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r",|\b(?:pour|afin|si|quand|lorsqu\w*|parce|puisqu\w*|alors|bien que|qui|que|dont|où|sans|après|avant)\b"
        r"|\b(?:qu|s)[’']",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r",|\b(?:so that|to|in order|if|when|while|because|although|that|who|whose|where|without|after|before)\b",
        re.IGNORECASE,
    ),
}

# Every choice, none of them, or two at once.
ALL_OF_THEM: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"^(?:toutes? (?:ces|les|les autres) (?:réponses?|propositions?|choix)|tous (?:ces|les) choix"
        r"|aucune? (?:de ces|des|de toutes ces) (?:réponses?|propositions?|choix)"
        r"|(?:toutes|aucune?) (?:ci-dessus|les deux)|les deux|ni l[’']une? ni l[’']autre"
        r"|les (?:réponses|choix) [a-e]\b.*|[a-e] (?:et|ou) [a-e])\W*$",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"^(?:(?:all|none|any|both|neither) of (?:the |these|those|them)[\w -]*|all the above|none|both|neither"
        r"|(?:answers|choices) [a-e]\b.*|(?:both )?[a-e] (?:and|or) [a-e])\W*$",
        re.IGNORECASE,
    ),
}

# An article that stands last agrees with the answer and tells its gender, its number or its first letter.
LAST_ARTICLE: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(r"(?:\b(?:une?|le|la|les|des|du|cette|ces?|cet|au|aux)|\b[ld][’'])\s*[:…]?\s*$", re.IGNORECASE),
    "en": re.compile(r"\b(?:an?|these|those)\s*[:…]?\s*$", re.IGNORECASE),
}

SINGULAR_ARTICLE: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(r"(?:\b(?:une?|le|la|cette|cet|ce)\s|\bl[’'])\s*$", re.IGNORECASE),
    "en": re.compile(r"\ban?\s*$", re.IGNORECASE),
}

COLOUR: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(r"\ben (?:rouge|vert|bleu|jaune|orange|gris|couleur)\b", re.IGNORECASE),
    "en": re.compile(r"\bin (?:red|green|blue|yellow|orange|grey|gray|colou?r)\b", re.IGNORECASE),
}

# Words too common to be a clue when the question and the right choice share them.
COMMON: Mapping[str, Words] = {
    "fr": _words(
        "avec avant après alors aussi autre autres cette cela chacun chacune chaque comme comment combien dans depuis"
        " deux donc elle elles encore entre être fait faut leur leurs mais même moins nous pour plus plusieurs pendant"
        " peut peuvent quand quel quelle quelles quels sans sera seul seule sont sous sur toujours tous tout toute"
        " toutes très vers votre vous doit doivent avoir puis lors lorsque déjà ainsi parce sinon"
    ),
    "en": _words(
        "about after again also because before being between both cannot could does down each from have into itself"
        " just more most must only other others over same should since some such than that their them then there"
        " these they this those through under until what when where which while will with without would your"
    ),
}


def bare(text: str) -> str:
    """In lower case, without accents."""
    if text.isascii():
        return text.casefold()
    split = unicodedata.normalize("NFD", text)
    return "".join(char for char in split if not unicodedata.combining(char)).casefold()
