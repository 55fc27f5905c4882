"""What drafts are made of, and above all what no draft is made of."""

from collections.abc import Callable

import pytest

from app.bank.extract.drafting import Draft
from tests.bank.extract.conftest import plain, text_of

Drafts = Callable[..., list[Draft]]


def of_kind(drafts: list[Draft], kind: str) -> list[Draft]:
    return [draft for draft in drafts if draft.kind == kind]


def cards(drafts: list[Draft], language: str = "en") -> list[tuple[str, str]]:
    return [(text_of(one, language), one.question["answer"][language]) for one in of_kind(drafts, "card")]


def judged(drafts: list[Draft], language: str = "en") -> dict[str, bool]:
    return {text_of(one, language): one.question["answer"] for one in of_kind(drafts, "statement")}


@pytest.mark.parametrize(
    "written",
    [
        "**Sheet**: a rope that controls a sail",
        "**Sheet:** a rope that controls a sail",
        "__Sheet__ — a rope that controls a sail",
        "- `Sheet` - a rope that controls a sail",
        "* *Sheet* : a rope that controls a sail 🚣",
        "Sheet\n: a rope that controls a sail",
        "A **sheet** is a rope that controls a sail.",
        "A sheet is a rope that controls a sail.",
        "> [!NOTE]\n> A sheet is a rope that controls a sail.",
    ],
)
def test_a_term_and_what_it_is_make_a_flashcard(drafts: Drafts, written: str) -> None:
    [(question, answer)] = cards(drafts(f"# Ropes\n\n{written}\n"))

    assert question.lower().replace("`", "") == "what does “sheet” mean?"
    assert answer.lower() == "a rope that controls a sail."


@pytest.mark.parametrize(
    "written",
    [
        "**Note**: the wind turns in the evening",
        "**Example**: a dinghy on a lake",
        "**Author**: Ada Lovelace and friends",
        "**Use a life jacket**: it saves lives",
        "**Home page**: https://example.org",
        "**Mail**: ada@example.org please",
        "**Why?**: because of the wind",
        "**Step 1**: hoist the sail",
        "**Types**:",
        "It is a rope that controls a sail.",
        "This is a rope that controls a sail.",
        "There is a rope that controls a sail.",
        "If the rope is a sheet that slips, hold it.",
        "Is the sheet a rope that controls a sail?",
        "The best rope is a sheet that holds.",
        "The difference is a matter of taste and money.",
        "> **Sheet**: a rope that controls a sail",
        "~~**Sheet**: a rope that controls a sail~~",
        "<!-- **Sheet**: a rope that controls a sail -->",
    ],
)
def test_what_only_looks_like_a_definition_makes_none(drafts: Drafts, written: str) -> None:
    assert of_kind(drafts(f"# Ropes\n\n{written}\n"), "card") == []


@pytest.mark.parametrize("title", ["Resources", "Exercises", "Legal", "Common myths", "v1.2.0"])
def test_an_aside_gives_no_draft(drafts: Drafts, title: str) -> None:
    assert drafts(f"# {title}\n\n**Sheet**: a rope that controls a sail\n\nA sheet is not a line of text.\n") == []


STATED = "A container is not isolated.\n\n**Volt**: a unit of mass\n\n- **Sheet**: it pulls\n- **Buoy**: it floats\n"


@pytest.mark.parametrize(
    "title",
    [
        "What would happen without Docker",
        "Wrong answers students gave",
        "If Docker did not exist",
        "Before containers",
        "A short history",
        "Errors students make",
        "What a container is not",
        "Practices to avoid",
        "Sans Docker",
        "Avant les conteneurs",
        "Idées reçues",
        "À éviter",
        "Et si Docker n’existait pas ?",
        "Réponses fausses",
        "Un peu d’histoire",
        "Answers we had to reject",
        "Fake definitions",
        "Rumours",
        "In the absence of a registry",
        "Ce que l’on croit à tort",
        "Cherchez l’erreur",
        "Perles du bac",
        "Ce qu’on disait au XIXe siècle",
        "Copies d’élèves",
        "Rumeurs",
    ],
)
def test_nothing_is_taken_from_under_a_heading_that_may_say_the_opposite(drafts: Drafts, title: str) -> None:
    assert drafts(f"# Docker\n\n## {title}\n\n{STATED}\n### Details\n\n{STATED}") == []
    assert drafts(f"# Docker\n\n## Containers\n\n{STATED}") != []


