"""The explorer in a real browser: what it draws, what it says, and what it does not let in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from explorer_server import Served, served
from hostile import QUOTES, SCRIPT, TURNED, hostile_scenario
from made_up import TWO_FACTIONS
from shipped import path_of

from sim.cli import main
from sim.ensemble import simulate
from sim.scenario import with_settings
from sim.show.explorer.effect import effect_on_dead, effect_words
from sim.show.explorer.futures import Shelf

EPISODE = "august_september_2022"
SMALL = "#scenario=two_factions&replicates=200&seed=3"
ORDER = "decisions.red_withdrawal.shift_h"
SETTLED = "body[data-settled]"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    hostile = hostile_scenario(tmp_path_factory.mktemp("hostile"))
    renamed = hostile.read_text(encoding="utf-8").replace("name: two_factions", "name: hostile")
    hostile.write_text(renamed, encoding="utf-8")
    with served([TWO_FACTIONS, path_of(EPISODE), hostile]) as it:
        yield it


def settled(page: Any) -> None:
    page.wait_for_selector(SETTLED, timeout=30_000)


def slide(page: Any, path: str, keys: str, times: int) -> None:
    """Move a slider with the keyboard, as its users do."""
    slider = page.locator(f'[data-path="{path}"] input[type=range]')
    slider.focus()
    for _ in range(times):
        slider.press(keys)


def headline(page: Any, begins: str) -> str:
    page.wait_for_selector(f"#headline:has-text({json.dumps(begins)})", timeout=30_000)
    return str(page.inner_text("#headline"))


def test_page_needs_no_network_but_its_own(server: Served, open_page: Callable[..., Any]) -> None:
    page = open_page("about:blank")
    asked: list[str] = []

    def own_only(route: Any) -> None:
        asked.append(route.request.url)
        if route.request.url.startswith(server.address):
            route.continue_()
        else:
            route.abort()

    page.route("**/*", own_only)
    page.goto(server.address + SMALL)
    settled(page)
    foreign = [u for u in asked if not u.startswith((server.address, "data:", "blob:"))]
    assert not foreign
    assert page.locator(".panel canvas").count() == len(page.locator(".panel").all()) >= 4


def test_first_figure_shows_every_panel_and_its_reported_facts(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(f"{server.address}#scenario={EPISODE}&replicates=300&view=baghdad")
    settled(page)
    drawn = page.evaluate(
        """() => [...document.querySelectorAll(".panel canvas")].map((c) => new Set(
             c.getContext("2d").getImageData(0, 0, c.width, c.height).data).size)"""
    )
    assert len(drawn) == 5 and min(drawn) > 8, "each canvas holds more than a blank"
    facts = page.locator(".fact")
    assert facts.count() >= 5
    fact = page.locator('.panel[data-panel="dead"] .fact').first
    fact.focus()
    assert "reported: 30 to 39" in page.inner_text("#tip")
    fact.press("Enter")
    assert page.locator("#statement .coded").count() >= 5
    assert "Attributed to" in page.inner_text("#statement")
    page.keyboard.press("Escape")
    assert not page.locator("#statement").is_visible()


def test_moved_slider_shows_the_numbers_that_python_gives(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(server.address + SMALL)
    settled(page)
    slide(page, ORDER, "ArrowRight", 6)
    said = headline(page, "withdraw 6 h later")
    loaded = Shelf([TWO_FACTIONS])["two_factions"].loaded
    before = simulate(loaded.scenario, 200, 3, threads=1)
    after = simulate(with_settings(loaded, {ORDER: 6.0}), 200, 3, threads=1)
    expected = effect_words(effect_on_dead(before, after, None), ["Reds: withdraw 6 h later"], "")
    assert said == expected[0]
    page.wait_for_selector("#table td[data-label=Unchanged]")
    cells = {
        row.get_attribute("data-id"): row.locator("td").nth(1).inner_text()
        for row in page.locator("#table tbody tr").all()
    }
    assert cells["dead_upper"] == f"{after.observables['dead_upper'].median():g}"


def test_readout_at_the_scrubbed_hour_is_the_quantile(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(server.address + SMALL + "&hour=30")
    settled(page)
    loaded = Shelf([TWO_FACTIONS])["two_factions"].loaded
    dead = simulate(loaded.scenario, 200, 3, threads=1).hourly["dead"].sum(axis=2).cumsum(axis=1)
    low, high = (float(q) for q in _quantiles(dead[:, 29]))
    readout = page.inner_text('.panel[data-panel="dead"] .readout')
    assert readout.startswith("2 May 12:00: median ")
    assert f"90 % {low:.3g} to {high:.3g}" in readout.replace(",", "")


def _quantiles(values: Any) -> Any:
    import numpy as np

    return np.quantile(values, (0.05, 0.95))


def test_link_carries_the_state_of_the_controls(
    server: Served, open_page: Callable[..., Any]
) -> None:
    first = open_page(server.address + SMALL)
    settled(first)
    slide(first, ORDER, "ArrowLeft", 4)
    first.locator(f'[data-path="{ORDER}"]').locator("xpath=..").locator("select").select_option(
        "endogenous_not_before"
    )
    first.locator("input[name=view][value=upper]").check()
    said = headline(first, "in Upper Town")
    second = open_page(first.url)
    settled(second)
    assert headline(second, "in Upper Town") == said
    slider = second.locator(f'[data-path="{ORDER}"] input[type=range]')
    assert slider.input_value() == "-4"
    assert second.locator("input[name=view][value=upper]").is_checked()


def test_two_pages_at_once_do_not_disturb_each_other(
    server: Served, open_page: Callable[..., Any]
) -> None:
    one, other = open_page(server.address + SMALL), open_page(server.address + SMALL)
    for page in (one, other):
        settled(page)
    for _ in range(5):
        slide(one, ORDER, "ArrowRight", 1)
        slide(other, ORDER, "ArrowLeft", 1)
    later, earlier = headline(one, "5 h later"), headline(other, "5 h earlier")
    alone = open_page(f"{server.address}{SMALL}&set.{ORDER}=5")
    assert headline(alone, "5 h later") == later != earlier


def test_saved_variant_is_reproduced_by_run_to_the_byte(
    server: Served, open_page: Callable[..., Any], tmp_path: Path
) -> None:
    page = open_page(server.address + SMALL)
    settled(page)
    slide(page, ORDER, "ArrowRight", 9)
    headline(page, "9 h later")
    page.fill("#variant-name", "nine_later")
    page.fill("#variant-title", "Nine hours “later”")
    saved = tmp_path / "saved.yaml"
    with page.expect_download() as download:
        page.click("#variant button")
    download.value.save_as(saved)
    table = tmp_path / "page.parquet"
    with page.expect_download() as download:
        page.click("#parquet")
    download.value.save_as(table)
    words = ["run", str(saved), "--variant", "nine_later", "--replicates", "200", "--seed", "3"]
    assert main([*words, "--no-figures", "--threads", "1", "--out", str(tmp_path)]) == 0
    (folder,) = (tmp_path / "two_factions").iterdir()
    assert (folder / "replicates.parquet").read_bytes() == table.read_bytes()


def test_figures_are_saved(server: Served, open_page: Callable[..., Any], tmp_path: Path) -> None:
    page = open_page(server.address + SMALL)
    settled(page)
    for selector, begins in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        with page.expect_download() as download:
            page.locator(f"[data-figure={selector}]").first.click()
        path = tmp_path / selector
        download.value.save_as(path)
        assert path.read_bytes().startswith(begins)


def test_order_that_never_comes_is_drawn_grey_and_its_slider_rests(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(f'{server.address}{SMALL}&set.decisions.red_withdrawal.mode="off"')
    settled(page)
    assert page.locator("#beyond").is_visible()
    assert page.locator(f'[data-path="{ORDER}"] input[type=range]').is_disabled()


def test_hour_moves_the_map_and_the_events_name_their_causes(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(server.address + SMALL + "&hour=2")
    settled(page)
    before = page.inner_text("#map-words")
    page.locator("#hour").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    assert page.inner_text("#map-hour") == "2 May 04:00"
    assert page.inner_text("#map-words") != before
    cause = page.locator("#events a").last
    number = cause.inner_text().removeprefix("No. ")
    cause.click()
    assert page.evaluate("document.activeElement.id") == f"event-{number}"
    page.click("#play")
    page.wait_for_selector("#map-hour:has-text('06:00')")
    page.click("#play")


def test_a_place_on_the_map_opens_its_events_with_causes_and_its_reports(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(server.address + SMALL + "&hour=60")
    settled(page)
    assert not page.locator("#map-place").is_visible()
    page.locator("#map [data-place=upper]").press("Enter")
    assert page.locator("#map-place h4").inner_text().startswith("Upper")
    link = page.locator("#map-place li button").first
    link.click()
    assert page.evaluate("document.activeElement.id").startswith("event-")
    before = page.inner_text("#map-hour")
    page.locator("#map-slider").press("ArrowLeft")
    assert page.inner_text("#map-hour") != before, "the map has its own hour at hand"
    assert page.input_value("#hour") == page.input_value("#map-slider")
    page.get_by_text("What was reported here").click()
    assert page.locator("#views input:checked").get_attribute("value") == "upper"
    assert page.locator("#fact-list").is_visible()


def test_everything_is_reached_by_the_keyboard_and_named(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(server.address + SMALL)
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll(
             "a[href], button, input, select, summary, [tabindex='0']")]
             .filter((n) => !n.disabled && n.checkVisibility()).length"""
    )
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, [role=img], [role=button]")]
             .filter((n) => !(n.labels?.length || n.getAttribute("aria-label") ||
                              n.textContent.trim())).map((n) => n.outerHTML)"""
    )
    assert not unnamed
    reached = set()
    page.evaluate("document.body.focus()")
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => { const all = [...document.querySelectorAll("*")];
                           return all.indexOf(document.activeElement); }"""
            )
        )
    radios = 3 - 1  # a group of radio buttons is one stop
    assert len(reached) >= wanted - radios


