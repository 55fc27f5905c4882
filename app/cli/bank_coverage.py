"""`bank coverage`: what of a course has questions, and what has none yet."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from app.bank import coverage as measures
from app.bank.coverage import Coverage, Covered, Group, Lack
from app.bank.loader import load_course
from app.bank.schema import MODELS

_WIDTH = 100
_ID = 38
_INDENT = _ID + 4
_LEVELS = (1, 2, 3)
_SHORT = {
    "single": "single",
    "multiple": "multi",
    "true_false": "t/f",
    "short_answer": "short",
    "command": "cmd",
    "numerical": "number",
    "cloze": "cloze",
    "ordering": "order",
    "matching": "match",
    "flashcard": "card",
}


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print every count, by course, as JSON.")
@click.pass_context
def coverage(ctx: click.Context, folder: Path | None, as_json: bool) -> None:
    """Count the questions of each objective, topic and section of FOLDER (the courses of RAPPEL_COURSES if left out).

    Objectives without a question come first; exit with 1 if there is one, or if a course cannot be read.
    """
    folders = [folder] if folder else ctx.obj.courses
    told: dict[str, Coverage] = {}
    for one in folders:
        loaded = load_course(one)
        for problem in loaded.errors:
            click.echo(str(problem), err=True)
        if loaded.course is None:
            ctx.exit(1)
        told[loaded.course.id] = measures.of_course(loaded.course, (item.question for item in loaded.questions))
    if as_json:
        click.echo(json.dumps({name: measures.document(found) for name, found in told.items()}, ensure_ascii=False))
    else:
        click.echo("\n\n".join("\n".join(_report(name, found)) for name, found in told.items()))
    ctx.exit(1 if any(found.holes for found in told.values()) else 0)


def _report(name: str, found: Coverage) -> Iterator[str]:
    total, counts = found.total, found.total.tally
    yield f"{name}: {total.covered} of {total.objectives} objectives have a question, {total.enough} have enough"
    many = "" if counts.questions == 1 else "s"
    yield (
        f"{counts.questions} question{many}: {counts.studied} to study, {counts.reserved} reserved for exams;"
        f" {counts.drafts} drafts besides"
    )
    yield from _objectives(f"Without a question: {len(found.holes)}", found.holes)
    yield from _objectives(f"With too few: {len(found.thin)}", found.thin)
    yield from ("", "Topics (* core)")
    core = {one.goal.topic for one in found.objectives if one.core}
    yield from _groups(found.topics, core)
    yield from ("", "Types")
    yield _row("", [_SHORT[kind] for kind in MODELS])
    for group in (*found.topics, total):
        yield _row(group.id or "all", [group.tally.types.get(kind, 0) for kind in MODELS])
    yield from ("", "Sections")
    yield from _groups(found.sections, frozenset())


def _objectives(title: str, objectives: Sequence[Covered]) -> Iterator[str]:
    if not objectives:
        return
    yield from ("", f"{title} (weight, * core topic)")
    for one in objectives:
        touched = f", touched by {one.touched}" if one.touched else ""
        room = _WIDTH - _INDENT - len(touched)
        said = (
            _cut(one.goal.section, room) + touched if one.is_hole else ", ".join(_missing(lack) for lack in one.lacks)
        )
        yield f"{one.goal.weight}{'*' if one.core else ' '} {_cut(one.goal.id, _ID):{_ID}} {said}"


def _missing(lack: Lack) -> str:
    if lack.what == "studied":
        return "all reserved"
    if lack.what == "code":
        return "no code"
    return f"{lack.have} of {lack.want} {lack.what}"


def _groups(groups: Sequence[Group], core: frozenset[str] | set[str]) -> Iterator[str]:
    yield _row("", ["goals", "cover", "enough", "all", "study", "exam", "draft", *(f"L{level}" for level in _LEVELS)])
    for group in groups:
        counts = group.tally
        counted = [counts.questions, counts.studied, counts.reserved, counts.drafts]
        levels = [counts.levels.get(level, 0) for level in _LEVELS]
        name = group.id + ("*" if group.id in core else "")
        yield _row(name, [group.objectives, group.covered, group.enough, *counted, *levels])


def _row(name: str, cells: Sequence[object]) -> str:
    room = _WIDTH - 7 * len(cells)
    return f"{_cut(name, room):{room}}" + "".join(f"{cell!s:>7}" for cell in cells)


def _cut(text: str, room: int) -> str:
    """The text, its beginning left out where there is no room: the end of a path says most."""
    return text if len(text) <= room else "…" + text[1 - room :]
