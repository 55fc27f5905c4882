"""The rules of typography, of code and of feedback, in both languages."""

from typing import Any

import pytest

from tests.bank.lint.conftest import Rules, question

FR, EN = "Sa boucle ne glisse pas, même sous tension.", "Its loop does not slip, even under load."


def told(fr: str = FR, en: str = EN) -> dict[str, Any]:
    """A question with this explanation."""
    return question(explanation={"fr": fr, "en": en})


def snippet(language: str, text: str, **fields: Any) -> dict[str, Any]:
    """A question about this code."""
    return question(code={"language": language, "text": text}, **fields)


FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("french-typography", told(fr="Pourquoi la boucle ne glisse-t-elle pas ? Par frottement.")),
    ("french-typography", told(fr="Pourquoi la boucle ne glisse-t-elle pas\u00a0? Par frottement.")),
    ("french-typography", told(fr="La boucle ne glisse pas ; elle tient aussi.")),
    ("french-typography", told(fr="La boucle ne glisse pas : elle tient aussi.")),
    ("french-typography", told(fr="On dit « la boucle », même sous tension.")),
    ("french-typography", told(fr="La boucle n'est pas serrée, même sous tension.")),
    ("french-typography", told(fr='On dit "la boucle", même sous tension.')),
    ("french-typography", told(fr="La boucle ne glisse pas, même sous tension...")),
    ("french-typography", told(fr="La boucle occupe 30 Mo de mémoire, même vide.")),
    ("french-typography", told(fr="Les boucles, les tours, etc... tiennent bien.")),
    ("french-typography", told(fr="A chaque tension, la boucle tient encore.")),
    ("french-typography", told(fr="La boucle  ne glisse pas, même sous tension.")),
    ("english-typography", told(en="The loop doesn't slip, even under a load.")),
    ("english-typography", told(en='They say "the loop", even under a load.')),
    ("english-typography", told(en="The loop does not slip, even under load...")),
    ("english-typography", told(en="Does it slip\u202f? Not even under a heavy load.")),
    ("english-typography", told(en="Does it slip ? Not even under a heavy load.")),
    ("english-typography", told(en="The loop , even under a load, does not slip.")),
    ("english-typography", told(en="They say « the loop », even under a load.")),
    ("both-languages", told(fr=EN, en=EN)),
    ("bare-code", told(fr="L’option --rm supprime la boucle à la fin.")),
    ("bare-code", told(en="The option -p publishes the port of the loop.")),
    ("bare-code", told(fr="Le fichier /etc/hosts contient la boucle du nom.")),
    ("bare-code", told(en="The file compose.yaml describes the loop well.")),
    ("bare-code", told(en="The variable MYSQL_ROOT_PASSWORD opens the loop.")),
    ("bare-code", told(en="The variable $HOME is the start of the loop.")),
    ("picture-words", told(fr="![](noeud.png) La boucle ne glisse pas ici.")),
    ("picture-words", told(en="![ ](knot.png) The loop does not slip here.")),
    ("colour-cue", told(fr="La boucle en rouge ne glisse pas sous tension.")),
    ("colour-cue", told(en="The loop in red does not slip under a load.")),
    ("sober-tone", told(fr="La boucle ne glisse pas, même sous tension\u202f!")),
    ("sober-tone", told(en="The loop does not slip, even under load!")),
    ("sober-tone", told(en="The loop does not slip, even under load \U0001f600.")),
    ("sober-tone", told(fr="Si tu serres, la boucle ne glisse pas.")),
    ("same-code", told(fr="La commande `ls` montre la boucle du nœud.")),
    ("same-code", told(en="The command `ls` shows the loop of the knot.")),
    ("short-explanation", told(fr="Elle ne glisse pas.")),
    ("short-explanation", told(en="It does not slip.")),
    ("option-forms", question("short_answer", accept=["--network none"])),
    (
        "option-forms",
        question(
            "cloze",
            code={"language": "console", "text": "docker run {{net}} alpine"},
            text={"fr": "Compléter la commande du marin.", "en": "Fill in the command of the sailor."},
            blanks={"net": {"accept": ["--network host"]}},
        ),
    ),
    ("no-tolerance", question("numerical", answer=1.5)),
    ("yaml-snippet", snippet("yaml", "a: [1\nb: 2")),
    ("yaml-snippet", snippet("yaml", "a: 2024-99-99")),
    ("yaml-snippet", snippet("yaml", "a: &a [1]\nb: [" + 21 * "*a, " + "]")),
    ("compose-snippet", snippet("yaml", "services:\n  web:\n    imge: nginx")),
    ("dockerfile-snippet", snippet("dockerfile", "FROM alpine\nCOPPY . .")),
    ("console-snippet", snippet("console", 'docker run alpine sh -c "ls')),
    ("console-snippet", question("command", accept=["docker ps --al"])),
]
GOOD: list[dict[str, Any]] = [
    told(fr="La boucle\u00a0: tient-elle\u202f? À 10:30, «\u00a0ici\u00a0», sur https://a.fr/?b\u202f?"),
    told(en="Say `a: b ?` at 10:30: it’s on https://a.org/?b, is it?", fr="Dire `a: b ?` est le bon choix du marin."),
    told(fr="La boucle occupe 30\u00a0Mo, les tours, etc. Le type 1 s’installe.", en="The loop takes 30 MB and more."),
    told(
        fr="Cette option `--rm` tient le port et/ou la voile.", en="This option `--rm` holds the port and/or the sail."
    ),
    told(fr="Node.js et la date du 24/11 tiennent la boucle.", en="Node.js and the date of 24/11 hold the loop."),
    told(fr="![un nœud](noeud.png) Sa boucle ne glisse pas.", en="![a knot](knot.png) Its loop does not slip."),
    question("short_answer", accept=["--network none", "--network=none"]),
    question("short_answer", accept=["--from=0"]),
    question("numerical", answer=1.5, tolerance=0.1),
    question("command", accept=["docker ps -a", "sudo docker container ls --all"]),
    snippet("yaml", "services:\n  web:\n    image: nginx\n    x-note: a"),
    snippet("yaml", "a: 1\nb: [2]"),
    snippet("text", "a: [1"),
    snippet("dockerfile", "FROM alpine\nRUN ls"),
    snippet("console", "$ ls\nit's the output\n$ docker run --rm -it alpine sh -c 'ls -l'"),
]


@pytest.mark.parametrize(("rule", "spoilt"), FAULTS)
def test_a_fault_of_a_text_is_found(rule: str, spoilt: dict[str, Any], rules: Rules) -> None:
    assert rules(spoilt) == {rule}


@pytest.mark.parametrize("good", GOOD)
def test_good_texts_are_left_alone(good: dict[str, Any], rules: Rules) -> None:
    assert rules(good) == set()


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false", "short_answer", "command", "cloze", "flashcard"])
def test_a_plain_question_breaks_no_rule(kind: str, rules: Rules) -> None:
    assert rules(question(kind)) == set()
