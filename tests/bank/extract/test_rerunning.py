"""The same course again, changed: ids stay, what a person wrote stays to the byte, and the rest is told."""

import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.bank import positions
from app.bank.extract import extraction, folder, report
from app.bank.extract.earlier import LEDGER, Earlier
from app.bank.loader import load_course
from tests.bank.extract.conftest import Bank, states

COURSE = """# Ropes

**Sheet**: a rope that pulls a sail

A dinghy does not need a licence at sea.

# Winds

**Mistral**: a wind that comes from the north
"""
REVIEWED = "ropes-sheet-card"


def read(text: str) -> Any:
    """The values of a file of the bank."""
    return positions.read("a.yaml", text.encode()).value


def look_again(bank: Bank, course: str) -> list[tuple[str, str]]:
    """The questions to read again after another run: their ids and why."""
    earlier, _ = folder.read(bank.path)
    made = extraction.extract("course.md", course.encode(), "boats", earlier, "en")
    told = report.document(made, earlier)["look_again"]
    return [(one["id"], one["why"]) for one in told]


def review(bank: Bank) -> None:
    """Turn the draft on sheets into a question, as a teacher would."""
    text = bank.read("ropes.yaml")
    entries = read(text)
    entry = next(one for one in entries if one["id"] == REVIEWED)
    start, _, rest = text.partition(f"- id: {REVIEWED}\n")
    _, blank, tail = rest.partition("\n\n")
    mine = (
        f"# mine\n- id: {REVIEWED}\n  type: flashcard\n  objectives: [{entry['objectives'][0]}]\n  level: 2\n"
        "  text: {fr: 'Une écoute\u202f?', en: 'A sheet?'}   # asked so\n  answer: {fr: Cordage., en: Rope.}\n"
        "  explanation: {fr: Elle borde., en: It trims.}\n"
        f"  origin: {json.dumps(entry['origin'], default=float)}\n"
    )
    (bank.path / "ropes.yaml").write_text(start + mine + blank[:1] + tail, "utf-8")


def test_the_files_load_without_an_error_or_a_warning(bank: Bank) -> None:
    bank.extract(COURSE)

    loaded = load_course(bank.path)

    assert {problem.severity for problem in loaded.problems} == {"info"}
    assert {one.question.status for one in loaded.questions} == {"draft"}
    assert sorted(path.name for path in bank.path.iterdir()) == ["course.yaml", LEDGER, "ropes.yaml", "winds.yaml"]


def test_a_draft_says_where_it_comes_from_and_how_sure_it_is(bank: Bank) -> None:
    bank.extract(COURSE)

    [winds] = read(bank.read("winds.yaml"))
    assert winds["id"] == "winds-mistral-card"
    assert winds["status"] == "draft"
    assert (winds["origin"]["section"], winds["origin"]["line"], winds["origin"]["confidence"]) == (
        "winds",
        9,
        Decimal("0.9"),
    )


def test_each_fact_has_an_objective_with_its_section(bank: Bank) -> None:
    bank.extract(COURSE)

    course = load_course(bank.path).course

    assert course is not None
    assert [(one.id, one.section, one.status) for one in course.objectives] == [
        ("ropes.sheet", "Ropes", "draft"),
        ("ropes.a-dinghy-does-not-need-a-licence", "Ropes", "draft"),
        ("winds.mistral", "Winds", "draft"),
    ]


def test_the_same_course_again_changes_no_byte(bank: Bank) -> None:
    bank.extract(COURSE)
    before = bank.snapshot()

    again = bank.extract(COURSE)

    assert bank.snapshot() == before
    assert set(states(again).values()) == {"same"}


def test_new_facts_are_added_and_the_others_keep_their_ids(bank: Bank) -> None:
    first = bank.extract(COURSE)

    again = bank.extract(f"# Boats\n\n**Dinghy**: a small boat with a sail\n\n{COURSE}")

    assert states(again) == {**dict.fromkeys(states(first), "same"), "boats-dinghy-card": "new"}
    assert load_course(bank.path).errors == ()


def test_lines_of_drafts_follow_the_course(bank: Bank) -> None:
    bank.extract(COURSE)

    bank.extract(f"\n\n\n{COURSE}")

    assert read(bank.read("winds.yaml"))[0]["origin"]["line"] == 12


def test_a_fact_that_moves_keeps_its_id_and_its_file(bank: Bank) -> None:
    bank.extract(COURSE)

    again = bank.extract(
        COURSE.replace("**Mistral**: a wind that comes from the north\n", "").replace(
            "# Winds\n", "**Mistral**: a wind that comes from the north\n\n# Winds\n"
        )
    )

    assert states(again)["winds-mistral-card"] == "moved"
    [winds] = read(bank.read("winds.yaml"))
    assert winds["origin"]["section"] == "ropes"


def test_a_draft_nobody_edited_follows_its_words(bank: Bank) -> None:
    bank.extract(COURSE)

    again = bank.extract(COURSE.replace("pulls a sail", "controls a sail"))

    assert states(again)[REVIEWED] == "changed"
    assert "controls a sail" in bank.read("ropes.yaml")
    assert "controls a sail" in bank.read("course.yaml")