@pytest.mark.parametrize(
    "box",
    [
        "::: warning Common mistakes\n{}\n:::",
        '!!! danger "What not to do"\n    {}',
        "> [!CAUTION] Idées reçues\n> {}",
    ],
)
def test_nothing_is_taken_from_a_box_whose_title_says_it_is_wrong(drafts: Drafts, box: str) -> None:
    told = box.format("A volt is a unit of mass.")

    assert drafts(f"# Units\n\n{told}\n") == []
    sound = told.replace("Common mistakes", "Units").replace("What not to do", "Units").replace("Idées reçues", "")
    assert cards(drafts(f"# Units\n\n{sound}\n")) != []


@pytest.mark.parametrize("lead", ["À éviter :", "Wrong:", "Never do this:", "Answers that are a mistake:"])
def test_what_is_announced_as_wrong_gives_no_draft(drafts: Drafts, lead: str) -> None:
    fence = "```sh\ndocker run --privileged debian\n```"
    table = "| Term | Meaning |\n|---|---|\n| Volt | mass |\n| Ohm | time |\n| Watt | light |"

    for block in (fence, table, "- **Volt**: a unit of mass"):
        assert drafts(f"# Units\n\n## Run one\n\n{lead}\n\n{block}\n") == []


def test_two_columns_that_stand_beside_each_other_are_no_pairs(drafts: Drafts) -> None:
    rows = "|---|---|\n| silent | fast |\n| cheap | roomy |\n| slow | noisy |\n"

    assert drafts(f"# Boats\n\n| Voilier | Bateau à moteur |\n{rows}", "fr") == []
    assert of_kind(drafts(f"# Boats\n\n| Voilier | Rôle |\n{rows}", "fr"), "table") != []


@pytest.mark.parametrize("rest", ["see chapter 4", "TODO write this", "voir le chapitre 4", "cf. section 2"])
def test_a_reference_is_no_answer(drafts: Drafts, rest: str) -> None:
    assert drafts(f"# Units\n\n**Volt**: {rest}\n") == []


@pytest.mark.parametrize(
    "slide",
    [
        '<!-- .slide: data-visibility="hidden" -->\n## Units\n\nA volt is a unit of mass.',
        '## Units\n<!-- .slide: data-visibility="hidden" -->\n\nA volt is a unit of mass.',
        '## Units {data-visibility="hidden"}\n\nA volt is a unit of mass.',
    ],
)
def test_a_slide_that_nobody_is_shown_gives_no_draft(drafts: Drafts, slide: str) -> None:
    deck = f"# Deck\n\n---\n\n{slide}\n\n---\n\n## Ropes\n\nA sheet is a rope that controls a sail.\n"

    assert [question for question, _ in cards(drafts(deck))] == ["What does “sheet” mean?"]


@pytest.mark.parametrize(
    "sentence", ["The engine returns an `error` if the port is taken.", "It would return a `1` here."]
)
def test_a_condition_makes_no_gap(drafts: Drafts, sentence: str) -> None:
    assert drafts(f"# Ports\n\n{sentence}\n") == []


def test_three_definitions_of_a_section_are_pairs_too(drafts: Drafts) -> None:
    made = drafts("# Ropes\n\n- **Sheet**: it pulls a sail\n- **Halyard**: it hoists a sail\n- **Painter**: it moors\n")

    [pairs] = of_kind(made, "match")
    assert [(one["left"], one["right"]) for one in plain(pairs.question["pairs"])] == [
        ("Sheet", "it pulls a sail"),
        ("Halyard", "it hoists a sail"),
        ("Painter", "it moors"),
    ]


