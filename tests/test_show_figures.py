"""Figures hold what they claim: every fact once, the manifest id, the same bytes each time."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import show_case as case
from matplotlib.figure import Figure
from PIL import Image

from sim.compare.words import plain
from sim.show import reprisal_tree, timeline_figure
from sim.show.boxes import facts_of, ladder_facts
from sim.show.citations import Citations
from sim.show.figures.bands import order_bands
from sim.show.figures.drawing import Easel, FigureRecord
from sim.show.figures.episode_figure import comparable, draw_episode, episode_fans
from sim.show.figures.run_figures import run_figures
from sim.show.figures.sheet import spread
from sim.show.figures.style import COLUMN, PAGE, Size, styled

CITATIONS = Citations.of(case.evidence())


def episode(size: Size = PAGE) -> Figure:
    ensemble = case.ensemble(20)
    facts = facts_of(ensemble.scenario, CITATIONS)
    facts += ladder_facts(case.timeline(), ensemble.scenario, CITATIONS)
    with styled(size):
        return draw_episode(ensemble, facts, size)


def gids(figure: Figure, prefix: str) -> list[str]:
    return [
        patch.get_gid()
        for axes in figure.axes
        for patch in axes.patches
        if str(patch.get_gid()).startswith(prefix)
    ]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[FigureRecord]:
    ensemble = case.ensemble(20)
    folder = tmp_path_factory.mktemp("result")
    body = case.evidence()
    easel = Easel(folder, "0123abcdef", for_print=True)
    return run_figures(ensemble, case.comparison(ensemble, body), body, easel)


def every(record: FigureRecord, ending: str) -> list[Path]:
    found = [path for path in (record.path, *record.for_print) if path.suffix == ending]
    assert len(found) == 2, "at page and at column width"
    return found


def test_every_reported_fact_is_one_box_on_its_panel() -> None:
    panels = [gid.split("-")[1] for gid in gids(episode(), "fact-")]
    # a floor, and the two sides of a disagreement; one time; one crowd; four acts of conflict
    assert {p: panels.count(p) for p in panels} == {
        "dead": 3, "clashes": 1, "crowd": 1, "ladder": 4,
    }  # fmt: skip


def test_events_of_cooperation_or_of_open_windows_are_no_boxes_on_the_ladder() -> None:
    titles = [f.title for f in ladder_facts(case.timeline(), case.scenario(), CITATIONS)]
    assert "Order to withdraw" not in titles
    assert "Old feud on the hill" not in titles
    assert "Fighting in the harbour" in titles


def test_a_toll_counted_after_the_dying_began_is_not_set_against_the_sum_from_the_start() -> None:
    given = case.scenario_dict()
    late = {"start": "2030-05-02T12:00+03:00", "end": case.END}
    given["observables"] = [given["observables"][0] | {"span": late}]
    ensemble = case.ensemble(20, of=case.Scenario.model_validate(given))
    facts = facts_of(ensemble.scenario, CITATIONS)
    assert len(facts) == 1
    assert comparable(facts, ensemble, episode_fans(ensemble, None)) == []


def test_an_observable_of_one_place_is_no_fact_of_all_places() -> None:
    given = case.scenario_dict()
    given["observables"] = [given["observables"][0] | {"places": ["hill"]}]
    scenario = case.Scenario.model_validate(given)
    assert facts_of(scenario, CITATIONS) == []
    assert len(facts_of(scenario, CITATIONS, ["hill"])) == 1


def test_bands_are_the_quantiles_of_the_runs() -> None:
    ensemble = case.ensemble(40)
    dead = ensemble.hourly["dead"].sum(axis=2).cumsum(axis=1)
    it = episode_fans(ensemble, None)["dead"]
    assert it.levels[:, -1] == pytest.approx(
        np.quantile(dead[:, -1], [0.05, 0.25, 0.5, 0.75, 0.95])
    )
    assert it.levels[:, 0] == pytest.approx(0)
    assert it.singles[2, 1:] == pytest.approx(dead[2])


def test_an_order_band_is_as_wide_as_its_window_and_moves_with_its_shift() -> None:
    given = case.scenario_dict()
    given["decisions"][0]["shift_h"] = 6.0
    bands = order_bands(case.Scenario.model_validate(given), case.ensemble(20).orders, brief=False)
    assert not bands[0].simulated
    assert bands[0].start == pd.Timestamp("2030-05-02T18:00+03:00")
    assert bands[0].end == pd.Timestamp("2030-05-02T21:00+03:00")
    assert bands[1].simulated


@pytest.mark.parametrize("size", [PAGE, COLUMN], ids=lambda s: s.name)
def test_no_text_runs_off_the_sheet_or_over_another(size: Size) -> None:
    figure = episode(size)
    figure.set_dpi(200)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    texts = [t for t in figure.texts if t.get_text()]
    for axes in figure.axes:
        texts += [t for t in axes.texts if t.get_text()]
    boxes = [(t.get_text(), t.get_window_extent(renderer)) for t in texts]
    edge = figure.bbox
    for words, box in boxes:
        assert box.x0 >= -1 and box.x1 <= edge.width + 1, words
        assert box.y0 >= -1 and box.y1 <= edge.height + 1, words
    for i, (words, box) in enumerate(boxes):
        for other, second in boxes[i + 1 :]:
            across = min(box.x1, second.x1) - max(box.x0, second.x0)
            down = min(box.y1, second.y1) - max(box.y0, second.y0)
            assert across <= 2 or down <= 3, (words, other)


def test_labels_spread_keep_their_order_and_gap() -> None:
    placed = spread([0.5, 0.5, 0.52, 0.1, 0.99], 0.1, 0.0, 1.0)
    ordered = sorted(placed)
    assert np.diff(ordered).min() >= 0.1 - 1e-9
    assert ordered[0] >= 0 and ordered[-1] <= 1
    assert placed[0] < placed[1] < placed[2] and placed[3] == pytest.approx(0.1)


def test_labels_that_cannot_all_fit_share_the_room_evenly() -> None:
    placed = spread([0.5] * 21, 0.1, 0.0, 1.0)
    assert np.diff(placed) == pytest.approx(0.05)


def test_png_and_svg_carry_the_manifest_id(drawn: list[FigureRecord]) -> None:
    assert drawn
    for record in drawn:
        for png in every(record, ".png"):
            with Image.open(png) as image:
                assert "0123abcdef" in image.text["Source"]  # type: ignore[attr-defined]
                assert image.info["dpi"][0] == pytest.approx(200, abs=1)
        for svg in every(record, ".svg"):
            assert "manifest 0123abcdef" in svg.read_text(encoding="utf-8")


def test_column_figures_are_85_mm_wide(drawn: list[FigureRecord]) -> None:
    for record in drawn:
        (column,) = (p for p in every(record, ".png") if p.stem.endswith("_column"))
        with Image.open(column) as image:
            assert image.width == pytest.approx(85 / 25.4 * 200, abs=1)


def test_every_reported_observable_is_one_mark_of_the_comparison(
    drawn: list[FigureRecord],
) -> None:
    record = next(r for r in drawn if r.name == "comparison")
    drawing = every(record, ".svg")[0].read_text(encoding="utf-8")
    marks = set(re.findall(r'id="reported-(\w+)"', drawing))
    reported = {o.id for o in case.scenario().observables if not o.reported.missing}
    assert marks == reported


def test_the_same_input_gives_the_same_bytes(drawn: list[FigureRecord], tmp_path: Path) -> None:
    ensemble, body = case.ensemble(20), case.evidence()
    easel = Easel(tmp_path, "0123abcdef", for_print=True)
    again = run_figures(ensemble, case.comparison(ensemble, body), body, easel)
    assert [r.name for r in again] == [r.name for r in drawn]
    for first, second in zip(drawn, again, strict=True):
        for one, other in zip((first.path, *first.for_print), (second.path, *second.for_print),
                              strict=True):  # fmt: skip
            assert one.read_bytes() == other.read_bytes(), one.name


def test_a_title_of_hostile_signs_is_drawn_as_plain_text(tmp_path: Path) -> None:
    hostile = case.HOSTILE + " $\\frac{1$ <b>"
    ensemble = case.ensemble(10, of=case.scenario(title=hostile))
    body = case.evidence(outlet="$x^ <i>Gazette</i>")
    easel = Easel(tmp_path, "m", for_print=True)
    records = run_figures(ensemble, case.comparison(ensemble, body), body, easel)
    text = every(records[0], ".svg")[0].read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\u202e" not in text


def test_drawing_leaves_no_pyplot_state_and_no_changed_style() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    episode()
    assert dict(mpl.rcParams) == before


def test_the_tree_keeps_its_bound_and_says_what_it_left_out() -> None:
    log = case.log()
    run = log[log["replicate"] == 0]
    tree = reprisal_tree(run, most=30)
    assert len(tree.events) <= 30
    assert len(tree.events) + tree.left_out == len(run)


def test_every_cause_in_the_tree_comes_before_its_effect_and_is_in_the_log() -> None:
    log = case.log()
    run = log[log["replicate"] == 0].set_index("event")
    tree = reprisal_tree(run.reset_index())
    assert tree.causes
    for effect, cause in tree.causes.items():
        assert run.loc[effect, "cause"] == cause
        assert run.loc[cause, "time"] <= run.loc[effect, "time"]
        assert cause in tree.events


def test_a_run_in_which_nothing_caused_anything_has_an_empty_tree() -> None:
    log = case.log().assign(cause=-1)
    assert reprisal_tree(log[log["replicate"] == 0]).events == {}


def test_the_timeline_draws_every_event_that_has_a_time(tmp_path: Path) -> None:
    path = tmp_path / "timeline.svg"
    timeline_figure(case.timeline(), path)
    found = re.findall(r'id="event-\d+"', path.read_text(encoding="utf-8"))
    assert len(found) == len(case.timeline())


def test_plain_text_has_no_direction_marks_or_line_breaks() -> None:
    assert plain("a\u202eb\u2067c\nd\x00e") == "abc de"


def test_a_heavy_tail_gets_a_logarithmic_axis_with_plain_numbers() -> None:
    ensemble = case.ensemble(40)
    ensemble.hourly["dead"][:8] *= 1000
    with styled(PAGE):
        figure = draw_episode(ensemble, [], PAGE)
    dead = figure.axes[0]
    assert dead.get_yscale() == "symlog"
    assert "logarithmic" in dead.get_title(loc="left")
    figure.canvas.draw()
    words = [label.get_text() for label in dead.get_yticklabels()]
    assert words[0] == "0" and "100" in words
    assert not any("$" in word for word in words)


def test_a_conflict_is_cited_by_the_statements_on_its_sides() -> None:
    cited = [CITATIONS.get("ga.3a"), CITATIONS.get("tele.2a")]
    both = Citations((c for c in cited if c), {"toll": ("ga.3a", "tele.2a")})
    assert both.statements(["toll", "ga.3a"]) == ["ga.3a", "tele.2a"]
    assert both.tag(["toll"]) == "Gazette ¶3, Telegraph ¶2"
