"""From the bytes of a course to the files of its bank: nothing here reads or writes a disk."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.bank.extract import blocks, making, merging, outline, rewriting, source
from app.bank.extract.earlier import Earlier, Ledger
from app.bank.extract.languages import LANGUAGES, Language, guess
from app.bank.extract.merging import Merged
from app.bank.extract.outline import Section, slugify
from app.bank.extract.rewriting import About
from app.bank.extract.splicing import NotAList
from app.bank.problems import Problem

_UNKNOWN = "to be completed"


@dataclass(frozen=True)
class Extraction:
    """What a course gives. `files` are the texts that change, by name; none when there is a problem."""

    language: Language
    sections: tuple[Section, ...] = ()
    merged: Merged = field(default_factory=lambda: Merged((), (), ()))
    files: Mapping[str, str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    problems: tuple[Problem, ...] = ()


def extract(name: str, data: bytes, course: str, earlier: Earlier, language: str | None = None) -> Extraction:
    """The bank of the course in the file `name`, for the folder called `course` as an earlier run left it.

    `language` is "fr" or "en"; it is guessed from the front matter or the words when left out. Nothing is raised
    for what the file or the folder says.
    """
    read = source.read(name, data)
    if read.problems:
        return Extraction(LANGUAGES["en"], problems=read.problems)
    chosen = LANGUAGES.get(language or read.about.get("lang", read.about.get("language", ""))[:2].lower())
    spoken = chosen or guess("\n".join(read.lines))
    parsed = blocks.parse(read.lines)
    title = _title(read.about, parsed, name)
    sections = outline.sections(parsed, title)
    if not sections:
        problem = Problem(name, 1, 1, "there is no text here", "give the Markdown file of a course")
        return Extraction(spoken, problems=(problem,))
    topics = outline.topics(sections) or [outline.ProposedTopic(slugify(title), title, frozenset({sections[0].id}))]
    merged = merging.merge(making.drafts(sections, spoken), topics, sections, earlier)
    about = About(slugify(course), title, _licence(read.about), read.about.get("author") or title, _base(name))
    try:
        files, ledger = rewriting.rewritten(about, sections, topics, merged, earlier, spoken)
    except NotAList as error:
        hint = "begin each with “- ” on a line of its own"
        message = f"the entries of {error} do not each stand on lines of their own"
        return Extraction(spoken, problems=(Problem(rewriting.COURSE_FILE, 1, 1, message, hint),))
    return Extraction(spoken, tuple(sections), merged, files, ledger)


def _title(about: Mapping[str, str], parsed: list[blocks.Block], name: str) -> str:
    """The title of the front matter, else of the only highest heading, else of the file."""
    headings = [block for block in parsed if isinstance(block, blocks.Heading) and block.text]
    highest = [one for one in headings if one.level == min(other.level for other in headings)]
    heading = highest[0].text if len(highest) == 1 else ""
    return (
        blocks.without_pictures(about.get("title", ""))
        or (heading or _base(name).rpartition(".")[0] or _base(name)).strip()
    )


def _licence(about: Mapping[str, str]) -> str:
    named = (blocks.without_pictures(about.get(key, "")) for key in ("licence", "license", "copyright"))
    return next((one for one in named if one), _UNKNOWN)


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]
