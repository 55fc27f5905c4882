"""Zips as people make them, and as nobody should: told apart without trusting what they say."""

import stat
import struct
import tracemalloc
import zipfile
import zlib
from io import BytesIO
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bank import archives
from app.bank.archives import Unpacked, unpack
from app.bank.positions import MAX_BYTES
from tests.bank.packing import zipped
from tests.effort import takes_at_most

YAML = b"- id: one\n"


def entry(name: str, **fields: object) -> zipfile.ZipInfo:
    """A member whose header says what no ordinary program writes."""
    info = zipfile.ZipInfo(name)
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def packed(*members: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for info, content in members:
            archive.writestr(info, content)
    return made.getvalue()


def messages(found: Unpacked) -> list[str]:
    return [problem.message for problem in found.problems]


def names(found: Unpacked) -> list[str]:
    return [name for name, _ in found.files]


def test_one_file_is_itself() -> None:
    assert unpack("knots.yaml", YAML) == Unpacked((("knots.yaml", YAML),))


def test_a_zip_gives_its_files_in_their_order() -> None:
    found = unpack("bank.zip", zipped({"winds.yaml": YAML, "knots.yml": b"[]"}))

    assert found == Unpacked((("winds.yaml", YAML), ("knots.yml", b"[]")))


def test_one_folder_may_be_around_the_files() -> None:
    found = unpack("bank.zip", zipped({"boats/": b"", "boats/course.yaml": YAML, "boats/knots.yaml": YAML}))

    assert (names(found), found.problems) == (["course.yaml", "knots.yaml"], ())


def test_what_computers_leave_behind_is_passed_over_and_told() -> None:
    clutter = ["__MACOSX/boats/._knots.yaml", "boats/.DS_Store", "boats/Thumbs.db", "boats/LICENSE", "boats/a.png"]

    found = unpack("bank.zip", zipped({"boats/knots.yaml": YAML, **dict.fromkeys(clutter, b"x")}))

    assert (names(found), found.problems) == (["knots.yaml"], ())
    assert list(found.ignored) == clutter


@pytest.mark.parametrize(
    "name",
    ["../knots.yaml", "a/../../knots.yaml", "/etc/knots.yaml", "C:/knots.yaml", "..\\knots.yaml", "C:\\a\\knots.yaml"],
)
def test_a_name_that_leads_out_is_a_problem(name: str) -> None:
    found = unpack("bank.zip", packed((entry("good.yaml"), YAML), (entry(name, filename=name), YAML)))

    assert (messages(found), found.files) == (["this name leads out of the zip"], ())


def test_windows_separators_are_separators() -> None:
    found = unpack("bank.zip", packed((entry("a", filename="boats\\knots.yaml"), YAML)))

    assert names(found) == ["knots.yaml"]


def test_a_link_is_a_problem() -> None:
    link = entry("knots.yaml", create_system=3, external_attr=(stat.S_IFLNK | 0o777) << 16)

    assert messages(unpack("bank.zip", packed((link, b"/etc/passwd")))) == ["this is a link, not a file"]


def test_an_encrypted_file_is_a_problem() -> None:
    data = bytearray(zipped({"knots.yaml": YAML}))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1

    assert messages(unpack("bank.zip", bytes(data))) == ["this file is encrypted"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_without_bounds_is_a_problem(method: int) -> None:
    found = unpack("bank.zip", zipped({"knots.yaml": YAML}, method))

    assert messages(found) == ["this kind of compression is not read"]


def test_a_file_that_is_too_deep_is_a_problem() -> None:
    assert messages(unpack("bank.zip", zipped({"a/b/knots.yaml": YAML}))) == ["this file is too deep"]
    assert messages(unpack("bank.zip", zipped({"d/" * 500 + "knots.yaml": YAML}))) == ["this file is too deep"]


def test_files_in_several_folders_are_a_problem() -> None:
    found = unpack("bank.zip", zipped({"knots.yaml": YAML, "b/winds.yaml": YAML}))

    assert ["several folders" in message for message in messages(found)] == [True]


def test_a_zip_in_the_zip_is_not_opened() -> None:
    found = unpack("bank.zip", zipped({"knots.yaml": YAML, "more.zip": zipped({"winds.yaml": YAML})}))

    assert messages(found) == ["an archive in the zip is not opened"]


@pytest.mark.parametrize(("one", "other"), [("knots.yaml", "KNOTS.yaml"), ("é.yaml", "e\u0301.yaml")])
def test_two_files_of_one_name_are_a_problem(one: str, other: str) -> None:
    found = unpack("bank.zip", packed((entry(one), YAML), (entry(other), YAML)))

    assert messages(found) == ["a file of this name is in the zip twice"]


def test_every_problem_is_told_at_once() -> None:
    found = unpack("bank.zip", zipped({"../a.yaml": YAML, "x/y/b.yaml": YAML, "c.zip": YAML, "d.yaml": YAML}))

    assert [problem.file for problem in found.problems] == ["../a.yaml", "x/y/b.yaml", "c.zip"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (zipped({}), "this zip has no YAML file"),
        (zipped({"notes.txt": b"x"}), "this zip has no YAML file"),
        (zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "this is an office document"),
        (zipped({"mimetype": b"application/vnd.oasis", "content.xml": b"<x/>"}), "this is an office document"),
        (zipped({"knots.yaml": YAML})[:-30], "this zip is damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "this zip is damaged"),
        (b"\x89PNG\r\n\x1a\n", "this is an image"),
        (b"\xff\xd8\xff\xe0JFIF", "this is an image"),
        (b"%PDF-1.7", "this is a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an office document"),
        ("- id: é\n".encode("utf-16"), "this is no text in UTF-8"),
        ("- id: one\n".encode("utf-16-le"), "this is no text in UTF-8"),
    ],
)
def test_what_is_no_bank_is_told_for_what_it_is(data: bytes, told: str) -> None:
    (message,) = messages(unpack("knots.yaml", data))

    assert message.startswith(told)


def test_a_picture_called_yaml_in_a_zip_is_told_by_its_name() -> None:
    (problem,) = unpack("bank.zip", zipped({"winds.yaml": YAML, "knots.yaml": b"\x89PNG\r\n"})).problems

    assert (problem.file, problem.message) == ("knots.yaml", "this is an image, whatever its name says")


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 30_000_000])
def test_a_file_over_the_limit_is_not_read_to_its_end(size: int) -> None:
    found = unpack("bank.zip", zipped({"knots.yaml": Random(1).randbytes(1000).hex().encode() * (size // 1000)}))

    assert len(found.problems) == 1
    assert found.files == ()


def test_a_bomb_is_stopped_early_and_in_little_memory() -> None:
    bomb = zipped({"knots.yaml": b"\n" * 100_000_000})
    tracemalloc.start()

    found = unpack("bank.zip", bomb)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(found.problems), found.files) == (1, ())
    assert peak < 5_000_000
    assert takes_at_most(1, lambda: unpack("bank.zip", bomb))


def test_a_file_of_the_size_allowed_that_comes_out_of_nothing_is_a_problem() -> None:
    found = unpack("bank.zip", zipped({"knots.yaml": b"\n" * 900_000}))

    assert messages(found) == ["this file is compressed beyond all measure"]


def test_a_short_text_that_repeats_itself_is_no_bomb() -> None:
    assert unpack("bank.zip", zipped({"knots.yaml": b"# knots\n" * 5_000})).problems == ()


def test_a_bomb_whose_header_lies_is_not_believed() -> None:
    data = bytearray(zipped({"knots.yaml": b"\n" * 50_000_000}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = struct.pack("<I", 100)

    found = unpack("bank.zip", bytes(data))

    assert (len(found.problems), found.files) == (1, ())


def test_files_that_are_too_much_together_are_a_problem() -> None:
    part = Random(1).randbytes(100_000).hex().encode() * 4
    found = unpack("bank.zip", zipped({f"{number}.yaml": part for number in range(6)}))

    assert [message for message in messages(found) if "in all" in message]


def test_members_that_share_their_bytes_are_a_problem() -> None:
    data = zipped({"a.yaml": b"x" * 60_000, "b.yaml": b"y"}, zipfile.ZIP_STORED)
    second = data.rindex(b"PK\x01\x02")
    first = data.index(b"PK\x01\x02")
    shared = bytearray(data)
    shared[second + 20 : second + 28] = data[first + 20 : first + 28]  # both sizes of the first member

    assert unpack("bank.zip", bytes(shared)).files == ()


@pytest.mark.parametrize(("count", "told"), [(10_000, "more than 1000 files"), (101, "more than 100 YAML files")])
def test_too_many_files_are_a_problem(count: int, told: str) -> None:
    many = zipped({f"{number}.yaml": b"" for number in range(count)}, zipfile.ZIP_STORED)

    found = unpack("bank.zip", many)

    assert [told in message for message in messages(found)] == [True]
    assert takes_at_most(1, lambda: unpack("bank.zip", many))


@pytest.mark.parametrize("encoding", ["cp850", "utf-8"])
def test_a_french_name_from_windows_or_a_mac_is_read(encoding: str) -> None:
    raw = "réseaux à l’été.yaml" if encoding == "utf-8" else "réseaux à côté.yaml"
    data = _named(raw.encode(encoding))

    assert names(unpack("bank.zip", data)) == [raw]


def _named(raw: bytes) -> bytes:
    """A zip of one member under the bytes `raw`, as old programs write it: not a word of what they are."""
    made, content = BytesIO(), YAML
    crc = zlib.crc32(content)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 0x21, crc, len(content), len(content), len(raw), 0)
    made.write(local + raw + content)
    begins = made.tell()
    central = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        *(b"PK\x01\x02", 20, 20, 0, 0, 0, 0x21, crc, len(content), len(content), len(raw), 0, 0, 0, 0, 0, 0),
    )
    made.write(central + raw)
    made.write(struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central) + len(raw), begins, 0))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\docs\\mes questions.yaml", "mes questions.yaml"),
        ("/home/me/knots.yaml", "knots.yaml"),
        ("gnp\u202efdp.yaml", "gnp\ufffdfdp.yaml"),
        ("a\nb\x00.yaml", "a\ufffdb\ufffd.yaml"),
        ("x" * 500 + ".yaml", "x" * 115 + ".yaml"),
        ("", "?"),
    ],
)
def test_a_name_is_shown_without_folders_and_tricks(name: str, shown: str) -> None:
    assert archives.shown_name(name) == shown


SOUND = zipped({"boats/course.yaml": b"id: a\n" * 40, "boats/knots.yaml": YAML * 30, "boats/é.yaml": YAML})


@given(data=st.data())
@settings(max_examples=300)
def test_a_damaged_zip_raises_nothing(data: st.DataObject) -> None:
    broken = bytearray(SOUND[: data.draw(st.integers(4, len(SOUND)))])
    for _ in range(data.draw(st.integers(0, 6))):
        broken[data.draw(st.integers(4, len(broken) - 1)) if len(broken) > 4 else 0] = data.draw(st.integers(0, 255))

    found = unpack("bank.zip", bytes(broken))

    assert found.files or found.problems


@given(st.binary(max_size=200))
def test_whatever_is_sent_raises_nothing(data: bytes) -> None:
    found = unpack("x", data)

    assert found.files or found.problems
