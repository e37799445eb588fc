"""The same question, asked by any command: its first line says which parameters it drew from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_up import TWO_FACTIONS

from sim import load_scenario, simulate
from sim.cli import main
from sim.ensemble.parameter_draws import parameters_line, posterior_id
from sim.show.explorer import Shelf
from sim.show.explorer.answers import Answers
from sim.show.explorer.app import STATIC


@pytest.fixture(scope="module")
def posterior(tmp_path_factory) -> str:
    """A posterior that `calibrate` wrote."""
    out = tmp_path_factory.mktemp("fit")
    words = ["calibrate", TWO_FACTIONS, "--simulations", "2000", "--no-figures", "--out", str(out)]
    assert main(words) == 0
    (result,) = (out / "calibration").iterdir()
    return str(result / "posterior.parquet")


def identity(posterior: str) -> str:
    """The id in the name of the folder that holds a posterior."""
    return Path(posterior).parent.name.rpartition("-")[2]


def asked(command: str, out: Path, posterior: str | None) -> list[str]:
    """A small question of each kind, with figures and report."""
    more = {
        "run": ["--replicates", "5"],
        "whatif": ["--replicates", "5", "--variant", "later"],
        "sweep": ["--vary", "compliance=0.3,0.9", "--replicates", "5"],
        "sensitivity": ["--trajectories", "2", "--base", "2", "--replicates", "2"],
    }[command]
    given = ["--posterior", posterior] if posterior else []
    return [command, TWO_FACTIONS, *more, *given, "--out", str(out)]


@pytest.mark.parametrize(
    ("command", "with_posterior"),
    [
        ("run", True),
        pytest.param("run", False, marks=pytest.mark.long),  # its figures take their time
        *((command, given) for command in ("whatif", "sweep", "sensitivity") for given in (0, 1)),
    ],
)
def test_the_first_line_and_the_reports_head_say_what_was_drawn(
    command, with_posterior, tmp_path, posterior, capsys
):
    given = posterior if with_posterior else None
    capsys.readouterr()
    assert main(asked(command, tmp_path, given)) == 0
    first = capsys.readouterr().out.splitlines()[0]
    page = next(tmp_path.rglob("report.html")).read_text(encoding="utf-8")
    head = page[: page.index("</header>")]
    if with_posterior:
        assert first.startswith(f"parameters: the posterior {identity(posterior)} ({posterior}")
        assert f"the posterior {identity(posterior)}" in head
    else:
        assert first.startswith("parameters: the scenario&#39;s priors".replace("&#39;", "'"))
        assert re.search(r"parameters: the scenario(&#39;|')s priors", head)


def test_discover_says_what_the_sweep_drew(tmp_path, posterior, capsys):
    assert main([*asked("sweep", tmp_path, posterior), "--no-figures"]) == 0
    (folder,) = (tmp_path / "two_factions").iterdir()
    capsys.readouterr()
    assert main(["discover", str(folder), "--observable", "dead_upper", "--above", "20"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(f"parameters: the posterior {identity(posterior)}")


@pytest.mark.parametrize("with_posterior", [False, True])
def test_the_explorers_page_says_it_in_its_head(with_posterior, posterior):
    given = posterior if with_posterior else None
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    head = page[page.index("<header>") : page.index("</header>")]
    assert '<p id="drawn">' in head
    assert '$("drawn").replaceChildren' in (STATIC / "main.js").read_text(encoding="utf-8")
    said = Answers(Shelf([TWO_FACTIONS]), given, 1).scenario("two_factions")["drawn_from"]
    why = "as asked for" if with_posterior else "no reference posterior is shipped"
    assert said == parameters_line(given, why)


def test_in_python_the_first_line_of_an_ensemble_says_it(posterior):
    scenario = load_scenario(TWO_FACTIONS)
    for given in (None, posterior):
        ensemble = simulate(scenario, 2, 1, posterior=given)
        assert repr(ensemble).splitlines()[0] == parameters_line(given) == ensemble.drawn_from
        assert len(repr(ensemble)) < 500


def test_a_posterior_without_its_manifest_is_named_by_its_bytes(tmp_path, posterior):
    copy = tmp_path / "posterior.parquet"
    copy.write_bytes(Path(posterior).read_bytes())
    assert posterior_id(posterior) == identity(posterior)
    assert re.fullmatch(r"with SHA-256 [0-9a-f]{10}", posterior_id(str(copy)))
    manifest = Path(posterior).with_name("manifest.json").read_bytes()
    (tmp_path / "manifest.json").write_bytes(manifest)
    copy.write_bytes(copy.read_bytes() + b" ")
    assert posterior_id(str(copy)).startswith("with SHA-256"), "not the one the manifest describes"
