"""The rules of the choices and of what gives the right one away, in both languages."""

import json
from typing import Any

import pytest

from tests.bank.lint.conftest import CHOICES, Remarks, Rules, of_choices, question

FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("choice-count", question(choices=CHOICES[:2])),
    ("choice-count", of_choices("Un | One", "Deux | Two", "Trois | Three", "Dix | Ten", "Cent | Some", "Mille | Many")),
    ("twin-choices", of_choices("Le plat | The reef", "LE PLÂT | The bowline", "Le vert | The green")),
    ("twin-choices", of_choices("Le plat | The reef", "La chaise | THE REEF", "Le vert | The green")),
    (
        "overlapping-choices",
        of_choices("Une corde | A rope", "Une corde mouillée | A line that is wet", "Du fil | Wire"),
    ),
    ("overlapping-choices", of_choices("Une corde | A rope", "Du lin mouillé | A rope wet through", "Du fil | Wire")),
    (
        "overlapping-choices",
        of_choices("De 1 à 5 | From 1 to 5", "De 4 à 9 | From 4 to 9", "De 10 à 20 | From 10 to 20"),
    ),
    (
        "repeated-words",
        of_choices(
            "Elle se tend parce que haute | It tightens",
            "Elle se tend parce que basse | It loosens",
            "Elle se tend parce que sèche | It dries",
        ),
    ),
    (
        "repeated-words",
        of_choices("Haute | It is high on the boat", "Basse | It is low on the boat", "Sèche | It is dry on the boat"),
    ),
    ("number-order", of_choices("2 nœuds | 2 knots", "3 nœuds | 3 knots", "9 nœuds | 9 knots")),
    ("number-order", of_choices("2", "9", "3", shuffle=False)),
    ("all-of-the-above", of_choices("Le plat | The reef", "Le vert | The green", "Toutes ces réponses | The red one")),
    ("all-of-the-above", of_choices("Le plat | The reef", "Le vert | The green", "Le rouge | None of the above")),
    ("all-of-the-above", of_choices("Le plat | The reef", "Le vert | The green", "A et B | A and B")),
    ("mixed-ends", of_choices("Il tient. | It holds", "Il glisse | It slips", "Il casse | It breaks")),
    ("mixed-ends", of_choices("Il tient | It holds", "Il glisse | It slips", "Il casse | It breaks.")),
    ("mixed-capitals", of_choices("Il tient | It holds", "il glisse | It slips", "Il casse | It breaks")),
    ("mixed-capitals", of_choices("Il tient | It holds", "Il glisse | It slips", "Il casse | it breaks")),
    (
        "longest-key",
        of_choices(
            "Un nœud que l’on serre deux fois autour du mât | A knot",
            "Un nœud de mouillage | A hitch",
            "Un bout de corde | A rope",
        ),
    ),
    (
        "longest-key",
        of_choices("Un nœud | A knot that is tied twice around the mast", "Un lien | A hitch", "Un bout | A rope"),
    ),
    ("code-clue", of_choices("Avec `ls`", "Sans clé | No key", "Par nom | By name")),
    ("code-clue", of_choices("Sans clé | No key", "Avec `ls`", "Avec `cd`")),
    (
        "absolute-word",
        of_choices("Il tient toujours | It always holds", "Il glisse | It slips", "Il casse | It breaks"),
    ),
    (
        "absolute-word",
        of_choices(
            "Il tient | It holds", "Il glisse toujours | It always slips", "Il ne casse jamais | It never breaks"
        ),
    ),
    ("echo", of_choices("Une boucle | A turn", "Un mât | A mast", "Une voile | A sail")),
    ("echo", of_choices("Un tour | A fixed turn", "Un mât | A mast", "Une voile | A sail")),
    (
        "grammar-clue",
        of_choices("Avec un bout | By hand", "La voile | The sail", "Le mât | The mast", "Une rame | An oar"),
    ),
    (
        "grammar-clue",
        of_choices("Bien serré | Because of rain", "Fait main | The sail", "Lin frais | The mast", "Fil neuf | An oar"),
    ),
    (
        "missing-why",
        question(choices=[*CHOICES[:3], {key: value for key, value in CHOICES[3].items() if key != "why"}]),
    ),
]
GOOD: list[dict[str, Any]] = [
    question("multiple"),
    of_choices("`rm`", "`rm -f`", "`RM`"),
    of_choices("De 1 à 5 | From 1 to 5", "De 6 à 9 | From 6 to 9", "De 10 à 20 | From 10 to 20"),
    of_choices("2", "3", "9", shuffle=False),
    of_choices("host", "none", "bridge"),
    of_choices("`docker run -d a`", "`docker run -d b`", "`docker run -d c`"),
    of_choices("Un as | An ace", "Le fil | A line", "Un mât | Its mast", "Du lin | Some linen"),
    of_choices("9 m | 9 m", "3 m | 3 m", "2 m | 2 m", shuffle=False),
    of_choices("Les deux mains | Both hands", "Aucun nœud | No knot", "La main | The hand"),
    of_choices("Linux | Linux", "aux voiles | to the sails", "au mât | to the mast"),
    of_choices("Il existe toujours | It still exists", "Il glisse | It slips", "Il casse | It breaks"),
    of_choices("Il ne casse jamais | It never breaks", "Il glisse toujours | It always slips", "Il tient | It holds"),
    of_choices("Une boucle | A loop", "Un mât en forme | A fixed mast", "Une voile | A sail"),
    of_choices("Un court | A short", "Un peu long | A bit long", "Un autre | Some other"),
]


@pytest.mark.parametrize(("rule", "spoilt"), FAULTS)
def test_a_fault_of_the_choices_is_found(rule: str, spoilt: dict[str, Any], rules: Rules) -> None:
    assert rules(spoilt) == {rule}


@pytest.mark.parametrize("good", GOOD)
def test_good_choices_are_left_alone(good: dict[str, Any], rules: Rules) -> None:
    assert rules(good) == set()


def test_the_choice_to_mend_is_the_one_pointed_at(remarks: Remarks) -> None:
    spoilt = of_choices("Il tient | It holds", "Il glisse. | It slips", "Il casse | It breaks")

    (remark,) = remarks(spoilt)

    assert remark.message == "some choices end with a full stop, others do not"
    assert remark.line == next(
        number
        for number, line in enumerate(json.dumps([spoilt], ensure_ascii=False, indent=1).splitlines(), 1)
        if "Il glisse." in line
    )