def test_a_sentence_that_is_mended_keeps_its_id(bank: Bank) -> None:
    bank.extract(COURSE)

    again = bank.extract(COURSE.replace("need a licence at sea", "require a licence at sea"))

    assert states(again)["ropes-a-dinghy-does-not-need-a-licence-at-statement"] == "changed"


def test_another_term_is_another_question(bank: Bank) -> None:
    bank.extract(COURSE)

    again = bank.extract(COURSE.replace("**Sheet**: a rope that pulls", "**Halyard**: a rope that pulls"))

    assert states(again)["ropes-halyard-card"] == "new"
    assert [one.question.id for one in again.merged.vanished] == [REVIEWED]


def test_a_draft_whose_words_are_gone_goes_with_its_objective(bank: Bank) -> None:
    bank.extract(COURSE)

    bank.extract(COURSE.replace("**Sheet**: a rope that pulls a sail\n", ""))

    assert REVIEWED not in bank.read("ropes.yaml")
    assert "ropes.sheet" not in bank.read("course.yaml")
    assert load_course(bank.path).errors == ()


def test_what_a_person_wrote_stays_to_the_byte(bank: Bank) -> None:
    bank.extract(COURSE)
    review(bank)
    mine = bank.read("ropes.yaml").partition("# mine")[2].partition("\n\n")[0]

    bank.extract(
        f"# Boats\n\n**Dinghy**: a small boat with a sail\n\n{COURSE}".replace("pulls a sail", "controls a sail")
    )

    assert mine in bank.read("ropes.yaml")
    assert load_course(bank.path).errors == ()


def test_a_reviewed_question_whose_words_changed_is_to_be_read_again(bank: Bank) -> None:
    bank.extract(COURSE)
    review(bank)

    [(name, why)] = look_again(bank, COURSE.replace("pulls a sail", "controls a sail"))

    assert name == REVIEWED
    assert why.startswith("line 3 of the course reads otherwise now (once read, write fingerprint: ")


def test_writing_the_fingerprint_says_that_it_was_read(bank: Bank) -> None:
    bank.extract(COURSE)
    review(bank)
    changed = COURSE.replace("pulls a sail", "controls a sail")
    [(_, why)] = look_again(bank, changed)

    old = load_course(bank.path).questions[0].question.origin
    assert old is not None
    bank.edit("ropes.yaml", old.fingerprint, why.rpartition(" ")[2].rstrip(")"))

    assert look_again(bank, changed) == []


def test_a_reviewed_question_whose_words_are_gone_is_told_and_kept(bank: Bank) -> None:
    bank.extract(COURSE)
    review(bank)

    told = look_again(bank, COURSE.replace("**Sheet**: a rope that pulls a sail\n", ""))

    assert told == [(REVIEWED, "its words are gone from ropes (they were on line 3)")]
    assert REVIEWED in bank.read("ropes.yaml")


def test_a_draft_that_is_being_edited_is_left_alone(bank: Bank) -> None:
    bank.extract(COURSE)
    bank.edit("ropes.yaml", "text: {en: 'What does “Sheet” mean?'}", "text: {en: 'What is a sheet?'}")

    bank.extract(COURSE.replace("pulls a sail", "controls a sail"))

    assert "What is a sheet?" in bank.read("ropes.yaml")
    assert "pulls a sail" in bank.read("ropes.yaml")


def test_a_draft_that_a_person_took_out_stays_out(bank: Bank) -> None:
    bank.extract(COURSE)
    (bank.path / "winds.yaml").unlink()

    again = bank.extract(COURSE)

    assert [draft.subject for draft in again.merged.dismissed] == ["Mistral"]
    assert not (bank.path / "winds.yaml").exists()


def test_an_objective_that_a_person_wrote_stays(bank: Bank) -> None:
    bank.extract(COURSE)
    bank.edit("course.yaml", "Mistral: a wind that comes from the north.", "The Mistral blows from the north.")

    bank.extract(COURSE.replace("from the north", "from the very north"))

    assert "The Mistral blows from the north." in bank.read("course.yaml")


def test_topics_that_a_person_merged_stay_merged(bank: Bank) -> None:
    bank.extract(COURSE)
    text = bank.read("course.yaml").replace("- {id: winds, title: {en: Winds}, status: draft}\n", "")
    (bank.path / "course.yaml").write_text(text.replace("topic: winds", "topic: ropes"), "utf-8")
    (bank.path / "ropes.yaml").write_text(f"{bank.read('ropes.yaml')}\n{bank.read('winds.yaml')}", "utf-8")
    (bank.path / "winds.yaml").unlink()

    bank.extract(f"{COURSE}\n**Sirocco**: a wind that comes from the south\n")

    assert not (bank.path / "winds.yaml").exists()
    assert "Sirocco" in bank.read("ropes.yaml")


