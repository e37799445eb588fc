"""Whatever stands in a file, its reader gets a document or a message that says what to mend."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from sim.inputs import InputError, read_yaml, reader

Write = Callable[[str | bytes], str]


@pytest.fixture(params=["fast parser", "PyYAML's own parser"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages must be the same where PyYAML was built without libyaml."""
    if request.param == "PyYAML's own parser":
        monkeypatch.setattr(reader, "_Parser", yaml.SafeLoader)


def complaints(path: str | os.PathLike[str]) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_yaml(path)
    return str(caught.value).splitlines()


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert complaints("nowhere.yaml") == [
        "nowhere.yaml: there is no such file; expected a YAML file"
    ]


def test_a_folder_is_not_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("scenarios").mkdir()
    assert complaints(Path("scenarios")) == ["scenarios: this is a folder; expected a YAML file"]


def test_a_name_no_file_can_have_is_refused() -> None:
    (line,) = complaints("x\0y.yaml")
    assert line.startswith("x?y.yaml: the file cannot be read: ")
    (line,) = complaints("x" * 5000)
    assert "the file cannot be read: " in line or "there is no such file" in line


@pytest.mark.parametrize("content", ["", "  \n\n", "# only a comment\n", "\ufeff"])
def test_an_empty_file_says_so(write: Write, content: str) -> None:
    assert complaints(write(content)) == [
        "given.yaml:1:1: the file is empty; expected keys and values in YAML"
    ]


def test_a_file_of_50_megabytes_is_refused_before_it_is_read(write: Write) -> None:
    path = write("a: 1\n")
    os.truncate(path, 50_000_000)
    begin = time.perf_counter()
    assert complaints(path) == [
        "given.yaml: the file is too big (50.0 MB or more); expected at most 5 MB"
    ]
    assert time.perf_counter() - begin < 0.5


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no device without an end here")
def test_a_device_without_an_end_is_not_read_for_ever() -> None:
    (line,) = complaints("/dev/zero")
    assert line == "/dev/zero: this is a device; expected a YAML file"


def test_bytes_that_are_not_utf_8_are_located(write: Write) -> None:
    assert complaints(write("first: 1\nplace: Bağ".encode() + b"\xe9dad\n")) == [
        "given.yaml:2:11: the file is not UTF-8: byte 0xE9 at offset 20 (line 2); "
        "expected text saved as UTF-8"
    ]


def test_a_control_character_is_located_and_not_echoed(write: Write) -> None:
    assert complaints(write("name: ok\nplace: \x1b[31mred\n")) == [
        "given.yaml:2:8: the control character U+001B cannot stand in YAML; expected printable text"
    ]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("\ta: 1\n", 1),
        ("a:\n\tb: 1\n", 2),
        ("a: 1\n\tb: 2\n", 2),
        ("a:\n  b: 1\n\tc: 2\n", 3),
        ("a: |\n\ttext\n", 2),
    ],
)
def test_a_tab_cannot_indent(write: Write, content: str, line: int) -> None:
    assert complaints(write(content)) == [
        f"given.yaml:{line}:1: a tab cannot indent YAML; use spaces"
    ]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("content", "begins"),
    [
        ("a: b: c\n", "given.yaml:1:5: a colon where no value can begin; expected"),
        ("a: 1\n b: 2\n", "given.yaml:2:3: a colon where no value can begin; expected"),
        ("a: 1\nb: [1, 2\nc: 3\n", "given.yaml:2:4: a bracket is opened and not closed; expected"),
        ("a: 1\nb: {c: 1\n", "given.yaml:2:4: a bracket is opened and not closed; expected"),
        ("a: 1\nb: 'text\nc: 3\n", "given.yaml:2:4: a quote is opened and never closed; expected"),
        ("a: 1\n- b\n", "given.yaml:2:1: this does not fit what stands above it; expected"),
        ("a: @x\n", "given.yaml:1:4: this character cannot begin a value; expected"),
        ("a: ]\n", "given.yaml:1:4: this is not YAML: "),
        ("a: &\n", "given.yaml:1:5: this is not YAML: "),
    ],
)
def test_a_syntax_error_says_where_and_what_to_mend(
    write: Write, content: str, begins: str
) -> None:
    (line,) = complaints(write(content))
    assert line.startswith(begins)


