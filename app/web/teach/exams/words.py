"""What the rules of exams say to the teacher, by their codes."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from app.web.account.refusals import Sentence

SENTENCES: Mapping[str, Sentence] = {
    "missing": lambda n: _("This is needed."),
    "title_characters": lambda n: _("A title holds no invisible characters: type it rather than paste it."),
    "moment": lambda n: _("Give a day and a time, for example %(example)s.", example="2026-12-16 14:00"),
    "no_such_time": lambda n: _("The clocks are put forward over this time: choose another."),
    "before_opening": lambda n: _("The close must come after the opening."),
    "no_close": lambda n: _("Give its opening, or its close."),
    "scale_range": lambda n: _("A scale is more than 0 and at most 1000."),
    "pass_range": lambda n: _("The pass mark lies between 0 and the scale."),
    "over": lambda n: _("It would be closed already: give a later close."),
    "unknown": lambda n: _("Choose one of the values offered."),
    "out_of_range": lambda n: _("This is more, or less, than can be."),
    "forms_range": lambda n: _("Two to eight forms."),
    "mark": lambda n: _("Type a number with two decimals at most."),
    "rows": lambda n: _("One of the rows needs another look."),
    "points": lambda n: _("Points are whole numbers from 1 to 100."),
    "count_out_of_range": lambda n: _("Ask 1 to %(most)s questions.", **n),
    "shortage": lambda n: ngettext(
        "Only %(num)s question is like that.", "Only %(num)s questions are like that.", int(n["available"])
    ),
    "too_much_together": lambda n: _("Each row can be met alone, but not all of them together: ask for fewer."),
    "gone": lambda n: ngettext(
        "%(num)d listed question is no longer in the bank: open the list and save it again.",
        "%(num)d listed questions are no longer in the bank: open the list and save it again.",
        int(n["count"]),
    ),
    "gives_away": lambda n: _(
        "Question %(teller)s of the list gives away the answer of question %(told)s: keep one of them.", **n
    ),
    "nothing_given": lambda n: (
        _("Give an attempt more, a window, or another form.")
        if n.get("forms")
        else _("Give an attempt more, or a window.")
    ),
}
