"""`bank extract`: from a course to the draft of a bank."""

import json
from pathlib import Path

import click

from app.bank.extract import extraction, folder, report
from app.bank.extract.outline import slugify
from app.bank.extract.source import MAX_BYTES


@click.command()
@click.argument("course", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Where the bank goes.")
@click.option("--language", type=click.Choice(["fr", "en"]), help="What the course is written in, if it is not clear.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def extract(ctx: click.Context, course: Path, output: Path | None, language: str | None, as_json: bool) -> None:
    """Propose a bank from COURSE, a Markdown file: its outline, its topics, and drafts of questions.

    The bank goes into a folder called as the course, here, unless another is named. Run again, it keeps what you
    changed and tells what moved. With a problem in the course or in the folder, nothing is written.
    """
    target = output or Path(slugify(course.stem))
    earlier, problems = folder.read(target)
    if not problems:
        with course.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        made = extraction.extract(str(course), data, target.resolve().name, earlier, language)
        problems = made.problems or folder.write(target, made.files, made.ledger)
    if problems:
        for problem in problems:
            click.echo(str(problem), err=True)
        click.echo("nothing was written", err=True)
        ctx.exit(1)
    told = [json.dumps(report.document(made, earlier), ensure_ascii=False)] if as_json else report.lines(made, earlier)
    click.echo("\n".join(told))