def test_a_line_without_a_colon_is_found(write: Write) -> None:
    (line,) = complaints(write("a: 1\nb\n"))
    assert "a line that is neither 'key: value' nor '- item'" in line


@pytest.mark.usefixtures("parser")
def test_every_duplicate_key_is_named_with_both_its_lines(write: Write) -> None:
    content = "seed: 1\nplaces:\n  basra: 1\n  basra: 2\nseed: 3\n'seed': 4\n"
    assert complaints(write(content)) == [
        "given.yaml:4:3: duplicate key 'basra', on line 3 and again on 4; expected each key once",
        "given.yaml:5:1: duplicate key 'seed', on line 1 and again on 5; expected each key once",
        "given.yaml:6:1: duplicate key 'seed', on line 1 and again on 6; expected each key once",
    ]


def test_faults_before_a_syntax_error_are_told_with_it(write: Write) -> None:
    lines = complaints(write("a: 1\na: 2\nb: c: d\n"))
    assert [line.split(": ")[0] for line in lines] == ["given.yaml:2:1", "given.yaml:3:5"]


def test_keys_must_be_text(write: Write) -> None:
    assert complaints(write("3: x\ntrue: x\n~: x\n1.5: x\n? [a]\n: x\n")) == [
        "given.yaml:1:1: a key is 3; expected text (put it in quotes)",
        "given.yaml:2:1: a key is true; expected text (put it in quotes)",
        "given.yaml:3:1: a key is empty; expected text (put it in quotes)",
        "given.yaml:4:1: a key is 1.5; expected text (put it in quotes)",
        "given.yaml:5:3: a key is a list; expected text (put it in quotes)",
    ]


@pytest.mark.parametrize(
    ("content", "what"), [("- a\n", "a list"), ("text\n", "text"), ("---\n...\n", "empty")]
)
def test_the_top_level_must_be_a_mapping(write: Write, content: str, what: str) -> None:
    (line,) = complaints(write(content))
    assert line.endswith(f": the top level is {what}; expected a mapping (key: value)")


def test_a_second_document_is_refused(write: Write) -> None:
    assert complaints(write("a: 1\n---\nb: 2\n")) == [
        "given.yaml:2:1: a second document begins here; expected one document per file"
    ]


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.getcwd []", "!!int 3", "!own x", "!!python/name:os.system"]
)
def test_tags_are_refused_and_nothing_is_constructed(write: Write, tag: str) -> None:
    (line,) = complaints(write(f"a: {tag}\n"))
    assert line.startswith("given.yaml:1:4: the tag '")
    assert line.endswith("is not understood; expected a plain value, in quotes if it is text")


def test_merge_keys_are_refused(write: Write) -> None:
    (line,) = complaints(write("a: &a {x: 1}\nb:\n  <<: *a\n"))
    assert line.startswith("given.yaml:3:3: merge keys (<<) are not understood")
    assert read_yaml(write("'<<': 1\n")).data == {"<<": 1}


@pytest.mark.usefixtures("parser")
def test_an_alias_bomb_is_refused_at_once(write: Write) -> None:
    names = "abcdefghi"
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in pairwise(names)
    )
    begin = time.perf_counter()
    (line,) = complaints(write(bomb))
    assert "the aliases of this file come to too much when written out" in line
    assert time.perf_counter() - begin < 5


def test_an_alias_inside_what_it_names_is_refused(write: Write) -> None:
    (line,) = complaints(write("a: &a\n  b: [1, *a]\n"))
    assert line.startswith("given.yaml:2:10: the alias *a stands inside the value it names")


