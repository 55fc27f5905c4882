"""The README and the code say the same: settings, commands, fields, targets, keys of the example, pictures."""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result
from pydantic import BaseModel

from app.bank import archives, course, lint, positions, schema, uploads
from app.bank.lint import judging, pairs
from app.bank.loader import load_course
from app.bank.problems import Problem
from app.bank.schema import MODELS, BaseQuestion
from app.cli import checking, rappel
from app.cli.parts import Parts
from app.exam import marking
from app.services import uploading
from app.srs import queue
from app.srs.sm2 import NEW, Grade, review
from app.web import limits
from tests.conftest import MONDAY_MORNING

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SETTING = re.compile(r"\bRAPPEL_[A-Z]+(?:_[A-Z]+)*\b")
WORD = re.compile(r"`([^`]+)`")


def rows(heading: str, first_column: str) -> list[list[str]]:
    """The cells of the table below a heading whose first column is called so; without its header."""
    section = re.split(rf"^#+ {re.escape(heading)}$", README, flags=re.MULTILINE)[1]
    table = section.split(f"\n| {first_column} |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def words(cell: str) -> set[str]:
    """What a cell has between backticks."""
    return set(WORD.findall(cell))


def settings_of(*folders: str) -> set[str]:
    """The names of the environment that Python files read."""
    sources = (path.read_text("utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return {name for source in sources for name in SETTING.findall(source)}


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its full name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


COMMANDS = dict(commands(rappel))


@cache
def documented() -> dict[str, list[str]]:
    """The rows of the table of commands, by command."""
    table = {}
    for row in rows("Commands", "Command"):
        usage = row[0].strip("| `").split()
        table[" ".join(word for word in usage if word.islower())] = row
    return table


def own_fields(model: type[BaseModel]) -> set[str]:
    """The fields of a type of question that other types may not have."""
    return set(model.model_fields) - set(BaseQuestion.model_fields) - {"type"}


def test_every_setting_is_in_the_table_and_no_other() -> None:
    told = {name for row in rows("Settings", "Name") for name in words(row[0])}

    assert told == settings_of("app")


def test_no_name_of_the_environment_is_made_up() -> None:
    assert set(SETTING.findall(README)) <= settings_of("app", "tests")


def test_the_settings_of_the_tests_are_told() -> None:
    told = {name for row in rows("For developers", "Name") for name in words(row[0])}

    assert told == {"RAPPEL_TEST_POSTGRES", "RAPPEL_TEST_REDIS", "RAPPEL_TEST_COURSE", "RAPPEL_REQUIRE_ALL"}


def test_every_command_is_in_the_table_and_no_other() -> None:
    assert set(documented()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_options_of_a_command_are_told(name: str) -> None:
    options = {
        longest
        for option in COMMANDS[name].params
        if isinstance(option, click.Option)
        for longest in [max(option.opts, key=len)]
    }

    assert words(documented()[name][1]) == options


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_runs(name: str) -> None:
    shown = CliRunner().invoke(rappel, [*name.split(), "--help"])

    assert shown.exit_code == 0
    assert shown.output.startswith("Usage:")


def test_every_command_that_the_text_names_exists() -> None:
    named = re.findall(r"python -m app ([a-z]+(?: [a-z]+)?)", README)

    assert named
    assert [
        each
        for each in named
        if not any(f"{each} ".startswith(f"{name} ") or each.split()[0] == name for name in COMMANDS)
    ] == []


def test_every_option_of_the_text_is_one_of_some_command() -> None:
    lines = re.findall(r"python -m app ([^\n`#]+)", README)
    known = {opt for command in COMMANDS.values() for option in command.params for opt in option.opts}

    assert {option for line in lines for option in re.findall(r"(?<!\S)--[a-z-]+", line)} <= known


def test_every_make_target_is_in_the_table_and_no_other() -> None:
    told = {name for row in rows("For developers", "Target") for name in words(row[0].split(";")[0])}
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert phony
    assert told == {f"make {target}" for target in phony[1].split()}
    assert {f"make {name}" for name in re.findall(r"\bmake ([a-z]+)\b(?=[\s`;:])", _code())} <= told


def _code() -> str:
    """What the README shows as code."""
    fence = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
    return "\n".join([*fence.findall(README), *(f"{each} " for each in WORD.findall(fence.sub("", README)))])


def test_the_fields_of_every_question_are_in_the_table_and_no_other() -> None:
    table = {name: row[1] for row in rows("Fields of a question", "Field") for name in words(row[0])}

    assert set(table) == set(BaseQuestion.model_fields) | {"type"}
    needed = {name for name, field in BaseQuestion.model_fields.items() if field.is_required()} | {"type"}
    assert {name for name, yes in table.items() if yes == "yes"} == needed


def test_the_fields_of_each_type_are_in_the_table_and_no_other() -> None:
    table = {row[0].strip("| `"): words(row[1]) for row in rows("Types and their own fields", "Type")}

    assert table == {name: own_fields(model) for name, model in MODELS.items()}


@pytest.mark.parametrize(
    ("part", "model"),
    [
        ("one of `choices`", schema.Choice),
        ("one of `items`", schema.Item),
        ("one of `pairs`", schema.Pair),
        ("one of `decoys`", schema.Decoy),
        ("one of `blanks`", schema.Blank),
        ("`code`", schema.Code),
        ("`origin`", schema.Origin),
    ],
)
def test_the_fields_of_a_part_of_a_question_are_told(part: str, model: type[BaseModel]) -> None:
    table = {row[0].strip("| "): words(row[1]) for row in rows("Types and their own fields", "Part")}

    assert table[part] - {"false"} == set(model.model_fields)


@pytest.mark.parametrize(
    ("part", "model"),
    [
        ("the course", course.Course),
        ("one of `topics`", course.Topic),
        ("one of `outline`", course.Section),
        ("one of `objectives`", course.Objective),
    ],
)
def test_the_fields_of_a_course_are_told(part: str, model: type[BaseModel]) -> None:
    table = {row[0].strip("| "): words(row[1]) for row in rows("Fields of `course.yaml`", "Part")}

    assert table[part] - {"true", " > "} == set(model.model_fields)


def test_the_rules_of_writing_are_in_the_table_and_no_other() -> None:
    told = {row[0].strip("| `"): (row[1], row[2]) for row in rows("What `bank check` judges", "Rule")}

    rules = {rule.name: (rule.severity, rule.what) for rule in lint.RULES.values()}
    assert told == rules | dict(lint.OF_ALLOW)


def test_the_keys_of_the_document_of_bank_check_are_told() -> None:
    told = {row[0].strip("| `"): words(row[1]) for row in rows("What `bank check` judges", "Key")}
    course = load_course(ROOT / "questions" / "docker")

    document = checking.document({"docker": lint.examine(course)})

    assert set(told) == set(document)
    assert told["problems"] == {field.name for field in fields(Problem)}
    assert told["topics"] == set(document["topics"][0])
    assert told["statistics"] == set(document["statistics"]["docker"])


def test_the_thresholds_told_are_those_in_force() -> None:
    text = " ".join(README.split())

    assert f"From {pairs.NEARLY_THE_SAME} on it is a duplicate, from {pairs.ALIKE} on they should" in text
    assert f"from {pairs.TWINS} on if they are of one type" in text
    assert f"less {100 * judging.WARNING_COSTS:.0f} for each rule broken with a warning" in text
    assert f"and {100 * judging.INFO_COSTS:.0f} for each broken with an info" in text


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The course that the README writes, as files."""
    for name, content in re.findall(r"```yaml\n# ([a-z]+\.yaml)\n(.*?)```", README, re.DOTALL):
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def test_the_course_of_the_example_loads_without_a_problem(example: Path) -> None:
    loaded = load_course(example)

    assert [str(problem) for problem in loaded.problems] == []
    assert [one.question.id for one in loaded.questions] == ["publish-a-web-server"]


def test_bank_check_accepts_the_course_of_the_example(example: Path) -> None:
    checked = CliRunner().invoke(rappel, ["bank", "check", str(example)], obj=Parts())

    assert checked.exit_code == 0, checked.output


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Result]:
    """Follow “Write your own course” in an empty folder: return what runs a step's command."""
    monkeypatch.chdir(tmp_path)
    page = README.split("\n### Write your own course\n")[1].split("\n### ")[0]
    (made,) = re.findall(r"```markdown\n(.*?)```", page, re.DOTALL)
    (tmp_path / "sailing.md").write_text(made, "utf-8")
    (tmp_path / "questions").mkdir()
    steps = re.findall(r"^\.venv/bin/python -m app (bank \w+) (.+)$", page, re.MULTILINE)
    lines = {name: f"{name} {rest}".split() for name, rest in steps}
    assert list(lines) == ["bank extract", "bank format", "bank check", "bank coverage"]

    return lambda name: CliRunner().invoke(rappel, lines[name], obj=Parts())


def write_reviewed(folder: Path) -> None:
    """Write the files as the README shows them once they are reviewed."""
    for name, content in re.findall(r"```yaml\n# (\S+\.yaml), reviewed\n(.*?)```", README, re.DOTALL):
        (folder / name).write_text(content, "utf-8")


def test_the_draft_shown_is_the_one_that_is_made(own: Callable[[str], Result], tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n# \S+, proposed\n(.*?)```", README, re.DOTALL)

    assert own("bank extract").exit_code == 0
    assert (tmp_path / "questions/sailing/knots.yaml").read_text("utf-8") == shown


def test_the_course_that_was_reviewed_passes_every_step(own: Callable[[str], Result], tmp_path: Path) -> None:
    own("bank extract")
    write_reviewed(tmp_path)

    ran = [own(step) for step in ("bank format", "bank check", "bank coverage", "bank extract")]

    assert [(one.exit_code, one.stderr) for one in ran] == [(0, "")] * 4
    assert "1 question, 0 problems" in ran[1].stdout
    assert [one.question.status for one in load_course(tmp_path / "questions/sailing").questions] == [None]


def test_the_course_that_was_reviewed_is_in_the_one_form(own: Callable[[str], Result], tmp_path: Path) -> None:
    own("bank extract")
    write_reviewed(tmp_path)

    assert own("bank format").stdout == "0 changed, 0 problems\n"


def test_the_other_spelling_of_the_example_is_right(example: Path) -> None:
    spelling = re.search(r"^`(docker container run [^`]+)` is then a right answer", README, re.MULTILINE)
    assert spelling

    credit = marking.credit(load_course(example).questions[0].question, {"text": spelling[1]})

    assert credit == 1


def test_links_and_pictures_lead_somewhere() -> None:
    local = [link for link in re.findall(r"\]\(([^)\s]+)\)", README) if not link.startswith(("http", "#"))]

    assert local
    assert [link for link in local if not (ROOT / link).is_file()] == []


def test_links_within_the_page_lead_to_headings() -> None:
    headings = {
        re.sub(r"[^\w\s-]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    }

    assert {link for link in re.findall(r"\]\(#([^)]+)\)", README)} <= headings


def test_every_picture_is_described_and_light_enough() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)

    assert len(pictures) >= 3
    for described, link in pictures:
        content = (ROOT / link).read_bytes()
        width, _height = struct.unpack(">II", content[16:24])
        assert len(described) > 40
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert f"-{width}.png" in link
        assert len(content) < 150_000


def test_the_intervals_told_are_those_of_the_algorithm() -> None:
    told = re.findall(r"always (Good|Easy) gives ([\d, ]+\d)", README)

    for name, days in told:
        state, given = NEW, []
        for _ in range(5):
            state = review(state, Grade[name.upper()], MONDAY_MORNING.date())
            given.append(state.interval_days)
        assert [int(day) for day in days.split(", ")] == given
    assert [name for name, _ in told] == ["Good", "Easy"]


def test_the_limits_told_are_those_in_force() -> None:
    told = (
        (limits.FAILURES_OF_ACCOUNT, "10 wrong passwords for an account in 15 minutes", "10 per 15 minutes"),
        (limits.FAILURES_OF_ADDRESS, "300 from an address in an hour", "300 per hour"),
        (limits.FLAGS_OF_PERSON, "A person can report questions 30 times in an hour", "30 per hour"),
        (limits.GUESTS_OF_ADDRESS, "300 new guests from an address in an hour", "300 per hour"),
        (limits.UPLOADS_OF_PERSON, "60 files an hour", "60 per hour"),
    )

    for in_force, sentence, meaning in told:
        assert sentence in " ".join(README.split())
        assert in_force == meaning
    assert f"({queue.Limits().new_per_day} a day unless you change it)" in README


def test_the_limits_of_uploads_told_are_those_in_force() -> None:
    told = re.search(
        r"\*\*Limits:\*\* (\d+) MB a file, (\d+) MB each YAML file in it and (\d+) MB together, "
        r"(\d+) files, ([\d ]+) questions",
        " ".join(README.split()),
    )

    assert told
    in_force = (uploading.MOST_BYTES, positions.MAX_BYTES, archives.MOST_BYTES)
    assert [int(number) * 1_000_000 for number in told.groups()[:3]] == list(in_force)
    assert int(told[4]) == archives.MOST_FILES
    assert int(told[5].replace(" ", "")) == uploads.MOST_QUESTIONS
    assert (uploading.MOST_WAITING, uploading.LIFETIME.days) == (5, 1)  # “the last five … are kept for a day”


def test_the_services_of_compose_are_what_the_text_calls_them() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]

    assert set(re.findall(r"docker compose (?:logs|exec) ([a-z]+)", README)) == set(services)


def test_the_table_of_measurements_has_its_place() -> None:
    begins, ends = re.findall(r"<!-- bench\b.*? -->", README), re.findall(r"<!-- /bench -->", README)

    assert (len(begins), len(ends)) == (1, 1)
    assert README.index(begins[0]) < README.index(ends[0])