def test_bullets_below_a_heading_say_what_it_does(drafts: Drafts) -> None:
    made = drafts(
        "# Pilotes\n\n## Pilote bridge\n\n- Permet de relier des conteneurs.\n\n## Pilote host\n\n"
        "- Supprime l'isolation du réseau.\n\n## Pilote none\n\n- Aucune connexion.\n\n## Pilote overlay\n\n"
        "- Relie plusieurs machines entre elles.\n",
        "fr",
    )

    assert cards(made, "fr")[:2] == [
        ("Que permet «\u00a0Pilote bridge\u00a0»\u202f?", "De relier des conteneurs."),
        ("Que fait «\u00a0Pilote host\u00a0»\u202f?", "Supprime l’isolation du réseau."),
    ]
    [pairs] = of_kind(made, "siblings")
    assert [one["left"] for one in plain(pairs.question["pairs"], "fr")] == [
        "Pilote bridge",
        "Pilote host",
        "Pilote overlay",
    ]


def test_an_abbreviation_that_is_spelt_out_makes_a_flashcard(drafts: Drafts) -> None:
    made = drafts("# A\n\nThe CNM (Container Network Model) and the XYZ (some other words) differ.\n")

    assert [one.question["answer"]["en"] for one in of_kind(made, "acronym")] == ["Container Network Model"]


TABLE = (
    "# Winds\n\n| Wind | Where from |\n|---|---|\n"
    "| Mistral | north |\n| Sirocco | south-east |\n| Libeccio | south-west |\n"
)


def test_the_rows_of_a_table_are_pairs(drafts: Drafts) -> None:
    [made] = drafts(TABLE)

    assert (made.kind, text_of(made)) == ("table", "Winds: match “Wind” and “Where from”.")
    assert len(made.question["pairs"]) == 3


def test_rows_that_cannot_be_told_apart_are_left_out(drafts: Drafts) -> None:
    [made] = drafts(TABLE + "| Levanter | east |\n| Solano | east |\n| Ponente | |\n")

    assert [one["left"]["en"] for one in made.question["pairs"]] == ["Mistral", "Sirocco", "Libeccio"]


def test_columns_of_opposites_are_choices_and_not_pairs(drafts: Drafts) -> None:
    [made] = drafts("# Sail\n\n| ✅ Pros | ❌ Cons |\n|---|---|\n| Silent | Slow |\n| Free | |\n")

    right = {one["text"]["en"] for one in made.question["choices"] if one.get("correct")}
    assert (made.kind, right) == ("columns", {"Silent", "Free"})


def test_a_table_of_commands_asks_for_those_that_can_be_typed(drafts: Drafts) -> None:
    made = drafts(
        "# Git\n\n| Command | Effect |\n|---|---|\n| `git status` | shows what changed |\n"
        "| `git add FILE` | adds a file |\n| `git log <n>` | shows commits |\n| `git` | shows some help |\n"
    )

    assert [one.question["accept"] for one in of_kind(made, "command")] == [["git status"]]


@pytest.mark.parametrize(
    "written",
    [
        "# Mooring\n\nSteps, in order:\n\n1. Slow down\n2. Catch the buoy\n3. Tie the painter\n",
        "# How to moor\n\n1. Slow down\n2. Catch the buoy\n3. Tie the painter\n",
        "# Mooring\n\n1. Turn into the wind\n2. Drop the anchor\n3. Check that it holds\n",
    ],
)
def test_numbered_steps_are_put_in_order(drafts: Drafts, written: str) -> None:
    [made] = drafts(written)

    assert made.kind == "order"
    assert len(made.question["items"]) == 3


@pytest.mark.parametrize(
    "written",
    [
        "# Boats\n\nThere are three kinds of boats:\n\n1. Dinghies\n2. Ferries\n3. Barges\n",
        "# Boats\n\n1. Pen Duick\n2. Kriter\n3. Fleur\n",
        "# Steps\n\n- Slow down\n- Catch the buoy\n- Tie the painter\n",
        "# Steps\n\n1. Slow down\n2. Tie the painter\n",
        "# Steps\n\n1. Slow down\n2. Slow down\n3. Tie the painter\n",
        "# Steps\n\n1. Why slow down?\n2. Which buoy?\n3. What knot?\n",
    ],
)
def test_a_list_that_has_no_order_is_not_put_in_one(drafts: Drafts, written: str) -> None:
    assert of_kind(drafts(written), "order") == []