CONTRAST = """() => {
  const power = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const share = [0.2126, 0.7152, 0.0722];
  const light = (rgb) => share.reduce((sum, part, i) => sum + part * power(rgb[i] / 255), 0);
  const numbers = (css) => css.match(/[\\d.]+/g).map(Number);
  const ground = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const c = numbers(getComputedStyle(n).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest("svg, .hidden, option, noscript")) continue;
    if (node.disabled || node.closest(".idle")) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(numbers(style.color)), light(ground(node))].sort((x, y) => y - x);
    const big = parseFloat(style.fontSize) >= 24;
    if ((a + 0.05) / (b + 0.05) < (big ? 3 : 4.5)) poor.push(node.outerHTML.slice(0, 90));
  }
  return poor;
}"""


def test_text_has_enough_contrast(server: Served, open_page: Callable[..., Any]) -> None:
    page = open_page(f"{server.address}{SMALL}&set.{ORDER}=3")
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_is_wider_than_the_window(
    server: Served, open_page: Callable[..., Any], width: int
) -> None:
    page = open_page(f"{server.address}#scenario={EPISODE}&replicates=100", width=width)
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_names_are_shown_as_text(server: Served, open_page: Callable[..., Any]) -> None:
    page = open_page(f"{server.address}#scenario=hostile&replicates=100")
    settled(page)
    assert page.inner_text("#title") == f"{SCRIPT} {QUOTES} {TURNED}"
    assert page.inner_text("#summary") == QUOTES
    assert SCRIPT in page.inner_text("#controls") and SCRIPT in page.inner_text("#table")
    assert SCRIPT in page.inner_text("#events")
    assert page.locator("main script, main img, header img").count() == 0
    turning = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((n) => [...n.childNodes].some(
             (t) => t.nodeType === 3 && /[\\u202a-\\u202e\\u2066-\\u2069]/.test(t.textContent))
             && !n.closest("bdi, option")).map((n) => n.outerHTML)"""
    )
    assert turning == [], "direction marks stay inside their own isolated element"


def test_refusal_is_said_on_the_page_and_nothing_is_saved(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(f"{server.address}{SMALL}&set.{ORDER}=3", forgive="422")
    settled(page)
    page.fill("#variant-name", "later")
    page.click("#variant button")
    page.wait_for_selector("#problems:has-text(\"there is a variant 'later' already\")")
    assert page.inner_text("#variant-note") == ""


def test_broken_link_says_what_is_wrong(server: Served, open_page: Callable[..., Any]) -> None:
    page = open_page(f"{server.address}{SMALL}&set.complience=0.5", forgive="422")
    page.wait_for_selector("#problems:has-text('complience')")
    assert "did you mean 'compliance'?" in page.inner_text("#problems")


def test_back_undoes_the_last_move_and_stays_on_the_page(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(server.address + SMALL)
    settled(page)
    first = page.inner_text("#headline")
    slide(page, ORDER, "ArrowRight", 3)
    moved = headline(page, "withdraw 3 h later")
    page.wait_for_timeout(1500)
    page.go_back()
    assert headline(page, first[:30]) == first
    assert page.locator(f'[data-path="{ORDER}"] input[type=range]').input_value() == "0"
    page.go_forward()
    assert headline(page, "withdraw 3 h later") == moved


def test_a_link_to_an_unknown_scenario_says_so(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(f"{server.address}#scenario=elsewhere&replicates=100&set.compliance=0.5")
    page.wait_for_selector("#problems:has-text(\"there is no scenario 'elsewhere' here\")")
    assert "two_factions" in page.inner_text("#problems")


def test_a_value_that_cannot_be_leaves_no_old_answer_standing(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(f"{server.address}{SMALL}&set.{ORDER}=3", forgive="422")
    settled(page)
    field = page.locator(f'[data-path="{ORDER}"] input[type=number]')
    field.fill("-100")
    field.press("Enter")
    page.wait_for_selector("#problems:has-text('before the clock')")
    assert page.inner_text("#headline").startswith("No answer")
    field.fill("4")
    field.press("Enter")
    headline(page, "withdraw 4 h later")
    assert not page.locator("#problems").is_visible()


def test_an_order_moved_to_before_its_cause_is_grey_and_says_why(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(f"{server.address}{SMALL}&set.{ORDER}=-27")
    page.wait_for_selector("#beyond:has-text(\"before 'The announcement', which it answers\")")
    slider = page.locator(f'[data-path="{ORDER}"] input[type=range]')
    assert slider.get_attribute("min") == "-28"


def test_the_switch_to_the_priors_says_so_and_draws_other_numbers(
    server: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(f"{server.address}#scenario={EPISODE}&replicates=100")
    settled(page)
    fitted = page.inner_text("#headline")
    assert page.inner_text("#drawn").startswith("parameters: the posterior")
    page.locator("#prior").check()
    page.wait_for_selector('#drawn:has-text("priors (as asked for)")', timeout=30_000)
    assert page.inner_text("#headline") != fitted
    assert "prior=true" in page.evaluate("location.hash")
    page.goto(f"{server.address}{SMALL}&prior=true")
    page.reload()
    settled(page)
    assert not page.locator("#prior-switch").is_visible(), "there is no posterior to leave out"
