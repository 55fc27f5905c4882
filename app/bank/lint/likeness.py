"""How alike texts are: the cosine of their weighted words.

Each word of a text weighs (1 + log of how often it stands there) x (log of how rare it is among all the
texts), “tf-idf”: what all questions of a course share (`docker run`, “which command”) counts for little.
C. D. Manning, P. Raghavan and H. Schütze, Introduction to Information Retrieval (2008), chapter 6.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log, sqrt

from app.bank.lint.language import bare

# What stands in more of the texts than this share says little, and costs most of the time.
_COMMON = 0.1
_FEWEST = 3
# Among so few texts what copies share is no rare word: two of which so much is the same are as alike as that.
_SMALL = 60
_SHARED = 0.7
_TOKEN = re.compile(r"\w+")

Weights = Mapping[str, float]


def cosines(texts: Sequence[str]) -> dict[tuple[int, int], float]:
    """The likeness of each two texts, from 0 to 1, by their positions; none for two without a rare word in common."""
    weighed = _weigh([Counter(_TOKEN.findall(bare(text))) for text in texts])
    norms = [sqrt(sum(weight**2 for weight in weights.values())) or 1.0 for weights in weighed]
    with_word: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for position, weights in enumerate(weighed):
        for word, weight in weights.items():
            with_word[word].append((position, weight))
    products: dict[tuple[int, int], float] = defaultdict(float)
    for found in with_word.values():
        if len(found) > max(len(texts) * _COMMON, _FEWEST):
            continue
        for place, (later, weight) in enumerate(found):
            for earlier, other in found[:place]:
                products[earlier, later] += weight * other
    alike = {(one, two): product / norms[one] / norms[two] for (one, two), product in products.items()}
    return alike | {pair: max(value, alike.get(pair, 0.0)) for pair, value in _copies(weighed)}


def _copies(texts: Sequence[Weights]) -> Iterator[tuple[tuple[int, int], float]]:
    """The share of words that nearly equal texts have in common, where rarity does not tell them."""
    small = len(texts) <= _SMALL
    first: dict[frozenset[str], int] = {}
    sets = [frozenset(text) for text in texts]
    for later, words in enumerate(sets):
        equal = first.setdefault(words, later)
        for earlier in range(later) if small else (equal,):
            shared = len(words & sets[earlier]) / (len(words | sets[earlier]) or 1)
            if earlier != later and shared >= _SHARED:
                yield (earlier, later), shared


def _weigh(texts: Sequence[Counter[str]]) -> list[Weights]:
    holding = Counter(word for words in texts for word in words)
    return [
        {word: (1 + log(count)) * log(len(texts) / holding[word]) for word, count in words.items()} for words in texts
    ]