def test_a_list_as_long_as_it_says_is_a_closed_one(drafts: Drafts) -> None:
    made = drafts(
        "# Sails\n\n## Kinds\n\nA sloop has two sails:\n\n- jib\n- mainsail\n\n"
        "## Hull\n\nParts:\n\n- keel\n- rudder\n- bow\n"
    )

    [one] = of_kind(made, "list")
    choices = {choice["text"]["en"]: choice.get("correct", False) for choice in one.question["choices"]}
    assert {name for name, right in choices.items() if right} == {"jib", "mainsail"}
    assert {name for name, right in choices.items() if not right} <= {"keel", "rudder", "bow"}


@pytest.mark.parametrize(
    "lead",
    [
        "A sloop has three sails:",
        "A sloop has two sails, for example:",
        "A sloop has at least two sails:",
        "A sloop has sails such as these two sails:",
        "Chapter 2 sails:",
        "A sloop has 2 sails and 2 masts:",
        "Sails:",
    ],
)
def test_a_list_that_may_go_on_is_no_closed_one(drafts: Drafts, lead: str) -> None:
    assert of_kind(drafts(f"# Sails\n\n{lead}\n\n- jib\n- mainsail\n"), "list") == []


def test_a_sentence_that_counts_and_names_is_a_closed_list(drafts: Drafts) -> None:
    [one] = of_kind(drafts("# Voiles\n\nLes deux voiles d'un sloop sont : le foc et la grand-voile.\n", "fr"), "list")

    assert one.question["answer"]["fr"] == "Foc, grand-voile."


@pytest.mark.parametrize(
    ("sentence", "opposite"),
    [
        ("A dinghy does not need a licence at sea.", "A dinghy needs a licence at sea."),
        ("Dinghies do not have an engine.", "Dinghies have an engine."),
        ("A ferry cannot enter the old harbour.", "A ferry can enter the old harbour."),
        ("The tide is not predictable in that bay.", "The tide is predictable in that bay."),
        ("A knot doesn't carry the load of a splice.", "A knot carries the load of a splice."),
    ],
)
def test_a_negation_is_judged_as_it_is_or_without_it(drafts: Drafts, sentence: str, opposite: str) -> None:
    made = judged(drafts(f"# Boats\n\n{sentence}\n"))

    assert made in ({sentence.replace("'", "’"): True}, {opposite: False})


@pytest.mark.parametrize(
    ("sentence", "opposite"),
    [
        ("Le foc ne remplace pas la grand-voile.", "Le foc remplace la grand-voile."),
        ("Un bateau n'est pas une voiture.", "Un bateau n’est pas une voiture."),
        ("La dérive ne peut pas toucher le fond.", "La dérive peut toucher le fond."),
        ("Le barreur ne lâche jamais la barre.", "Le barreur ne lâche jamais la barre."),
    ],
)
def test_a_french_negation_is_judged_too(drafts: Drafts, sentence: str, opposite: str) -> None:
    made = judged(drafts(f"# Bateaux\n\n{sentence}\n", "fr"), "fr")

    assert made in ({sentence.replace("'", "’"): True}, {opposite: False})


@pytest.mark.parametrize(
    "sentence",
    [
        "It does not need a licence at sea.",
        "A dinghy does not only need wind to move.",
        "If the wind drops a dinghy does not move.",
        "A dinghy does not move unless the wind blows.",
        "A dinghy does not move, but a ferry does.",
        "A dinghy that is not moored drifts away.",
        "A dinghy is not always the fastest boat.",
        "Performance is not everything on a boat.",
        "Why does a dinghy not need a licence?",
        "A dinghy usually does not need a licence.",
        "A dinghy does not need an engine without fuel.",
        "Not every dinghy is not safe at sea.",
        "A knot is checked to ensure that it has not slipped.",
        "Do not sail alone at night, ever.",
        "Boats (see below) do not fly (usually).",
    ],
)
def test_a_negation_whose_opposite_is_not_plain_is_left_alone(drafts: Drafts, sentence: str) -> None:
    assert judged(drafts(f"# Boats\n\n{sentence}\n")) == {}


@pytest.mark.parametrize("lead", ["Without wind:", "Some people believe:", "In theory :"])
def test_what_a_lead_may_restrict_is_not_stated(drafts: Drafts, lead: str) -> None:
    assert (
        drafts(f"# Boats\n\n{lead}\n\n- A dinghy does not need a licence at sea.\n- The **keel** is under the hull.\n")
        == []
    )


