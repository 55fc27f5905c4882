"""What was probably meant: named when it is near, left out when it is not."""

import pytest

from app.bank.problems import suggest

OPTIONS = ["-P", "-p", "--publish", "--userns", "--name", "--no-trunc", "--label"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("--nam", "--name"), ("--publsh", "--publish"), ("-name", "--name"), ("--lable", "--label"), ("--nmae", "--name")],
)
def test_a_slip_of_the_finger_finds_its_option(written: str, meant: str) -> None:
    assert suggest(written, OPTIONS) == f"did you mean “{meant}”?"


@pytest.mark.parametrize("written", ["--nonsense", "-Z", "--x", "--colour", ""])
def test_what_resembles_an_option_by_its_dashes_alone_finds_none(written: str) -> None:
    assert suggest(written, OPTIONS, "none of them") == "none of them"
