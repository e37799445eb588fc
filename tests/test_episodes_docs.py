"""The page on episodes says what was measured, and the shipped facts what the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from docs.remaking import episodes

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "episodes.md").read_text(encoding="utf-8")


def test_every_table_of_the_page_is_that_of_the_measurements() -> None:
    for name, content in episodes.passages().items():
        assert f"<!-- generated: {name} -->\n{content}\n<!-- end: {name} -->" in PAGE, name


def test_the_stack_is_below_every_published_row_and_loses_little_to_its_best_part() -> None:
    found = json.loads(episodes.FILE.read_text(encoding="utf-8"))["scores"]
    for kind, one in found.items():
        crps = {row["forecast"]: row["crps"] for row in one["totals"]}
        assert crps["stack"] < episodes.PUBLISHED[kind]
        assert crps["stack"] < min(crps["60 nearest, scaled"], crps["forest"])
        assert one["over_best"][0] < 0.02, kind


def test_no_reported_episode_is_in_the_repository() -> None:
    for path in [*ROOT.glob("docs/**/*.csv*"), *ROOT.glob("sim/**/*.csv*")]:
        if path.parent.name != "invented_episodes":
            assert not re.match(r"(episodes|episode_days|orders|events|dyads)\.csv", path.name) or (
                path.parent.name == "port_ansa"
            ), path
