"""A library is cut by the documented rules and read strictly."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.cli import main
from sim.episodes.cutter import cut
from sim.episodes.cutting import burst_days, duration, order_qualifies
from sim.episodes.episode_library import load_library, read_events_folder
from sim.episodes.library_columns import EPISODES
from sim.episodes.orders import read_orders
from sim.inputs import InputError

ROOT = Path(__file__).parents[1]
INVENTED = ROOT / "docs" / "examples" / "invented_episodes"
SHARED = ROOT.parent / "shared" / "data" / "episodes"
GED = ROOT.parent / "shared" / "data" / "ucdp_ged191_iraq_mahdi_army_2004_2007.csv"


def series(*dead: tuple[int, float], length: int = 120) -> np.ndarray:
    out = np.zeros(length)
    for day, number in dead:
        out[day] = number
    return out


def test_a_burst_needs_quiet_before_and_ten_dead_in_its_first_week() -> None:
    assert burst_days(series((30, 9), (36, 1))) == [30]
    assert burst_days(series((30, 9), (37, 1))) == []
    assert burst_days(series((20, 1), (34, 50))) == []
    assert burst_days(series((20, 1), (35, 50))) == [35]


def test_the_next_burst_of_a_group_is_at_least_22_days_later() -> None:
    assert burst_days(series((30, 20), (51, 20))) == [30]
    assert burst_days(series((30, 20), (52, 20))) == [30, 52]


def test_an_order_without_fighting_before_it_is_no_episode() -> None:
    events = series((40, 1), (45, 1))
    assert order_qualifies(series((40, 4), (45, 1)), events, 50)
    assert not order_qualifies(series((40, 4)), events, 50)
    assert not order_qualifies(series((45, 9)), series((45, 3)), 50)
    assert not order_qualifies(series((40, 4), (45, 1)), events, 55)


def test_an_episode_is_over_before_a_gap_of_more_than_seven_days() -> None:
    assert duration(series((10, 1), (17, 1), (24, 1), (32, 1)), 10) == 15
    assert duration(series((10, 1)), 10) == 1
    assert duration(series((10, 1)), 20) == 0


def test_the_invented_library_is_what_its_script_writes(tmp_path: Path) -> None:
    script = ROOT / "docs" / "examples" / "invent_episodes.py"
    done = subprocess.run(
        [sys.executable, str(script), "--to", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for path in sorted(INVENTED.iterdir()):
        made, kept = ((folder / path.name).read_bytes() for folder in (tmp_path, INVENTED))
        if path.suffix == ".gz":  # another zlib packs the same text otherwise
            made, kept = gzip.decompress(made), gzip.decompress(kept)
        assert made == kept, path.name


def test_cutting_the_invented_events_again_gives_its_episodes() -> None:
    library = load_library(INVENTED)
    events, dyads = read_events_folder(INVENTED)
    found = cut(events, dyads, read_orders(INVENTED / "orders.csv")).episodes.set_index(
        "episode_id"
    )
    kept = library.episodes.set_index("episode_id")
    assert len(kept) == 60 and set(kept.index) <= set(found.index)
    numbers = [name for name, kind in EPISODES.items() if kind in ("number", "whole number")]
    again = found.loc[kept.index, numbers].astype(float)
    assert np.allclose(again, kept[numbers].astype(float), equal_nan=True)


def test_a_cut_sees_no_dyad_that_is_not_there() -> None:
    events, dyads = read_events_folder(INVENTED)
    orders = read_orders(INVENTED / "orders.csv")
    one = dyads[dyads["country"] == "Brevia"].iloc[:1]
    few = cut(events, one, orders)
    assert set(few.episodes["key"]) == set(one["key"])
    assert few.days["other"].sum() == 0
    both = cut(events, dyads, orders)
    assert both.days["other"].sum() > 0


def test_a_ged_table_is_cut_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not GED.is_file():
        pytest.skip("the reference table of GED is not there")
    folder = tmp_path / "library"
    assert main(["episodes", "cut", str(GED), "--to-folder", str(folder)]) == 0
    assert "1 dropped: line of HXL tags" in capsys.readouterr().out
    library = load_library(folder)
    row = library.episodes[library.episodes["day0"] == "2004-04-04"].iloc[0]
    assert row["kind"] == "burst" and row["d0"] == 66
    again = tmp_path / "again"
    assert main(["episodes", "cut", str(folder), "--to-folder", str(again)]) == 0
    pd.testing.assert_frame_equal(load_library(again).episodes, library.episodes)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("episodes.csv", "episode_id,", "episode,", "column 'episode_id' is missing"),
        ("episodes.csv", ",order,", ",ordr,", "kind is 'ordr'.*did you mean 'order'"),
        ("episodes.csv", ",1,Gov", ",one,Gov", "type_of_violence is 'one'; expected a whole"),
        ("orders.csv", "unilateral", "unilatral", "side is 'unilatral'.*did you mean 'unilateral'"),
        ("orders.csv", "2031-", "31.", "expected a day"),
    ],
)
def test_a_broken_cell_is_named_with_its_line_and_nothing_is_guessed(
    file: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    for path in INVENTED.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=said) as caught:
        load_library(tmp_path)
    assert caught.value.problems[0].line is not None


def test_an_episode_that_stands_twice_is_refused(tmp_path: Path) -> None:
    for path in INVENTED.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    lines = (tmp_path / "episodes.csv").read_text().splitlines()
    (tmp_path / "episodes.csv").write_text("\n".join([*lines, lines[1]]) + "\n")
    with pytest.raises(InputError, match="stands twice"):
        load_library(tmp_path)


def test_listing_counts_and_finds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["episodes", "list", str(INVENTED)]) == 0
    out = capsys.readouterr().out
    assert "60 episodes" in out and "Corvania" in out
    assert main(["episodes", "list", str(INVENTED), "--match", "salt union"]) == 0
    assert "Salt Union" in capsys.readouterr().out
    assert main(["episodes", "list", str(INVENTED), "--match", "nobody"]) == 2
    assert main(["episodes", "lst", str(INVENTED)]) == 2
    assert "did you mean 'list'" in capsys.readouterr().err


@pytest.mark.long
def test_the_shared_library_is_cut_as_it_was_published() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared episodes are not there")
    published = load_library(SHARED).episodes
    events, dyads = read_events_folder(SHARED)
    found = cut(events, dyads, read_orders(SHARED / "orders.csv")).episodes

    def named(table: pd.DataFrame) -> pd.DataFrame:
        own = table["order_id"].where(table["kind"] == "order", "")
        return table.assign(own=own).set_index(["kind", "key", "cell", "day0", "own"])

    ours, theirs = named(found), named(published)
    assert set(theirs.index) <= set(ours.index)
    assert len(ours) - len(theirs) == 6
    ours = ours.loc[theirs.index]
    for name in (
        "pre14_1",
        "pre7_1",
        "d0",
        "d1_7",
        "d8_14",
        "events_0_7",
        "peak",
        "duration_days",
        "a_0_7",
        "n_orders_in_window",
    ):
        same = np.isclose(ours[name].astype(float), theirs[name].astype(float), equal_nan=True)
        assert same.mean() > 0.999, (name, same.mean())