def test_a_heading_that_is_gone_stays_as_long_as_an_objective_names_it(bank: Bank) -> None:
    bank.extract(COURSE)
    bank.edit("course.yaml", "Mistral: a wind that comes from the north.", "The Mistral blows from the north.")

    bank.extract(COURSE.replace("# Winds", "# Breezes"))
    before = bank.snapshot()
    bank.extract(COURSE.replace("# Winds", "# Breezes"))

    course = load_course(bank.path).course
    assert course is not None
    assert [section.id for section in course.outline] == ["ropes", "breezes", "winds"]
    assert bank.snapshot() == before


def test_a_bank_written_by_hand_gets_drafts_and_keeps_its_files(bank: Bank) -> None:
    bank.extract(COURSE)
    (bank.path / LEDGER).unlink()
    before = bank.snapshot()

    bank.extract(f"{COURSE}\n**Sirocco**: a wind that comes from the south\n")

    after = bank.snapshot()
    assert after["ropes.yaml"] == before["ropes.yaml"]
    assert after["winds.yaml"].startswith(before["winds.yaml"])


def test_a_course_without_a_plain_fact_gives_its_outline_and_topics(bank: Bank) -> None:
    bank.extract("# Ropes\n\nHmm.\n\n# Winds\n\nHmm.\n")
    before = bank.snapshot()
    bank.extract("# Ropes\n\nHmm.\n\n# Winds\n\nHmm.\n")

    loaded = load_course(bank.path)
    assert loaded.errors == ()
    assert loaded.course is not None
    assert [objective.id for objective in loaded.course.objectives] == ["ropes.overview", "winds.overview"]
    assert bank.snapshot() == before


def test_nothing_is_written_into_a_bank_with_an_error(bank: Bank) -> None:
    bank.extract(COURSE)
    bank.edit("ropes.yaml", "level: 1", "level: 9")

    _, problems = folder.read(bank.path)

    assert [problem.message for problem in problems] == ["level: this must be at most 3"]


def test_a_spoilt_ledger_is_told(bank: Bank) -> None:
    bank.extract(COURSE)
    (bank.path / LEDGER).write_text("[]", "utf-8")

    _, [problem] = folder.read(bank.path)

    assert problem.message == "this is not what extract wrote: it has no drafts and parts"


def test_questions_without_a_course_are_told(bank: Bank) -> None:
    bank.path.mkdir()
    (bank.path / "ropes.yaml").write_text("[]", "utf-8")

    _, [problem] = folder.read(bank.path)

    assert problem.message == "questions without a course.yaml"


def test_a_list_that_cannot_be_changed_entry_by_entry_is_told(bank: Bank) -> None:
    bank.extract(COURSE)
    text = bank.read("course.yaml")
    start, _, rest = text.partition("objectives:\n")
    (bank.path / "course.yaml").write_text(f"{start}objectives: {json.dumps(read(rest))}\n", "utf-8")
    earlier, _ = folder.read(bank.path)

    made = extraction.extract("c.md", f"{COURSE}\n**Sirocco**: a hot wind\n".encode(), "boats", earlier, "en")

    assert [problem.message for problem in made.problems] == [
        "the entries of objectives do not each stand on lines of their own"
    ]


FACTS = st.lists(
    st.sampled_from(
        [
            "**Sheet**: a rope that pulls a sail",
            "**Sheet**: a rope that trims a sail",
            "**Mistral**: a wind of the north",
            "A dinghy does not need a licence at sea.",
            "The skipper always ties the **painter** to the ring.",
            "Two sails drive a sloop:\n\n- jib\n- mainsail",
            "## Another heading",
            "# Ropes",
        ]
    ),
    max_size=9,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(courses=st.lists(FACTS, min_size=2, max_size=3))
def test_however_a_course_changes_its_bank_loads_and_settles(
    courses: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    bank = Bank(tmp_path_factory.mktemp("bank") / "boats")
    for facts in courses:
        text = "# Start\n\nWords.\n\n" + "\n\n".join(facts)
        bank.extract(text)
        before = bank.snapshot()
        made = bank.extract(text)

        assert bank.snapshot() == before
        assert set(states(made).values()) <= {"same"}
        loaded = load_course(bank.path)
        assert loaded.errors == ()
        assert len({one.question.id for one in loaded.questions}) == len(loaded.questions) == len(made.merged.placed)


@given(courses=st.tuples(FACTS, FACTS))
def test_a_fact_that_stays_keeps_its_id(courses: tuple[list[str], list[str]]) -> None:
    """Whatever else comes and goes: what stands once, in the same words, in both versions."""
    names = []
    with_bank: Earlier = Earlier()
    for facts in courses:
        made = extraction.extract("c.md", ("# Start\n\n" + "\n\n".join(facts)).encode(), "boats", with_bank, "en")
        names.append({one.draft.fingerprint: one.id for one in made.merged.placed})
        if with_bank.course is None:
            with_bank = stored(made)

    kept = names[0].keys() & names[1].keys()
    assert {key: names[1][key] for key in kept} == {key: names[0][key] for key in kept}


def stored(made: extraction.Extraction) -> Earlier:
    """The folder that these files make."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "boats"
        assert folder.write(path, made.files, made.ledger) == ()
        return folder.read(path)[0]