def test_a_denial_below_a_heading_is_about_the_heading(drafts: Drafts) -> None:
    made = judged(drafts("# Mooring\n\n- Not allowed in the old harbour\n- No fee for one night\n"))

    assert made.pop("Mooring: no fee for one night.") is True
    assert made in ({"Mooring: not allowed in the old harbour.": True}, {"Mooring: allowed in the old harbour.": False})


def test_a_marked_word_of_a_sentence_becomes_a_gap(drafts: Drafts) -> None:
    [made] = drafts("# Ropes\n\nThe skipper always ties the **painter** to the ring.\n")

    assert text_of(made) == "The skipper always ties the {{gap}} to the ring."
    assert made.question["blanks"] == {"gap": {"accept": ["painter"]}}


@pytest.mark.parametrize(
    "sentence",
    [
        "The **painter** is tied.",
        "**Painters** moor a boat to the ring of a quay.",
        "It moors a boat with a **painter** to the quay.",
        "A painter is tied with the **painter** knot.",
        "Does the skipper tie the **painter** to the ring?",
        "See {{ the }} **painter** of the boat over there.",
    ],
)
def test_a_word_that_cannot_be_found_is_not_asked_for(drafts: Drafts, sentence: str) -> None:
    assert of_kind(drafts(f"# Ropes\n\n{sentence}\n"), "word") == []


def test_one_command_that_is_announced_is_typed(drafts: Drafts) -> None:
    [made] = drafts("# Git\n\nShow the last commit:\n\n```console\n$ git show --stat\ncommit 12ab\n```\n")

    assert (made.kind, made.line) == ("command", 6)
    assert text_of(made) == "Show the last commit: which command?"
    assert made.question["accept"] == ["git show --stat"]


def test_a_comment_says_what_a_command_does(drafts: Drafts) -> None:
    made = drafts("# Git\n\n```sh\n# Show the state\ngit status -s\ngit log -1   # print the last commit\n```\n")

    assert [(text_of(one), one.question["accept"][0], one.line) for one in made] == [
        ("Show the state: which command?", "git status -s", 5),
        ("Print the last commit: which command?", "git log -1", 6),
    ]


def test_several_commands_that_are_announced_have_a_gap(drafts: Drafts) -> None:
    [made] = drafts("# Git\n\nSave your work:\n\n```sh\ngit add -A\ngit commit -m done\n```\n")

    assert made.question["code"]["text"] == "git {{gap}} -A\ngit commit -m done"
    assert made.question["blanks"] == {"gap": {"accept": ["add"]}}


@pytest.mark.parametrize(
    "fence",
    [
        "```sh\ngit clone <address>\n```",
        "```sh\ngit log | head\n```",
        "```sh\nfor i in *; do git add $i; done\n```",
        "```python\nprint('git')\n```",
        "```\n+---+\n| a |\n+---+\n```",
        '```sh\ngit commit -m "open\n```',
        "```sh\nls\n```",
    ],
)
def test_what_nobody_can_type_is_not_asked_for(drafts: Drafts, fence: str) -> None:
    assert of_kind(drafts(f"# Git\n\nSave your work with git:\n\n{fence}\n"), "command") == []


def test_a_command_that_nothing_announces_is_not_asked_for(drafts: Drafts) -> None:
    assert drafts("# Git\n\nSome words.\n\n```sh\ngit status -s\n```\n") == []


@pytest.mark.parametrize(
    "text", ["# A\n\n\\*not bold\\* and _x_ <b> is [a] thing that 2 \\# has.\n\n**Star \\***: a * b < c"]
)
def test_signs_of_markdown_are_shown_as_they_are(drafts: Drafts, text: str) -> None:
    [(_, answer)] = cards(drafts(text))

    assert answer == "A \\* b \\< c."


def test_french_is_set_as_french(drafts: Drafts) -> None:
    [(question, answer)] = cards(
        drafts('# A\n\n**L\'écoute** : cordage "courant"... à tirer : voir `a : b`\n', "fr"), "fr"
    )

    assert question == "Que désigne «\u00a0L’écoute\u00a0»\u202f?"
    assert answer == "Cordage «\u00a0courant\u00a0»… à tirer\u00a0: voir `a : b`."
