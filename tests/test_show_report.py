"""The report shows the table's numbers, escapes everything, and needs nothing but itself."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import show_case as case

from sim.compare.verdict import Judgement
from sim.compare.words import chance_text, number, percent, plain
from sim.show import terminal_table, write_report
from sim.show.citations import Citations
from sim.show.figures.drawing import Easel
from sim.show.figures.run_figures import run_figures
from sim.show.observables import reported_words, rows_of
from sim.show.terminal import table

MANIFEST = {
    "id": "0123abcdef", "command": "python run.py run harbour.yaml --seed 5", "seed": 5,
    "scenario_hash": "feedc0ffee", "versions": {"mesa": "3.3.1"}, "variant": None,
}  # fmt: skip


class Page(HTMLParser):
    """Tags with attributes, tables as text, and all text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.rows: dict[str, list[str]] = {}
        self.words = ""
        self._row: str | None = None
        self._cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.tags.append((tag, given))
        if tag == "tr":
            self._row = given.get("id")
        if tag in ("td", "th") and self._row:
            self.rows.setdefault(self._row, []).append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._cell and self._row:
            self.rows[self._row][-1] += data


def report(folder: Path, title: str = "Harbour, May 2030", outlet: str = "Gazette",
           says: str = "", draw: bool = False) -> str:  # fmt: skip
    ensemble = case.ensemble(20, of=case.scenario(title=title))
    body = case.evidence(outlet, says)
    comparison = case.comparison(ensemble, body)
    drawn = run_figures(ensemble, comparison, body, Easel(folder, "0123abcdef")) if draw else []
    write_report(folder / "report.html", ensemble, comparison, body, drawn, MANIFEST)
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    return report(tmp_path_factory.mktemp("report"), draw=True)


def test_every_number_of_every_observable_stands_in_its_row(whole: str) -> None:
    page = Page(whole)
    ensemble, body = case.ensemble(20), case.evidence()
    table = rows_of(case.comparison(ensemble, body), ensemble, Citations.of(body))
    assert len(table) == len(ensemble.scenario.observables)
    for row in table:
        cells = page.rows[f"row-{row.id}"]
        assert row.title in cells[0]
        assert cells[1].startswith(row.reported)
        assert cells[2:4] == [row.median, row.half]
        assert cells[4].startswith(row.ninety)
        assert cells[5] == row.probability
        assert cells[6].startswith(row.verdict)
        assert cells[7:] == [f"{b.median} ({b.probability})" for b in row.baselines]


def test_the_table_in_words_is_the_comparison_in_numbers() -> None:
    ensemble, body = case.ensemble(20), case.evidence()
    comparison = case.comparison(ensemble, body)
    words = rows_of(comparison, ensemble, Citations.of(body))
    for row, numbers in zip(words, comparison.table.to_dict("records"), strict=True):
        if row.id in ("dead_total", "wounded_total"):
            low, high = (float(x.replace(",", "")) for x in row.ninety.split(" to "))
            assert low == pytest.approx(numbers["q05"], rel=0.005)
            assert high == pytest.approx(numbers["q95"], rel=0.005)
        assert (row.judgement is Judgement.UNTESTED) == (not numbers["tested"])
        assert row.judgement == numbers["verdict"]
        if row.judgement is Judgement.AGREES:
            assert numbers["inside90"] and not numbers["fitted"]


def test_the_first_screen_counts_what_the_table_counts(whole: str) -> None:
    page = Page(whole)
    verdicts = [cells[6] for cells in page.rows.values() if len(cells) > 7]
    agree = sum(v.startswith("agrees") for v in verdicts)
    against = sum(v.startswith("disagrees") for v in verdicts)
    tested = sum(not v.startswith("not tested") for v in verdicts)
    lead = re.search(r"Of (\d+) reported values: (\w+) disagrees?; (\w+) agrees?", page.words)
    assert lead is not None
    counts = [0 if word == "none" else int(word) for word in lead.groups()]
    assert counts == [tested, against, agree]
    assert "nothing was fitted" in page.words
    listed = re.findall(r"(?:Does not agree|Agrees, better [a-z ]+) \((\d+)\)", page.words)
    assert [int(n) for n in listed] == [against, agree]


def test_a_fitted_run_does_not_say_that_nothing_was_fitted(tmp_path: Path) -> None:
    ensemble = case.ensemble(20)
    ensemble.posterior = "posterior.parquet"
    body = case.evidence()
    path = tmp_path / "report.html"
    write_report(path, ensemble, case.comparison(ensemble, body), body, [], MANIFEST)
    words = Page(path.read_text(encoding="utf-8")).words
    assert "nothing was fitted" not in words
    assert "agreement with those is no test" in words


def test_names_with_markup_quotes_and_direction_marks_are_shown_as_text(tmp_path: Path) -> None:
    html = report(tmp_path, title=case.HOSTILE, outlet=case.HOSTILE, says=case.HOSTILE, draw=True)
    page = Page(html)
    assert "script" not in {tag for tag, _ in page.tags}
    assert '<script>alert("x")</script>' in page.words
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes), tag
    # direction marks stand only where a bdi element keeps them from turning their surroundings
    outside = re.sub(r"<bdi>[^<]*</bdi>", "", html)
    assert "\u202e" in html
    assert "\u202e" not in outside


