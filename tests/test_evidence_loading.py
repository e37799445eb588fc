"""Loading a folder of coded sources: what a coder sees for each kind of mistake.

The invented seeds of this file (a quarrel of two clubs, Alders and Birches) serve the other tests
of the evidence too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.evidence import load_evidence
from sim.inputs import InputError

TEXT = """Stone-throwing at the bridge
On Friday night three Alders and 1,200 onlookers met at the bridge, a warden said.
At least two Alders were killed and several people hurt, the warden said.

By Saturday at least five had died; tens of thousands came to mourn.
"""

REGISTRIES = {
    "actors": """
actors:
  - {id: alders, name: Alders, sector: PRM}
  - {id: birches, name: Birches, sector: PRM}
""",
    "places": """
places:
  - {id: valley, name: Valley, kind: region}
  - {id: bridge, name: Bridge, kind: site, within: valley}
  - {id: mill, name: Mill, kind: site, within: valley}
""",
    "events": """
events:
  - {id: bridge_fight, title: Fight at the bridge, lead: [gaz.2a]}
  - {id: mourning, title: Mourning, lead: [gaz.4b]}
""",
    "conflicts": """
conflicts:
  - id: bridge_dead
    kind: running_toll
    title: Dead at the bridge
    events: [bridge_fight]
    measure: dead
    statements: [gaz.3a, gaz.4a]
    reading: {low: 5, high: 9, at_least: 5}
    how: A growing count.
""",
}

ARTICLE = """
id: gazette_1900
prefix: gaz
citation:
  outlet: The Gazette
  title: Stone-throwing at the bridge
  published: "1900-01-06"
  latest: "1900-01-07T00:00+00:00"
  date_known_from: invented
  text: invented
  file: gazette.txt
  sha256: CHECKSUM
statements:
  - id: gaz.2a
    paragraph: 2
    kind: act
    event: bridge_fight
    says: Two groups fight.
    window:
      earliest: "1900-01-05T18:00+00:00"
      latest: "1900-01-06T08:00+00:00"
      phrase: On Friday night
    place: bridge
    actor: birches
    target: alders
    plover: {type: ASSAULT, mode: primitive}
    quantities: [{measure: people, best: 1200, words: "1,200 onlookers"}]
    attribution: {source: a warden, class: official}
  - id: gaz.3a
    paragraph: 3
    kind: toll
    event: bridge_fight
    says: Two dead or more.
    window: {earliest: "1900-01-05T18:00+00:00", latest: "1900-01-06T08:00+00:00"}
    place: bridge
    quantities:
      - {measure: dead, at_least: 2, words: At least two Alders}
      - {measure: wounded, low: 3, high: 9, words: several people}
  - id: gaz.4a
    paragraph: 4
    kind: toll
    event: bridge_fight
    says: Five dead or more.
    window: {earliest: "1900-01-05T18:00+00:00", latest: "1900-01-06T08:00+00:00"}
    place: bridge
    quantities: [{measure: dead, at_least: 5}]
  - id: gaz.4b
    paragraph: 4
    kind: act
    event: mourning
    says: A large crowd mourns.
    window:
      earliest: "1900-01-06T00:00+00:00"
      latest: "1900-01-07T00:00+00:00"
      phrase: By Saturday
    place: valley
    actor: alders
    plover: {type: PROTEST, mode: demo}
    quantities: [{measure: people, low: 20000, high: 99999}]
  - id: gaz.s1
    kind: silence
    event: mourning
    says: Nobody is said to have been hurt while mourning.
    window: {earliest: "1900-01-06T00:00+00:00", latest: "1900-01-07T00:00+00:00"}
    place: valley
    quantities: [{measure: dead, unknown: true}]
