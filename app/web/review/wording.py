"""What a marked answer is told in words: its verdict, and why a typed answer differs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from app.exam import numerals
from app.exam.differences import Cause
from app.services.showing import FeedbackPage
from app.srs.sm2 import Grade
from app.web.i18n import days, language


@dataclass(frozen=True, slots=True)
class Verdict:
    """The heading of a feedback: its words, its icon and the look of its rule."""

    words: str
    icon: str
    look: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One line under a difference: the piece of code it is about, and the sentence."""

    code: str
    words: str


def verdict(page: FeedbackPage) -> Verdict:
    """Right, nearly, or to review; a flashcard's is the learner's own grade."""
    if page.marked is None:
        return Verdict(_("Graded"), "check", "right") if page.grade >= Grade.HARD else _to_review()
    if page.marked.credit == 1 or page.overridden:
        return Verdict(_("Correct"), "check", "right")
    if page.marked.credit > 0:
        count = len(page.marked.diff.causes)
        if page.body.type == "command" and count:
            return Verdict(ngettext("Nearly: one part differs", "Nearly: %(num)d parts differ", count), "near", "near")
        return Verdict(_("Nearly"), "near", "near")
    return _to_review()


def _to_review() -> Verdict:
    return Verdict(_("To review"), "cross", "wrong")


def gap_words(gaps: Sequence[int]) -> str:
    """The intervals of a card in a sentence."""
    return _("Intervals of this card: %(gaps)s.", gaps=", ".join(days(gap) for gap in gaps))


def figure(value: str) -> str:
    """A number of the bank as the page's language writes it."""
    return numerals.show(Decimal(value), language())


def misread(cause: Cause, unit: str) -> str:
    """Why a typed number was not taken, and the form that is expected, in the question's `unit` ("" for none)."""
    given, example = cause.params["given"], numerals.show(Decimal("0.5"), language())
    if cause.code == "not_a_number":
        why = _("“%(given)s” cannot be read as a number.", given=given)
    elif unit:
        why = _("The unit asked for is not “%(given)s”.", given=given)
    else:
        why = _("No unit is asked for, and “%(given)s” follows the number.", given=given)
    if unit:
        form = _("Write the number in digits, in %(unit)s, such as 1250 or %(example)s.", unit=unit, example=example)
    else:
        form = _("Write the number alone, in digits, such as 1250 or %(example)s.", example=example)
    return " ".join((why, form, _("Nothing is counted yet.")))


def causes(found: Iterable[Cause]) -> list[Reason]:
    """Each difference as a sentence in the page's language."""
    return [Reason(_piece(cause), _sentence(cause)) for cause in found]


def _piece(cause: Cause) -> str:
    params = cause.params
    return params.get("given") or params.get("option") or params.get("expected") or ""


def _sentence(cause: Cause) -> str:
    expected = cause.params.get("expected", "")
    option = cause.params.get("option", "")
    sentences = {
        "wrong_command": _("Another command is expected: %(expected)s.", expected=expected),
        "unknown_command": _("Docker has no such command; expected: %(expected)s.", expected=expected),
        "missing_command": _("The command %(expected)s is missing.", expected=expected),
        "extra_command": _("This command is not needed."),
        "missing_option": _("This option is missing."),
        "misplaced_option": _("This option stands after the image: the container’s program gets it, not Docker."),
        "option_too_early": _("This option belongs after the command, not before it."),
        "extra_option": _("This option was not asked for."),
        "unknown_option": _("This command has no such option."),
        "one_dash": _("With one dash, each letter is an option; the long name takes two: %(option)s.", option=option),
        "two_dashes": _("A one-letter option takes one dash: %(option)s.", option=option),
        "missing_value": _("This option needs a value."),
        "not_a_flag_value": _("This option is on or off; it takes no such value."),
        "wrong_value": _("The value of %(option)s should be %(expected)s.", option=option, expected=expected),
        "swapped_value": _("The two sides are swapped: %(expected)s.", expected=expected),
        "wrong_image": _("Another image is expected: %(expected)s.", expected=expected),
        "wrong_argument": _("Expected here: %(expected)s.", expected=expected),
        "missing_argument": _("This part is missing."),
        "extra_argument": _("This part was not asked for."),
        "wrong_order": _("The parts are right, their order is not."),
        "wrong_operator": _("Expected between the commands: %(expected)s.", expected=expected),
        "missing_operator": _("Missing between the commands: %(expected)s.", expected=expected),
        "extra_operator": _("This sign is not needed."),
        "case_differs": _("Capitals count here: %(expected)s.", expected=expected),
        "accents_differ": _("Accents count here: %(expected)s.", expected=expected),
        "not_closed_quote": _("A quotation mark is not closed."),
        "missing_target": _("A redirection has no file."),
        "dangling_operator": _("Nothing follows the last sign."),
        "not_a_number": _("This is not a number."),
        "wrong_unit": _("Another unit is expected.") if expected else _("No unit is expected here."),
    }
    return sentences.get(cause.code, _("This part differs."))
