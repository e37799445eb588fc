"""The passages of the pages that hold measured numbers, written from what was measured."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from docs.remaking.measured import Measured

Passage = Callable[[Measured], str]
RIVALS = {
    "model": "this model", "prior": "this model with its prior",
    "no_reprisals": "without reprisals", "one_compliance": "one compliance everywhere",
    "local_trigger": "scripted local trigger", "nothing": "nothing happens",
    "climatology": "climatology", "constant_rate": "constant rate",
    "hawkes": "Hawkes without leaders",
}  # fmt: skip
ACCOUNTS = {
    "as written": "as written: only spillover", "local_trigger": "a local killing (scripted)",
    "offices_attacked": "offices of AAH attacked in Basra (scripted)",
    "tension_in_basra": "tension of its own reaches Basra (scripted)",
    "one_compliance": "one compliance everywhere",
    "felt_in_basra": "the announcement stirs Basra at once", "no_reprisals": "no reprisals",
    "no_spillover": "no spillover", "aah_not_in_baghdad": "AAH not in Baghdad",
    "compliance_07": "seven cells in ten obey",
}  # fmt: skip
OUTLETS = {"ap": "the Associated Press", "bbc": "the BBC", "rudaw": "Rudaw", "aj": "Al Jazeera"}
TOLD = 0.1
"""Contraction lost that is more than noise, which is some .03 on either side."""
SHOWN = (
    "clash_rate", "deaths_per_clash", "reprisal_ratio", "reprisal_delay", "compliance",
    "order_reach", "deterrence",
)  # fmt: skip
NUMERALS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen",
)  # fmt: skip


def short(value: float | None, digits: int = 2) -> str:
    """A number without the zero before the point; a dash where there is none."""
    if value is None:
        return "-"
    text = f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def two(value: float | None) -> str:
    """Two significant digits."""
    return "-" if value is None else f"{value:#.2g}".rstrip(".").replace("0.", ".", 1)


def share(value: float) -> str:
    """A share in per cent."""
    return f"{100 * value:.0f} %"


def filled(text: str, hang: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()), 100, subsequent_indent=hang, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def word(number: int) -> str:
    """A small number as a word."""
    return NUMERALS[number] if number < len(NUMERALS) else str(number)


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# ------------------------------------------------------------------ what was learned


def kept(study: Measured) -> list[str]:
    """Parameters, not products, that keep their prior."""
    found = study["parameters"]
    return [name for name, row in found.items() if not row["learned"] and " * " not in name]


def learned_table(study: Measured) -> str:
    rows = []
    for name, row in by_contraction(study):
        if row["learned"]:
            unit = f" {row['unit']}" if " * " in name else ""
            estimate = f"{two(row['q50'])} ({two(row['q05'])} to {two(row['q95'])}){unit}"
            rows.append([name, short(row["contraction"]), estimate])
    found = study["parameters"]
    weak = [n for n in kept(study) if found[n]["reached"]]
    if weak:
        values = [found[n]["contraction"] for n in weak]
        ends = f"{short(min(values))} to {short(max(values))}"
        rows.append([", ".join(weak), ends, "prior"])
    apart = [n for n in kept(study) if not found[n]["reached"]]
    if apart:
        rows.append([", ".join(apart), "0", "prior: no fact depends on it"])
    return table(["parameter", "contraction", "posterior median (90 %)"], rows)


def by_contraction(study: Measured) -> list[tuple[str, Measured]]:
    return sorted(study["parameters"].items(), key=lambda item: -item[1]["contraction"])


def losses(study: Measured) -> str:
    """Which article taught what."""
    said = []
    for article, lost in study["lost"].items():
        strong = [
            f"{n} {short(v)}" for n, v in sorted(lost.items(), key=lambda i: -i[1]) if v > TOLD
        ]
        if strong:
            said.append(f"{OUTLETS.get(article, article)} ({listed(strong)})")
    if not said:
        return f"Without any single article less than {short(TOLD)} of contraction is lost."
    return f"Left out, these articles take contraction with them: {'; '.join(said)}; others none."


def learned(measured: Measured) -> str:
    study = measured["joint"]
    strong = sorted(study["correlations"].items(), key=lambda item: -abs(item[1]))
    pairs = [f"{names.replace(', ', ' with ')} {short(v)}" for names, v in strong]
    text = f"""
    {word(len(kept(study))).capitalize()} of {word(study["free"])} parameters were not learned.
    {"Known only together (posterior correlation): " + "; ".join(pairs) + "." if pairs else ""}
    {losses(study)} Whichever article's number of the toll is taken alone, no posterior mean moves
    by more than {short(study["largest move by account"])} of the prior's range. Coverage of 90 %
    intervals over {study["sets"]} synthetic data sets: {short(study["coverage"], 3)} over the
    whole prior, {short(study["coverage near"], 3)} near the reported facts. The posterior has
    {study["effective"]:.0f} effective draws, and {share(study["satisfied"])} of its weight lies on
    runs that give all {word(len(study["facts"]))} reported values at once. {refusal(study)}
    """
    head = filled(
        f"`python run.py {study['command'].removeprefix('run.py ').removesuffix(' --reference')}` "
        f"(conditional, {power(study['simulations'])} simulations, seed 1; the posterior under "
        f"`results/reference/`): {word(len(study['facts']))} facts, all of Baghdad."
    )
    return f"{head}\n\n{learned_table(study)}\n\n{filled(text)}"


def power(number: int) -> str:
    """30000 as 3 * 10^4."""
    exponent = len(str(number)) - 1
    lead = number / 10**exponent
    return f"10^{exponent}" if lead == 1 else f"{lead:g} * 10^{exponent}"


def refusal(study: Measured) -> str:
    return study["cannot give"] or ""


def together(measured: Measured) -> str:
    study = measured["together"]
    moved = [f"{n} {short(r['contraction'])}" for n, r in by_contraction(study) if r["learned"]]
    quotable = study["cannot give"] is None and study["satisfied"] >= 0.05
    text = f"""
    Baghdad and Basra fitted together and generatively ({power(study["simulations"])} simulations
    each) move {listed(moved) if moved else "nothing"}; of the weight
    {share(study["satisfied"]) if study["satisfied"] >= 0.005 else "nothing"} lies on runs that give
    all reported values. {refusal(study)}
    {"" if quotable else "That is no result to be quoted."}
    """
    return filled(text)


# ------------------------------------------------------------------ how it predicts


def cell(found: Measured, rival: str, most: int) -> str:
    row = found.get(rival)
    if row is None:
        return "-"
    said = short(row["log_score"]) if row["log_score"] >= 1 else f"{row['log_score']:.2f}"
    if row["n"] < most:
        said += f" (n = {row['n']})"
    verdict = {"worse": "**model worse**", "better": "model better"}
    return f"{said}, {verdict.get(row['verdict'], row['verdict'])}" if row["verdict"] else said


def forecasts(first: str, columns: dict[str, Measured]) -> str:
    """A row per forecast, a column per mode or group; the number of observables in the heads."""
    heads = [f"{name} (n = {found['model']['n']})" for name, found in columns.items()]
    rows = [
        [said, *(cell(found, rival, found["model"]["n"]) for found in columns.values())]
        for rival, said in RIVALS.items()
        if any(rival in found for found in columns.values())
    ]
    return table([first, *heads], rows)


def single(measured: Measured) -> str:
    run = measured["single"]
    trial = run["trials"]["fitted on baghdad_2022_08"]["conditional"]
    held, model = trial["held out"], trial["held out"]["model"]
    head = filled(
        f"Fitted on Baghdad, {power(run['simulations'])} simulations per scenario (`validate` with "
        f"the four single scenarios; predictions' SHA-256 {run['predictions sha256'][:8]}...), "
        "conditional, mean log score in bits and the model's verdict:"
    )
    columns = {"held out: Basra, rockets, march": held, "negative": trial["negative"]}
    rest = []
    for name, title in (("basra_2022_09", "Basra"), ("march_2020_01", "the march")):
        found = run["trials"].get(f"fitted on all but {name}", {}).get("conditional", {})
        part = found.get("held out")
        if part and "prior" in part:
            verdict = {"worse": "worse", "better": "better"}.get(
                part["prior"]["verdict"], "cannot tell"
            )
            rest.append(
                f"fitted on everything but {title} it gives its facts "
                f"{short(part['model']['log_score'])} bits, its prior "
                f"{short(part['prior']['log_score'])} "
                f"(n = {part['model']['n']}, {verdict}"
                + (f"; a Hawkes process {short(part['hawkes']['log_score'])} over "
                   f"{part['hawkes']['n']}" if "hawkes" in part else "") + ")"
            )  # fmt: skip
    text = f"""
    Its 50 % intervals hold {short(model["inside50"])} of the held-out values, its 90 % intervals
    {short(model["inside90"])}, those of its prior {short(held["prior"]["inside90"])}.
    {sentence("; ".join(rest))}.
    """
    return f"{head}\n\n{forecasts('forecast', columns)}\n\n{filled(text)}"


def both(measured: Measured) -> str:
    run = measured["both"]
    trial = next(iter(run["trials"].values()))
    columns = {f"held out, {mode}": trial[mode]["held out"] for mode in trial}
    first = f"forecast (August and September, {power(run['simulations'])} simulations)"
    negative = next(iter(trial.values())).get("negative", {}).get("model", {}).get("n", 0)
    few = f" {word(negative).capitalize()} negative observables allow no verdict."
    text = f"(Predictions' SHA-256 {run['predictions sha256'][:8]}...{few if negative < 5 else ''})"
    return f"{forecasts(first, columns)}\n\n{filled(text)}"


def models(measured: Measured) -> str:
    run = measured["models"]
    wider = (
        f"; ranges had to be widened by a factor of {run['factor']:.1f} and times by "
        f"{run['hours']:.0f} h for 400 effective acceptances of the best model"
    )
    head = f"""
    `{run["command"].removeprefix("run.py ").split(" --")[0]}`,
    {power(run["simulations"])} simulations each, all {run["facts"]} facts with role calibrate or
    hold_out{wider if run["factor"] > 1.0 else ""}:
    """
    rows = []
    for name, row in sorted(run["models"].items(), key=lambda item: -item[1]["ratio"]):
        said = ACCOUNTS.get(name, name)
        if row["verdict"] == "best":
            rows.append([said, "1", "best"])
        elif row["ratio"] == 0:
            rows.append([said, f"none accepted, below {two(row['high'])}", row["verdict"]])
        else:
            ends = f"{two(row['ratio'])} ({two(row['low'])} to {two(row['high'])})"
            rows.append([said, ends, row["verdict"]])
    heads = ["account", "evidence ratio to the best (95 %)", "verdict"]
    return f"{filled(head)}\n\n{table(heads, rows)}"


def more_data(measured: Measured) -> str:
    run = measured["more_data"]
    names = list(SHOWN)
    rows = [
        [number, *(short(run["coarse"][number][name]) for name in names)]
        for number in ("1", "4", "16")
    ]
    rows.append(
        ["16, every number and time exact", *(short(run["exact"]["16"][name]) for name in names)]
    )
    return table(["episodes, told as coarsely as Basra", *names], rows)


# ------------------------------------------------------------------ README and explorer


def coded(measured: Measured) -> str:
    found = measured["evidence"]
    return filled(
        "It ships with five episodes from Iraq (January 2020, August to September 2022), coded "
        f"from {word(found['articles'])} news articles: {found['statements']} statements on "
        f"{found['events']} events. Nothing in the rules is about Iraq: you bring your own."
    )


def pairing(measured: Measured) -> str:
    row = measured["pairing"]["prior"]
    removed = row["variance_removed"]
    return filled(f"""
    In `august_september_2022` with its prior, a withdrawal order 24 hours later gives
    {row["ratio"]:.2f} times the dead in Baghdad (90 % {row["ratio_q05"]:.2f} to
    {row["ratio_q95"]:.2f} over {row["pairs"]:,} pairs), and {share(row["unchanged"])} of the
    pairs do not change at all; pairing removed {share(removed)} of the variance, so unpaired runs
    would need some {1 / (1 - removed):.0f} times as many.""")


def taught(measured: Measured) -> str:
    alone, joint = measured["baghdad"], measured["joint"]
    pin = joint["parameters"]["clash_rate * deaths_per_clash"]["contraction"]
    obey = [study["parameters"]["compliance"] for study in (alone, joint)]
    ends = " to ".join(sorted({short(row["contraction"]) for row in obey}))
    learnt = "and that most cells obey" if all(row["learned"] for row in obey) else "not compliance"
    rests = [OUTLETS.get(a, a) for a, lost in joint["lost"].items()
             if lost.get("compliance", 0.0) > obey[1]["contraction"] - 0.2]  # fmt: skip
    on = f", resting on {rests[0]} alone" if len(rests) == 1 else ""
    held = measured["single"]["trials"]["fitted on baghdad_2022_08"]["conditional"]
    trial = next(iter(measured["both"]["trials"].values()))["conditional"]["held out"]
    verdict = {"worse": "worse than", "better": "better than", "cannot tell": "no better than"}
    nothing = verdict[held["negative"]["nothing"]["verdict"]]
    own, prior, local = (
        short(trial[name]["log_score"]) for name in ("model", "prior", "local_trigger")
    )
    bullets = [
        f"""Learned: the toll of an hour of full contact (contraction {short(pin)}), {learnt}
        ({ends}{on}). {word(len(kept(joint))).capitalize()} of {word(joint["free"])} parameters keep
        their prior.""",
        f"""The calibrator covers what it should: 90 % intervals hold
        {short(joint["coverage"])} of the truth over {joint["sets"]} synthetic data sets.""",
        f"""**Held out, it fails where it is most wanted.** What it never saw it predicts
        {verdict[held["held out"]["prior"]["verdict"]]} its own prior (in the joint scenario, whose
        Basra has no trigger, {verdict[trial["prior"]["verdict"]]} it: {own} against {prior} bits),
        and of things that did not happen it does {nothing} "nothing happens". A scripted local
        trigger predicts Basra with {local} bits: the five articles and spillover alone do not
        explain why fighting came there.""",
    ]
    return "\n".join("- " + filled(bullet, "  ") for bullet in bullets)


def answer(measured: Measured) -> str:
    row = measured["pairing"].get("explorer", measured["pairing"]["prior"])
    return filled(
        f"- **The answer**, always in sight: *Al-Sadr: withdraw 6 h later: {row['ratio']:.2f} "
        f"times the dead, 90 % {row['ratio_q05']:.2f} to {row['ratio_q95']:.2f}, unchanged in "
        f"{share(row['unchanged'])} of replicates.* The 90 % say how well the pairs of runs "
        "know the ratio of the means; beside it stands how far single pairs lie apart, which is "
        "far wider.",
        "  ",
    )


PAGES: dict[str, dict[str, Passage]] = {
    "README.md": {"coded": coded, "pairing": pairing, "taught": taught},
    "docs/calibration.md": {
        "learned": learned, "together": together, "single": single, "both": both,
        "models": models, "more_data": more_data,
    },
    "docs/explorer.md": {"answer": answer},
}  # fmt: skip
"""The passages of each page, by the name between its marks."""
