"""The comments of a YAML text, found between its tokens."""

from app.bank.yaml_comments import Comment, comments


def test_comments_are_found_wherever_they_may_stand() -> None:
    text = "# a\n- x: [1, # b\n  2] # c\n  y: | # d\n    z\n  # e\n"

    assert list(comments(text)) == [
        Comment("# a", 1, 1, True, False),
        Comment("# b", 2, 10, False, False),
        Comment("# c", 3, 6, False, False),
        Comment("# d", 4, 8, False, False),
        Comment("# e", 6, 3, True, True),
    ]


def test_a_hash_inside_a_text_is_no_comment() -> None:
    assert not list(comments("- a: b#c\n  d: ' # e'\n  f: |\n    # g\n  h: >-\n    # i\n"))


def test_a_text_without_a_last_line_end_is_read_to_its_end() -> None:
    assert [comment.text for comment in comments("a: 1 # b")] == ["# b"]
