"""What authors are told of French typography."""

from app.bank.french import MARKS


def test_no_sentence_ends_with_a_mark_that_the_next_one_would_double() -> None:
    assert [message for _, message in MARKS if message[-1] in ":;?!"] == []
