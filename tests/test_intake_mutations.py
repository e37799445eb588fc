"""Damaged event tables: a clear error or a clean import, and every row accounted for."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from intake_tables import ACLED_COLUMNS, GED_COLUMNS, acled_row, gdelt_row, ged_row, text_of

from sim.evidence import load_evidence, timeline
from sim.inputs import InputError
from sim.intake import FORMATS, import_events

WRECKS = [
    b"", b"\0", b"\xff", b'"', b"\n", b"\r\n", b",", b";", b"\t", b"#x", b"NaN", b"-1", b"1e9",
    b"=1+1", "é’ņ".encode(), "\u202e\u200b\ufeff".encode(), b"\x1b[31m", b"9999-12-31",
    b"0000-00-00", b"31/12/2030", b"99999999999999999999", b"0001-01-01", b"inf", b"'; DROP TABLE",
    b"{}: [", b"&a *a",
]  # fmt: skip


def originals(folder: Path) -> list[tuple[str, bytes, dict[str, object]]]:
    """A sound table of each format."""
    days = [f"2030-05-{day:02d}" for day in (1, 2, 3, 9, 14)]
    columns = folder / "map.yaml"
    columns.write_text("name: x\ncolumns: {id: n, day: d, actor: a, target: b, city: c, best: k}\n")
    polecat = ["Event ID", "Event Date", "Event Type", "Event Mode", "Actor Name", "Country"]
    return [
        ("ged", text_of([ged_row(n, d) for n, d in enumerate(days)], GED_COLUMNS).encode(), {}),
        ("acled", text_of([acled_row(n, d) for n, d in enumerate(days)],
                          ACLED_COLUMNS).encode(), {}),
        ("gdelt", "".join("\t".join(gdelt_row(n, d.replace("-", ""))) + "\n"
                          for n, d in enumerate(days)).encode(), {}),
        ("polecat", text_of([dict(zip(polecat, [f"E{n}", d, "ASSAULT", "", "Reds", "Ansa"],
                                      strict=True)) for n, d in enumerate(days)],
                            polecat, "\t").encode(), {}),
        ("table", ("n,d,a,b,c,k\n" + "".join(f"{n},{d},Reds,Blues,Port,{n}\n"
                                            for n, d in enumerate(days))).encode(),
         {"columns": columns}),
    ]  # fmt: skip


def damaged(content: bytes, rng: random.Random) -> bytes:
    """`content` with one to four random wounds."""
    for _ in range(rng.randint(1, 4)):
        kind, at = rng.randrange(6), rng.randrange(len(content) + 1)
        if kind == 0:
            content = content[:at] + rng.choice(WRECKS) + content[at:]
        elif kind == 1:
            content = content[:at]
        elif kind == 2:
            content = content[:at] + content[at + rng.randint(1, 30) :]
        elif kind == 3:
            lines = content.split(b"\n")
            rng.shuffle(lines)
            content = b"\n".join(lines)
        elif kind == 4:
            lines = content.split(b"\n")
            lines.insert(rng.randrange(len(lines)), rng.choice(lines))
            content = b"\n".join(lines)
        else:
            cells = content.split(b",")
            cells[rng.randrange(len(cells))] = rng.choice(WRECKS)
            content = b",".join(cells)
    return content


def check_damaged(folder: Path, count: int, seed: int) -> tuple[int, int]:
    """Import `count` damaged files; how many were refused and how many came in."""
    rng = random.Random(seed)
    sound = originals(folder)
    assert [name for name, _, _ in sound] == list(FORMATS)
    refused = clean = 0
    path = folder / "table.csv"
    for number in range(count):
        format, content, how = sound[number % len(sound)]
        path.write_bytes(damaged(content, rng))
        out = folder / f"out{number}"
        out.mkdir()
        try:
            report = import_events(path, format, out, **how)  # type: ignore[arg-type]
        except InputError as error:
            refused += 1
            assert all(p.message and str(p).isprintable() for p in error.problems)
            assert not list(out.iterdir()), "a refused table leaves nothing behind"
        else:
            clean += 1
            assert report.adds_up
            table = timeline(load_evidence(out))
            assert len(table) == report.used
            assert "\x1b" not in "".join(table.title)
            for file in out.iterdir():
                file.unlink()
        out.rmdir()
    return refused, clean


def test_three_hundred_damaged_files_are_refused_or_read_with_every_row_counted(
    tmp_path: Path,
) -> None:
    refused, clean = check_damaged(tmp_path, 300, seed=1)
    assert refused > 10
    assert clean > 100


@pytest.mark.long
def test_ten_thousand_damaged_files(tmp_path: Path) -> None:
    refused, clean = check_damaged(tmp_path, 10_000, seed=2)
    assert refused + clean == 10_000
