"""What the readers of the bank say of a file, in the language of the page.

They speak English, for the command line, and know no page. Each of their sentences is here once more, with
holes where they name something: the sentence that fits gives the translation, and fills its holes.
"""

import re
from functools import lru_cache

from flask_babel import gettext

from app.web.teach import writing_words
from app.web.teach.writing_words import KINDS, N_

SENTENCES = (
    # What was sent
    N_("this is an image, whatever its name says"),
    N_("this is a PDF document, whatever its name says"),
    N_("this is a zip or an office document, whatever its name says"),
    N_("this is an office document, whatever its name says"),
    N_("this is a compressed file, whatever its name says"),
    N_("this is a database, whatever its name says"),
    N_("this is a program, whatever its name says"),
    N_("send YAML files, or a zip of them"),
    N_("this is no text in UTF-8"),
    N_("in the editor, save the file again with the encoding UTF-8"),
    N_("this zip has more than %(most)s files"),
    N_("this zip has more than %(most)s YAML files"),
    N_("send the files of one course"),
    N_("this is an office document, not a zip of YAML files"),
    N_("the parts of this zip overlap"),
    N_("make it again"),
    N_("this name leads out of the zip"),
    N_("put the files into one folder, and zip that folder"),
    N_("an archive in the zip is not opened"),
    N_("put its files into the zip itself"),
    N_("this file is encrypted"),
    N_("make the zip again, without a password"),
    N_("this is a link, not a file"),
    N_("put the file itself into the zip"),
    N_("this kind of compression is not read"),
    N_("make the zip again, with the usual compression"),
    N_("this file is too deep"),
    N_("the file has more than %(most)s bytes"),
    N_("split it"),
    N_("this zip is damaged"),
    N_("this zip has no YAML file"),
    N_("the files of a bank end in .yaml"),
    N_("the files are in several folders: %(names)s"),
    N_("put them all into one"),
    N_("a file of this name is in the zip twice"),
    N_("keep one"),
    N_("the files have more than %(most)s bytes in all"),
    N_("send fewer"),
    N_("this file is compressed beyond all measure"),
    N_("a text never is: make the zip again"),
    N_("this file is damaged in the zip"),
    N_("make the zip again"),
    N_("there is no question here"),
    N_("zip course.yaml together with its files of questions"),
    N_("there are more than %(most)s questions"),
    N_("send them in several uploads"),
    # Against what is stored
    N_("these questions are for no course"),
    N_("choose one, or add a course.yaml"),
    N_("the course “%(course)s” is the folder’s, and no upload changes it"),
    N_("the course “%(course)s” was uploaded by somebody else"),
    N_("leave course.yaml out to add questions to it, or give yours another id"),
    N_("“%(id)s” is one of the folder’s questions"),
    N_("“%(id)s” was uploaded by somebody else"),
    N_("give yours another id"),
    N_("the objective “%(objective)s” is gone, and the question “%(question)s” stays with it"),
    N_("keep the objective, or let the question go as well"),
    N_("the course has no objective “%(name)s”"),
    # YAML
    N_("this is not YAML: %(reason)s"),
    N_("check quotes, brackets and indentation"),
    N_("check quotes and indentation"),
    N_("indent with spaces, not tabs"),
    N_("quote a text that contains a colon followed by a space"),
    N_("quote a text that begins with %(sign)s"),
    N_("a second document starts here"),
    N_("a file holds one"),
    N_("this byte is not UTF-8"),
    N_("save the file as UTF-8"),
    N_("an invisible character stands here (U+%(code)s)"),
    N_("delete it"),
    N_("an invisible character is in this text (U+%(code)s)"),
    N_("remove it"),
    N_("more than %(most)s levels deep"),
    N_("a question needs five"),
    N_("anchors and aliases are not read here"),
    N_("write the value out, or quote it"),
    N_("tags are not read here"),
    N_("quote a value that begins with !"),
    N_("the key “%(key)s” is there twice"),
    N_("line %(line)s has it already"),
    N_("a key must be a word"),
    N_("quote a value that contains { or ["),
    N_("the key %(key)s is not a text"),
    N_("there is no value here"),
    N_("write one, or remove the key"),
    N_("%(text)s is a word or a truth value"),
    N_('write "%(text)s" for the word, or %(truth)s'),
    N_("%(text)s means different things to different YAML readers"),
    N_('write "%(text)s" for the text, or a plain number'),
    N_('write "%(text)s"'),
    # The file as a whole
    N_("too many problems: the rest is not read"),
    N_("a list of questions is expected"),
    N_("begin each with “- id: …”"),
    N_("a question is expected"),
    N_("keys and values are expected"),
    N_("begin with “id: …”"),
    N_("write “key: value” lines"),
    N_("“%(topic)s” is no topic of the course"),
    N_("the topics are %(topics)s"),
    N_("the id “%(id)s” is used twice"),
    N_("%(place)s has it already"),
    N_("there is no question “%(name)s”"),
    N_("a question does not name itself"),
    N_("course.yaml has no objective “%(name)s”"),
    N_("the objective examined is one of the topic %(topic)s"),
    N_("move the question to %(topic)s.yaml, or name an objective of %(other)s first"),
    N_("this is not a file"),
    N_("this cannot be read: %(reason)s"),
    # Fields
    N_("“%(name)s” is missing"),
    N_("both languages are required"),
    N_("unknown type “%(type)s”"),
    N_("the types are %(types)s"),
    N_("unknown key “%(key)s”"),
    N_("questions of this type do not have it"),
    N_("known: %(keys)s"),
    N_("did you mean “%(name)s”?"),
    N_("this needs at least %(least)s and has %(count)s"),
    N_("a text is expected, not %(given)s"),
    N_('put it in quotes: "%(given)s"'),
    N_("true or false is expected, not %(given)s"),
    N_("a whole number is expected, not %(given)s"),
    N_("a list is expected"),
    N_("begin each entry with “- ”"),
    N_("keys and values are expected, not %(given)s"),
    N_("%(given)s is not one of %(expected)s"),
    N_("there is nothing here"),
    N_("write something, or remove the key"),
    N_("this is longer than %(most)s characters"),
    N_("“%(given)s” has characters that may not stand here"),
    N_("use lower-case letters, digits and hyphens"),
    N_("at most %(most)s are allowed, not %(count)s"),
    N_("this must be at least %(least)s"),
    N_("this must be at most %(most)s"),
    N_("a decimal number is expected, at most 24 digits and 12 after the point"),
    # What a question must be
    N_("no choice is correct"),
    N_("mark the right one with “correct: true”"),
    N_("mark each right one with “correct: true”"),
    N_("a second choice is correct"),
    N_("a question with several right choices has “type: multiple”"),
    N_("no choice is wrong"),
    N_("one at least must be, or taking them all is always right"),
    N_("a quote or a backslash is left open"),
    N_("a shell must be able to read it"),
    N_("a command starts with the name of a program"),
    N_("leave the prompt out"),
    N_("“%(name)s” is not a name for a blank"),
    N_("use lower-case letters, digits, hyphens, underscores; a letter first"),
    N_("the blank {{%(name)s}} stands nowhere"),
    N_("each blank stands once in the code, or once in the text of each language"),
    N_("the blank {{%(name)s}} stands %(times)s times"),
    N_("give each place a blank of its own"),
    N_("{{%(name)s}} is not one of the blanks"),
    N_("declare it under “blanks”"),
    N_("{{%(name)s}} is a blank"),
    N_("a question with blanks has “type: cloze”"),
    N_("“%(id)s” is used twice"),
    N_("ids are unique within a question"),
    N_("the same objective twice: “%(value)s”"),
    N_("the same option twice: “%(value)s”"),
    N_("the same answer twice: “%(value)s”"),
    N_("remove one of them"),
    N_("%(command)s has no option %(option)s"),
    N_("an option that cannot be there needs no mention"),
    # Drafts
    N_("a draft: “%(language)s” is missing in one text"),
    N_("a draft: “%(language)s” is missing in %(count)s texts"),
    N_("write it, read the whole, then remove “status: draft”"),
    # What a course must be
    N_("“%(topic)s” is not one of the topics"),
    N_("“%(section)s” is not in the outline"),
    N_("write the titles of the outline, joined by “ > ”"),
    N_("keep one, or give it another id"),
    # The headings of a French course
    N_("a no-break space (U+00A0) goes before a colon: “%(title)s”"),
    N_("a narrow no-break space (U+202F) goes before ?, ! and a semicolon: “%(title)s”"),
    N_("a no-break space (U+00A0) goes inside « »: “%(title)s”"),
    N_("the apostrophe is ’ (U+2019): “%(title)s”"),
    N_("quotation marks are « »: “%(title)s”"),
    N_("the ellipsis is … (U+2026): “%(title)s”"),
    N_("a no-break space (U+00A0) goes between a number and its unit: “%(title)s”"),
    N_("“etc.” has one full stop: “%(title)s”"),
    N_("a capital keeps its accent: “%(title)s”"),
    N_("a space too many: “%(title)s”"),
    N_("a dash between words is – (U+2013): “%(title)s”"),
    N_("in the sections too"),
    *writing_words.SENTENCES,
)