def test_an_alias_that_names_nothing_is_refused(write: Write) -> None:
    assert complaints(write("a: *b\n")) == [
        "given.yaml:1:4: the alias *b names nothing; expected &b before it"
    ]


def test_an_honest_alias_is_a_copy_of_its_own(write: Write) -> None:
    data = read_yaml(write("a: &a {x: [1]}\nb: *a\n")).data
    assert data == {"a": {"x": [1]}, "b": {"x": [1]}}
    data["a"]["x"].append(2)
    assert data["b"] == {"x": [1]}


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "content",
    [
        "a: " + "[" * 5000,
        "a: " + "{a: " * 5000,
        "".join(f"{' ' * depth}a:\n" for depth in range(60)),
        # Each line is shallow; only written out do they stand one in the other.
        "a0: &a0 [x]\n" + "".join(f"a{i + 1}: &a{i + 1} [[[[*a{i}]]]]\n" for i in range(400)),
    ],
    ids=["lists", "mappings", "indentation", "aliases"],
)
def test_nesting_without_end_is_refused(write: Write, content: str) -> None:
    (line,) = complaints(write(content))
    assert "nested more than 50 deep" in line


def test_fifty_levels_are_read(write: Write) -> None:
    data = read_yaml(write("a: " + "[" * 49 + "]" * 49 + "\n")).data
    assert data["a"] != []
    complaints(write("a: " + "[" * 50 + "]" * 50 + "\n"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("2:30", "2:30"),
        ("190:20:30", "190:20:30"),
        ("2022-08-29", "2022-08-29"),
        ("2022-08-29T15:00:00+03:00", "2022-08-29T15:00:00+03:00"),
        ("003", "003"),
        ("1_000", "1_000"),
        ("0", 0),
        ("-17", -17),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("1.", 1.0),
        ("+", "+"),
        (".", "."),
        (".inf", math.inf),
        ("-.inf", -math.inf),
        ("nan", "nan"),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ('"true"', "true"),
    ],
)
def test_plain_values_follow_yaml_1_2(
    write: Write, text: str, value: str | float | bool | None
) -> None:
    read = read_yaml(write(f"a: {text}\n")).data["a"]
    assert read == value
    assert type(read) is type(value)


def test_not_a_number_is_left_to_the_schema(write: Write) -> None:
    assert math.isnan(read_yaml(write("a: .nan\n")).data["a"])


def test_a_number_of_thousands_of_digits_is_refused(write: Write) -> None:
    (line,) = complaints(write("a: " + "9" * 5000 + "\n"))
    assert line.startswith("given.yaml:1:4: a whole number of 5000 digits")


def test_positions_of_keys_items_and_what_is_missing(write: Write) -> None:
    document = read_yaml(
        write("# note\nname: x\nplaces:\n  - id: basra\n    cells: {aah: 40,\n      saraya: 30}\n")
    )
    assert document.position(("name",)) == (2, 1)
    assert document.position(("places",)) == (3, 1)
    assert document.position(("places", 0)) == (4, 5)
    assert document.position(("places", 0, "id")) == (4, 5)
    assert document.position(("places", 0, "cells", "saraya")) == (6, 7)
    assert document.position(("places", 0, "cells", "other", "deeper")) == (5, 5)
    assert document.position(("places", 7)) == (3, 1)
    assert document.position(()) == (2, 1)


def test_a_byte_order_mark_does_not_move_positions(write: Write) -> None:
    document = read_yaml(write("\ufeffa: 1\n"))
    assert document.data == {"a": 1}
    assert document.position(("a",)) == (1, 1)


def test_the_checksum_is_that_of_the_bytes(write: Write) -> None:
    # SHA-256 of "a: 1\n", as sha256sum prints it.
    expected = "37b128c59f1f5097f73f82691cb519f1f568667faab5ced1b4ab979d36837eae"
    document = read_yaml(write("a: 1\n"))
    assert document.sha256 == expected
    assert document.path == "given.yaml"