""".replace("CHECKSUM", hashlib.sha256(TEXT.encode()).hexdigest())


def seeds(tmp_path: Path, *changes: tuple[str, str, str]) -> str:
    """A folder of the invented seeds with (file, old text, new text) changed; the text beside."""
    folder = tmp_path / "seeds"
    folder.mkdir(exist_ok=True)
    contents = {**REGISTRIES, "gazette_1900": ARTICLE}
    for name, old, new in changes:
        assert old in contents[name], f"{old!r} is not in {name}"
        contents[name] = contents[name].replace(old, new, 1)
    for name, content in contents.items():
        (folder / f"{name}.yaml").write_text(content.lstrip("\n"), encoding="utf-8")
    (tmp_path / "gazette.txt").write_text(TEXT, encoding="utf-8")
    return str(folder)


def problems(folder: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_evidence(folder)
    return [str(problem) for problem in caught.value.problems]


def test_sound_seeds_load_with_every_statement_at_its_event(tmp_path: Path) -> None:
    evidence = load_evidence(seeds(tmp_path))
    assert [s.id for s in evidence.statements_of("bridge_fight")] == ["gaz.2a", "gaz.3a", "gaz.4a"]
    assert evidence.source("gaz.3a") == "The Gazette, 1900-01-06, paragraph 3"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("gazette_1900", "place: bridge", "place: brigde"), "did you mean 'bridge'?"),
        (("gazette_1900", "actor: birches", "actor: birche"), "did you mean 'birches'?"),
        (("gazette_1900", "event: mourning", "event: morning"), "did you mean 'mourning'?"),
        (("gazette_1900", "type: ASSAULT", "type: ASSALT"), "did you mean 'ASSAULT'?"),
        (("gazette_1900", "mode: demo", "mode: demos"), "did you mean 'demo'?"),
        (("gazette_1900", "kind: toll", "kind: tol"), "did you mean 'toll'?"),
        (("gazette_1900", "hedging", "hedgin"), "did you mean 'hedging'?"),
        (("events", "lead: [gaz.4b]", "lead: [gaz.4c]"), "unknown statement 'gaz.4c'"),
        (("places", "within: valley", "within: vally"), "did you mean 'valley'?"),
        (("conflicts", "gaz.4a]", "gaz.4x]"), "unknown statement 'gaz.4x'"),
    ],
)
def test_misspelt_name_is_met_with_the_nearest(
    tmp_path: Path, change: tuple[str, str, str], expected: str
) -> None:
    if change[1] == "hedging":
        change = (change[0], "    attribution:", "    hedgin: none\n    attribution:")
    found = problems(seeds(tmp_path, change))
    assert len(found) == 1
    assert f"seeds/{change[0]}.yaml:" in found[0]
    assert expected in found[0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("gazette_1900", "id: gaz.4b", "id: gaz.4a"), "the id 'gaz.4a' is used twice"),
        (("gazette_1900", "id: gaz.2a", "id: gzt.2a"), "begins with 'gzt'"),
        (("gazette_1900", "paragraph: 2", "paragraph: 3"), "names paragraph 2"),
        (("gazette_1900", 'latest: "1900-01-06T08', 'latest: "1900-01-05T08'), "turned round"),
        (("gazette_1900", "low: 3, high: 9", "low: 9, high: 3"), "low 9 is above high 3"),
        (("gazette_1900", "dead, unknown: true", "dead, unknown: true, best: 0"), "not zero"),
        (("gazette_1900", "{measure: dead, at_least: 5}", "{measure: dead}"), "no number"),
        (("gazette_1900", "    paragraph: 4\n    kind: act", "    kind: act"), "neither paragraph"),
        (
            ("gazette_1900", "    paragraph: 4\n", "    paragraph: 4\n    row: r1\n"),
            "both paragraph",
        ),
        (("gazette_1900", "id: gazette_1900", "id: gazette_1901"), "the file is named"),
        (("gazette_1900", "at_least: 5", "at_least: 1"), "the toll falls from 2 to 1"),
        (("gazette_1900", 'earliest: "1900-01-06T00', 'earliest: "1900-01-09T00'), "turned round"),
        (("events", "lead: [gaz.4b]", "lead: [gaz.2a]"), "not of 'mourning'"),
        (("conflicts", "gaz.3a, gaz.4a", "gaz.3a"), "and lacks 'gaz.4a'"),
        (("places", "kind: region}", "kind: region, within: bridge}"), "into a circle"),
    ],
)
def test_contradiction_in_the_seeds_is_refused(
    tmp_path: Path, change: tuple[str, str, str], expected: str
) -> None:
    found = problems(seeds(tmp_path, change))
    assert any(expected in problem for problem in found), found
    assert all(".yaml:" in problem for problem in found)


def test_two_exact_numbers_for_one_thing_need_a_conflict(tmp_path: Path) -> None:
    change = ("gazette_1900", "{measure: dead, unknown: true}", "{measure: people, best: 7}")
    other = ("gazette_1900", "low: 20000, high: 99999", "best: 8")
    assert "people 7 differs from the 8 of 'gaz.4b'" in problems(seeds(tmp_path, change, other))[0]


def test_event_told_before_it_happened_is_refused(tmp_path: Path) -> None:
    change = (
        "gazette_1900",
        'latest: "1900-01-07T00:00+00:00"',
        'latest: "1900-01-05T20:00+00:00"',
    )
    found = problems(seeds(tmp_path, change))
    assert "begins after the text was published" in found[0]


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    found = problems(
        seeds(
            tmp_path,
            ("gazette_1900", "place: bridge", "place: brigde"),
            ("gazette_1900", "actor: birches", "actor: birche"),
            ("places", "within: valley", "within: vally"),
        )
    )
    assert len(found) == 3


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda folder: (folder / "places.yaml").unlink(), "the file is missing"),
        (lambda folder: folder.rename(folder.with_name("elsewhere")), "no such folder"),
    ],
)
def test_folder_that_is_no_seeds_folder(
    tmp_path: Path, spoil: Callable[[Path], object], expected: str
) -> None:
    folder = seeds(tmp_path)
    spoil(Path(folder))
    assert expected in problems(folder)[0]


def test_seeds_without_conflicts_file_load(tmp_path: Path) -> None:
    folder = seeds(tmp_path, ("gazette_1900", "at_least: 2", "at_least: 5"))
    (Path(folder) / "conflicts.yaml").unlink()
    assert load_evidence(folder).conflicts == {}


def test_imported_table_has_rows_and_no_paragraphs(tmp_path: Path) -> None:
    article = ARTICLE.replace("paragraph: ", "row: r").replace(
        "prefix: gaz", "prefix: gaz\nkind: table"
    )
    folder = Path(seeds(tmp_path))
    (folder / "gazette_1900.yaml").write_text(article, encoding="utf-8")
    assert load_evidence(folder).source("gaz.2a") == "The Gazette, 1900-01-06, r2"


@given(
    line=st.integers(0, ARTICLE.count("\n")),
    put=st.sampled_from(["", "x", "- []", "    kind: 3", "    window: []", "  - id: {a: b}", "\t"]),
    file=st.sampled_from(["gazette_1900", *REGISTRIES]),
)
@settings(max_examples=150)
def test_spoilt_line_gives_problems_and_no_traceback(
    tmp_path: Path, line: int, put: str, file: str
) -> None:
    path = Path(seeds(tmp_path)) / f"{file}.yaml"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[line % len(lines)] = put
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        load_evidence(path.parent)
    except InputError as error:
        assert all(problem.message for problem in error.problems)