_HOLE = re.compile(r"%\\\((\w+)\\\)s")  # as it looks once it is escaped
_FIELD = re.compile(r"([a-z_]+): (.+)", re.DOTALL)
_LINE = re.compile(r"line (\S+) of the snippet: (.+)", re.DOTALL)


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(_HOLE.sub(r"(?P<\1>.+?)", re.escape(sentence)), re.DOTALL)


# The longest first: the one that leaves the least to its holes.
_PATTERNS = [(one, _pattern(one)) for one in sorted(SENTENCES, key=lambda one: -len(one))]


def in_page_language(text: str) -> str | None:
    """What a reader said, in the language of the page; None for a sentence that is not known here."""
    if (found := _known(text)) is not None:
        sentence, holes = found
        filled = {name: gettext(words) if words in KINDS else words for name, words in holes.items()}
        return gettext(sentence, **filled) if filled else gettext(sentence)
    if of_line := _LINE.fullmatch(text):
        words = in_page_language(of_line[2])
        return words and gettext("line %(line)s of the snippet: %(words)s", line=of_line[1], words=words)
    of_field = _FIELD.fullmatch(text)
    words = in_page_language(of_field[2]) if of_field else None
    return gettext("%(field)s: %(words)s", field=of_field[1], words=words) if of_field and words else None


@lru_cache(maxsize=4096)
def _known(text: str) -> tuple[str, dict[str, str]] | None:
    for sentence, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            return sentence, found.groupdict()
    return None
