"""The snippets of the Docker bank before tools that did not come from here: Compose's schema, hadolint, bash."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from app.bank.lint import compose, console
from app.bank.lint.reading import Subject
from app.bank.loader import load_course
from app.bank.schema import CommandQuestion
from tests.conftest import skip_or_fail

QUESTIONS = Path(__file__).parents[2] / "questions"


@pytest.fixture(scope="module")
def docker() -> tuple[Subject, ...]:
    """The questions of the shipped course."""
    return tuple(Subject(one) for one in load_course(QUESTIONS / "docker").questions)


@pytest.fixture(scope="module")
def compose_schema() -> Mapping[str, Any]:
    """The JSON Schema of the Compose specification, as check-jsonschema ships it."""
    spec = find_spec("check_jsonschema")
    if spec is None or not spec.submodule_search_locations:
        skip_or_fail("check-jsonschema, which “make lint” installs")
        return {}
    path = Path(spec.submodule_search_locations[0]) / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


def snippets(subjects: Iterable[Subject], language: str, rule: str) -> dict[str, str]:
    """The snippets of a language by question, gaps filled; those that are wrong on purpose are left out."""
    return {
        subject.question.id: subject.snippet
        for subject in subjects
        if subject.question.code
        and subject.question.code.language == language
        and rule not in subject.question.allow
        and "yaml-snippet" not in subject.question.allow
    }


def properties(schema: Mapping[str, Any], name: str) -> set[str]:
    """The keys of one of the schema's definitions, and of those it is made of."""
    part = schema["$defs"][name]
    above = {each["$ref"].rpartition("/")[2] for each in part.get("allOf", ()) if "$ref" in each}
    return set(part.get("properties", ())).union(*(properties(schema, one) for one in above))


def test_compose_files_obey_the_specification(docker: tuple[Subject, ...], compose_schema: Mapping[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(compose_schema)
    found = {name: yaml.safe_load(text) for name, text in snippets(docker, "yaml", "compose-snippet").items()}
    files = {name: document for name, document in found.items() if compose.is_compose(document)}

    assert len(files) > 10
    assert {name: error.message for name, file in files.items() for error in validator.iter_errors(file)} == {}
    assert not validator.is_valid({"services": {"web": {"image": "nginx", "prts": []}}})


def test_the_keys_known_here_are_those_of_the_specification(compose_schema: Mapping[str, Any]) -> None:
    assert set(compose_schema["properties"]) == compose.TOP
    assert properties(compose_schema, "service") == compose.SERVICE


@pytest.fixture(scope="module")
def hadolint() -> Path:
    """The Dockerfile linter, from beside the Python that runs the tests."""
    found = Path(sys.executable).parent / "hadolint"
    if not found.is_file():
        skip_or_fail("hadolint, which “make lint” installs")
    return found


def unreadable(hadolint: Path, files: Iterable[Path]) -> set[str]:
    """The names of the Dockerfiles that hadolint's parser refuses."""
    told = subprocess.run(
        [hadolint, "--no-fail", "--format", "json", *files], capture_output=True, text=True, timeout=60, check=True
    )
    return {Path(one["file"]).name for one in json.loads(told.stdout) if one["code"] == "DL1000"}


def test_dockerfiles_can_be_parsed(docker: tuple[Subject, ...], hadolint: Path, tmp_path: Path) -> None:
    for name, text in snippets(docker, "dockerfile", "dockerfile-snippet").items():
        (tmp_path / name).write_text(f"{text}\n", encoding="utf-8")
    (tmp_path / "broken").write_text("FROM alpine\nCOPPY a b\n", encoding="utf-8")

    assert len(list(tmp_path.iterdir())) > 20
    assert unreadable(hadolint, sorted(tmp_path.iterdir())) == {"broken"}


def parses(script: str) -> bool:
    """Whether bash can read a script, which is not run."""
    return subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False).returncode == 0


def test_command_lines_can_be_parsed(docker: tuple[Subject, ...]) -> None:
    if shutil.which("bash") is None:
        skip_or_fail("bash")
    typed = snippets(docker, "console", "console-snippet")
    lines = {command for text in typed.values() for _, command in console.commands(text)}
    lines |= {line for one in docker if isinstance(one.question, CommandQuestion) for line in one.question.accept}

    assert len(lines) > 100
    assert [line for line in sorted(lines) if not parses(line)] == []
    assert not parses("echo 'a")
