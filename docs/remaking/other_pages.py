"""The passages of the README, the explorer's page and the page on a real table."""

from __future__ import annotations

from docs.remaking.calibration_page import OUTLETS, kept
from docs.remaking.measured import Measured
from docs.remaking.words import filled, share, short, table, word

PRIOR = 0.2
"""Contraction below which a parameter counts as not learned, as the calibrator calls it."""


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
    if not any(row["learned"] for row in obey):  # then it rests on nothing either
        ends = f"contraction below {short(PRIOR)}"
    rests = [OUTLETS.get(a, a) for a, lost in joint["lost"].items()
             if lost.get("compliance", 0.0) > obey[1]["contraction"] - PRIOR
             and obey[1]["learned"]]  # fmt: skip
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
        trigger predicts Basra with {local} bits: the five articles, spillover and incidents do
        not explain why fighting came there.""",
    ]
    return "\n".join("- " + filled(bullet, "  ") for bullet in bullets)


def answer(measured: Measured) -> str:
    row = measured["pairing"]["explorer"]
    return filled(
        f"- **The answer**, always in sight: *Al-Sadr: withdraw 6 h later: {row['ratio']:.2f} "
        f"times the dead, 90 % {row['ratio_q05']:.2f} to {row['ratio_q95']:.2f}, unchanged in "
        f"{share(row['unchanged'])} of replicates.* The 90 % say how well the pairs of runs "
        "know the ratio of the means; beside it stands how far single pairs lie apart, which is "
        "far wider.",
        "  ",
    )


NAJAF = (
    "dead in Najaf, early part", "dead in Najaf, held-out part", "end in Najaf", "peak in Najaf",
    "dead on 19 August, all towns", "dead in Baghdad, early part", "dead in Kufa, held-out part",
    "end in Baghdad",
)  # fmt: skip


def draft(measured: Measured) -> str:
    run = measured["najaf"]["draft"]
    text = f"""
    One pulse of salience per town on the day of its first death, if that is not held out (Kufa's
    is, so Kufa has local incidents alone), and equal guesses everywhere. 500 replicates:
    {run["inside"]} of {run["tested"]} reported values lie in the simulated 90 % interval. That
    sounds better than it is: {run["days that allow none"]} of the {run["days"]} daily tolls allow
    zero, and a model in which nothing happens passes those too. The draft lives to the end of the
    month, and where it matters it fails: it expects local incidents, and waves came."""
    rows = []
    for name in NAJAF:
        row = run["rows"][name]
        edge = row["inside"] and row["probability"] < 0.03
        said = "inside" if row["inside"] else "outside"
        said += f", at the edge (P {row['probability']:.2f})" if edge else ""
        rows.append([name, row["reported"], row["simulated"], said])
    return f"{filled(text)}\n\n{table(['', 'reported', 'simulated, 90 %', ''], rows)}"


def tried(measured: Measured) -> str:
    before, run = (measured["najaf"][name] for name in ("draft", "tried"))
    rows = run["rows"]
    held = rows["dead in Najaf, held-out part"]
    again = "Again" if run["inside"] == before["inside"] else "Now"
    return filled(f"""
    Salience that fades over ten days in place of one, and no restraint of the party's own accord
    (last command). {again} {run["inside"]} of {run["tested"]} lie inside. The early tolls become
    easy (Najaf {rows["dead in Najaf, early part"]["simulated"]}, Baghdad
    {rows["dead in Baghdad, early part"]["simulated"]}), as wide bands are. The end in Najaf comes
    {rows["end in Najaf"]["simulated"]}, and its held-out part is {held["simulated"]} against
    {held["reported"]}: a fire that burns down slowly, and not a second and a third wave, around 19
    and 26 August. These two settings were chosen after seeing the early part; the held-out part
    judges them, and of the toll it says {"yes" if held["inside"] else "no"}.""")
