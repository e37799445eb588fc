"""The passages of the page on calibration that hold measured numbers."""

from __future__ import annotations

from docs.remaking.measured import Measured
from docs.remaking.words import filled, listed, power, sentence, share, short, table, two, word

RIVALS = {
    "model": "this model", "prior": "this model with its prior",
    "no_reprisals": "without reprisals", "one_compliance": "one compliance everywhere",
    "local_trigger": "scripted local trigger", "nothing": "nothing happens",
    "climatology": "climatology", "constant_rate": "constant rate",
    "hawkes": "Hawkes without leaders",
}  # fmt: skip
ACCOUNTS = {
    "as written": "as written: spillover and incidents", "no_incidents": "only spillover",
    "local_trigger": "a local killing (scripted)",
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