def test_the_report_is_one_file_that_fetches_nothing_and_runs_nothing(whole: str) -> None:
    page = Page(whole)
    assert not {"script", "link", "iframe", "object", "embed"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "href", "data", "action"):
            value = attributes.get(name, "data:")
            assert value.startswith(("data:", "#")), (tag, name, value[:60])
    css = whole[whole.index("<style>") : whole.index("</style>")]
    assert "url(" not in css and "@import" not in css


def test_links_inside_the_report_lead_somewhere(whole: str) -> None:
    page = Page(whole)
    anchors = {given["id"] for _, given in page.tags if "id" in given}
    targets = {given["href"][1:] for tag, given in page.tags if tag == "a"}
    assert targets and targets <= anchors


def test_screen_readers_get_language_alternatives_and_table_heads(whole: str) -> None:
    page = Page(whole)
    assert ("html", {"lang": "en"}) in page.tags
    images = [given for tag, given in page.tags if tag == "img"]
    assert images
    assert all(len(given["alt"]) > 60 for given in images)
    assert all(given.get("scope") in ("row", "col") for tag, given in page.tags if tag == "th")
    tables = sum(tag == "table" for tag, _ in page.tags)
    assert sum(tag == "caption" for tag, _ in page.tags) == tables


def test_colours_of_text_have_aa_contrast_on_white() -> None:
    from sim.show.figures import style
    from sim.show.reports.page import TEMPLATES

    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(a * b for a, b in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    css = (TEMPLATES / "report.css").read_text()
    used = re.findall(r"(?<![-\w])color: (#[0-9a-f]{6})", css)
    assert used
    for color in (*used, style.REPORTED, style.ORDER, style.QUIET, style.INK):
        assert 1.05 / (luminance(color) + 0.05) >= 4.5, color


def test_every_cited_statement_is_listed_with_its_outlet_and_paragraph(whole: str) -> None:
    page = Page(whole)
    cited = {fact for o in case.scenario().observables for fact in o.facts}
    for name in cited:
        cells = page.rows[f"statement-{name}"]
        paragraph = case.statement(name).paragraph
        assert f"¶{paragraph}" in cells[1]
        assert case.statement(name).hedging == cells[4]


def test_every_assumption_and_the_way_to_reproduce_are_printed(whole: str) -> None:
    words = Page(whole).words
    for text in ("assumption: a guess", "assumption: no report", MANIFEST["command"],
                 "feedc0ffee", "mesa 3.3.1"):  # fmt: skip
        assert str(text) in words


def test_a_chance_is_never_rounded_to_certainty() -> None:
    assert [chance_text(p) for p in (0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "0.00", "<0.01", "0.50", ">0.99", "1.00",
    ]  # fmt: skip
    assert [percent(p) for p in (0.0, 0.001, 0.999, 1.0)] == ["0 %", "<1 %", ">99 %", "100 %"]


def test_a_number_is_never_rounded_to_nothing_and_has_no_exponent() -> None:
    values = (0.0, 23.0, 10_000.4, 0.3512, 0.00001, float("nan"))
    assert [number(x) for x in values] == ["0", "23", "10,000", "0.351", "<0.0001", "–"]


def test_the_terminal_names_what_lies_outside() -> None:
    ensemble = case.ensemble(20)
    comparison = case.comparison(ensemble)
    lines = terminal_table(comparison, ensemble.scenario).splitlines()
    for row in comparison.table.to_dict("records"):
        line = next(text for text in lines if text.startswith(plain(row["title"])))
        wanted = "DISAGREES" if row["verdict"] == "disagrees" else row["verdict"]
        assert wanted in line.rpartition("  ")[2]
    assert lines[0].lower().startswith(str(comparison.summary))


@pytest.mark.parametrize("columns", [40, 80, 114])
def test_a_narrow_terminal_loses_neither_figures_nor_verdicts(columns: int) -> None:
    ensemble = case.ensemble(20)
    comparison = case.comparison(ensemble)
    wide = terminal_table(comparison, ensemble.scenario)
    narrow = terminal_table(comparison, ensemble.scenario, columns)
    assert max(len(line) for line in narrow.splitlines()) <= columns
    words = narrow.split()
    assert words.count("DISAGREES") == wide.split().count("DISAGREES")
    for row in comparison.table.to_dict("records"):
        assert " ".join(reported_words(row).split()) in " ".join(words)


def test_a_table_that_goes_into_a_pipe_is_whole_whatever_its_width() -> None:
    long = "x" * 300
    head, rule, row = table(("name", "n"), [(long, "12")], None, right=(1,))
    assert (head.split(), rule.strip("-")) == (["name", "n"], "")
    assert row.split() == [long, "12"]
    stacked = table(("name", "n"), [(long, "12")], 80)
    assert max(map(len, stacked)) <= 80 and "".join("".join(stacked).split()) == f"{long}n12"


def test_a_disputed_yes_or_no_shows_the_share_of_runs_and_both_readings() -> None:
    given = case.scenario_dict()
    given["observables"][5]["reported"] = {
        "alternatives": [{"weight": 0.5, "best": 0}, {"weight": 0.5, "best": 1}]
    }
    ensemble = case.ensemble(20, of=case.Scenario.model_validate(given))
    table = rows_of(case.comparison(ensemble), ensemble, Citations.of(case.evidence()))
    row = next(row for row in table if row.id == "any_hill")
    assert row.reported == "no (weight 0.5) or yes (weight 0.5)"
    share = 100 * ensemble.observables["any_hill"].mean()
    assert row.ninety == f"yes in {share:.0f} % of runs"
