"""The house keeps its shape: what stands where, how large it grows, who imports whom."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import skip_or_fail

ROOT = Path(__file__).parent.parent
FOLDERS = {"app", "migrations", "questions", "tests"}
FILES = {
    "CHANGELOG.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "compose.yaml",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements-test.lock",
    "requirements.lock",
}
MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 400, 40
VAGUE = {"common", "core", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
TEXTS = {
    "",
    ".cfg",
    ".css",
    ".html",
    ".js",
    ".json",
    ".lock",
    ".mako",
    ".md",
    ".po",
    ".py",
    ".svg",
    ".toml",
    ".yaml",
    ".yml",
}
# In two pieces, so that this file does not hold what it forbids.
REGISTRIES = re.compile(
    r"://[\w.:@-]*(?:py"
    r"pi|files\.python"
    r"hosted|npm"
    r"js|reg"
    r"istry|arti"
    r"factory|ne"
    r"xus)[\w.:@-]*\.[a-z]+"
    r"|--(?:extra-)?index"
    r"-url|--trusted"
    r"-host"
)
IN_TEMPLATES = {
    "text that is trusted as it is": re.compile(r"\|\s*safe\b|Markup\(|autoescape\s+false"),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an address of a script": re.compile(r"javascript:", re.IGNORECASE),
    "a part from elsewhere": re.compile(
        r"<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
    ),
}


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the project, as git knows them; of a copy without git, those a checkout would have."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")] + [ROOT / name for name in FILES]
    return tuple(path for path in found if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".mo")


def modules(folder: str) -> list[Path]:
    """The Python files below a folder."""
    return sorted((ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    """A path as a failure shows it."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_top_level_holds_what_the_house_plan_says_and_nothing_else() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}

    assert {name for name in tops if not name.startswith(".")} - FOLDERS - FILES == set()
    assert FILES - tops == set()


def test_no_file_of_the_application_is_longer_than_a_reader_can_hold() -> None:
    sizes = {named(path): len(path.read_text("utf-8").splitlines()) for path in modules("app")}

    assert {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FILE} == {}


def test_no_function_of_the_application_is_longer_than_a_page() -> None:
    long = [
        f"{named(path)}:{function.lineno} {function.name}: {function.end_lineno - function.lineno + 1} lines"
        for path in modules("app")
        for function in functions(path)
        if function.end_lineno and function.end_lineno - function.lineno >= MOST_LINES_OF_A_FUNCTION
    ]

    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {named(path): {path.stem, *path.relative_to(ROOT).parts[:-1]} for path in tracked() if path.suffix == ".py"}

    assert [name for name, parts in names.items() if parts & VAGUE] == []


def test_every_module_and_public_function_says_what_it_is() -> None:
    silent = []
    for path in modules("app"):
        tree = ast.parse(path.read_text("utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(named(path))
        public = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
        silent += [
            f"{named(path)}:{node.lineno} {node.name}"
            for node in public
            if not node.name.startswith("_") and not ast.get_docstring(node)
        ]

    assert silent == []


def test_layers_import_downwards_only() -> None:
    if find_spec("importlinter") is None:
        skip_or_fail("import-linter is not installed")
    checked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "4 kept, 0 broken" in checked.stdout


def test_no_file_names_where_packages_come_from() -> None:
    found = [
        f"{named(path)}: {hit[0]}"
        for path in tracked()
        if path.suffix in TEXTS and path != Path(__file__)
        for hit in REGISTRIES.finditer(path.read_text("utf-8", "replace"))
    ]

    assert found == []


@pytest.mark.parametrize("fault", IN_TEMPLATES)
def test_no_template_holds(fault: str) -> None:
    templates = sorted((ROOT / "app" / "templates").rglob("*.html"))
    found = [
        f"{named(path)}: {hit[0].strip()}"
        for path in templates
        for hit in IN_TEMPLATES[fault].finditer(path.read_text("utf-8"))
    ]

    assert templates
    assert found == []


def test_pure_packages_read_neither_the_clock_nor_chance() -> None:
    forbidden = re.compile(r"\bdatetime\.now\(|\bdate\.today\(|\btime\.time\(|\butcnow\(|\brandom\.(?!Random\b)\w+\(")
    found = [
        f"{named(path)}: {hit[0]}"
        for package in ("srs", "exam", "stats", "bank", "formats")
        for path in modules(f"app/{package}")
        for hit in forbidden.finditer(path.read_text("utf-8"))
    ]

    assert found == []
