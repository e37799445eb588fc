"""A draft: the first scenario of a timeline, commented, every number with its source."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sim.intake.daily import Happening
from sim.intake.drafts.draft_observables import observables
from sim.intake.drafts.sketch import Sketch
from sim.intake.tables.writing import flow

SCHEMA_LINE = "# yaml-language-server: $schema={schema}"
GUESS = "assumption: first guess of the new command"
FIGHTERS = {"armed": 400, "security": 1000}


def draft_text(name: str, sketch: Sketch, evidence_path: str, schema: str) -> str:
    """The scenario file.

    Args:
        name: of the scenario, an identifier.
        evidence_path: the timeline's folder relative to the scenario's.
        schema: where the JSON Schema stands, relative to the scenario.

    Raises:
        ValueError: nothing could ever happen in the scenario, and why.
    """
    _check_that_something_can_happen(sketch)
    last = sketch.end.date()
    title = f"{name.replace('_', ' ').capitalize()}, {sketch.start.date()} to {last}"
    lines = [
        SCHEMA_LINE.format(schema=schema),
        "# Written by 'run.py new' from a timeline. Places, parties, days and tolls are the",
        "# timeline's; every strength, hostility and salience is a first guess and says so. Change",
        "# them, then: python run.py check, python run.py run.",
        *(f"# Left out: {text}." for text in sketch.left_out),
        f"name: {name}",
        f"title: {flow(title)}",
        f"summary: {flow(_summary(sketch))}",
        f"evidence: {flow(evidence_path)}",
        "# priors: FILE  # a file of 'run.py priors', relative to this one",
        "clock: " + flow({"start": sketch.start.isoformat(), "end": sketch.end.isoformat(),
                          "step_h": 1}),
    ]  # fmt: skip
    sections = (
        ("places", "authority: how strongly the state holds a place, 0 to 1; presence and garrison:"
         "\n# share of the security forces there at first and always.", _places(sketch)),
        ("factions", "Fighters where a party was met; none of these numbers is reported.",
         _factions(sketch)),
        ("crowds", "Unarmed parties stand as crowds where they were met.", _crowds(sketch)),
        ("dyads", "Who met whom; hostility grows with the share of the events.", _dyads(sketch)),
        ("triggers", "What set it off is not in a table of events: one pulse of salience per place"
         " on the\n# day of its first event; none from the held-out days. Put announcements,"
         " verdicts,\n# killings here instead.",
         _triggers(sketch)),
        ("decisions", "Orders of restraint: those recorded before the held-out days by their day,"
         " else by\n# the rule.",
         _decisions(sketch)),
        ("observables", "First two thirds of the days to calibrate on, the rest held out.",
         observables(sketch)),
    )  # fmt: skip
    for key, comment, rows in sections:
        if rows:
            lines += ["", f"# {comment}", f"{key}:"]
            lines += [f"  - {flow(row)}" for row in rows]
    lines += [
        "",
        "variants:",
        "  no_reprisals: {title: Nobody answers, set: {reprisal_ratio: 0}}",
        "  all_obey: {title: Every order is obeyed, set: {compliance: 1}}",
    ]
    return "\n".join(lines) + "\n"


def _check_that_something_can_happen(sketch: Sketch) -> None:
    if not sketch.pairs:
        raise ValueError(
            "no event of force names two parties, so nobody could meet anybody; expected the "
            "columns actor and target in the table (import --columns), or actors in the statements"
        )
    if not _triggers(sketch):
        raise ValueError(
            f"no event of force lies before the held-out days, which begin {sketch.cut.date()}; "
            "expected an earlier --start or a later --end"
        )


def _summary(sketch: Sketch) -> str:
    places = ", ".join(sketch.evidence.places[p].name for p in sketch.places[:3])
    more = f" and {len(sketch.places) - 3} more places" if len(sketch.places) > 3 else ""
    return f"{len(sketch.events)} reported events in {places}{more}; a draft."


def _places(sketch: Sketch) -> list[dict[str, Any]]:
    rows = []
    held = {
        place
        for party, kind in sketch.parties.items()
        if kind == "security"
        for place in sketch.stands.get(party, [])
    }
    for place in sketch.places:
        entry = sketch.evidence.places[place]
        row: dict[str, Any] = {"id": place, "name": entry.name, "authority": 0.5}
        if entry.latitude is not None and entry.longitude is not None:
            row |= {"latitude": entry.latitude, "longitude": entry.longitude}
        if place in held:
            # A security force fights only where it stands, and stands there at first or never.
            row |= {"security_presence": 0.3, "security_garrison": 0.2}
        rows.append(row | {"source": [GUESS]})
    return rows


def _leader(party: str) -> str:
    return f"{party[:52]}_leader"


def _factions(sketch: Sketch) -> list[dict[str, Any]]:
    rows = []
    for party, kind in sketch.parties.items():
        row: dict[str, Any] = {
            "id": party, "name": sketch.evidence.actors[party].name[:400], "kind": kind,
        }  # fmt: skip
        stands = sketch.stands.get(party, [])
        if kind == "armed" and stands:
            row["leader"] = {"id": _leader(party), "name": f"Leadership of {row['name']}"[:400]}
        if kind in FIGHTERS and stands:
            row["forces"] = [
                {"place": place, "fighters": FIGHTERS[kind], "source": [GUESS]} for place in stands
            ]
        rows.append(row)
    return rows


def _crowds(sketch: Sketch) -> list[dict[str, Any]]:
    start = sketch.start.isoformat()
    rows: list[dict[str, Any]] = []
    for party, kind in sketch.parties.items():
        if kind == "movement":
            rows += [
                {"id": f"crowd_{len(rows) + number}", "faction": party, "place": place,
                 "turnout": [100, 1000], "gathers": {"earliest": start, "latest": start},
                 "source": [GUESS]}
                for number, place in enumerate(sketch.stands.get(party, []), 1)
            ]  # fmt: skip
    return rows


def _dyads(sketch: Sketch) -> list[dict[str, Any]]:
    most = max(sketch.pairs.values(), default=1)
    return [
        {"between": list(pair), "hostility": round(0.3 + 0.6 * count / most, 2),
         "source": [f"{GUESS}: they met in {count} reported events"]}
        for pair, count in sketch.pairs.most_common()
    ]  # fmt: skip


def _at(one: Happening, most_h: float) -> tuple[datetime, datetime]:
    """The reported window of something, or its first `most_h` hours."""
    window = one.statement.window
    assert window.earliest is not None and window.latest is not None
    return window.earliest, min(window.latest, window.earliest + timedelta(hours=most_h))


def _triggers(sketch: Sketch) -> list[dict[str, Any]]:
    rows = []
    for number, place in enumerate(sketch.places, 1):
        first = sketch.beginning(place)
        if first is None or sketch.is_held_out(first):
            continue  # a trigger there would tell the model where and when the held-out days turn
        day, latest = _at(first, 12)
        rows.append(
            {"id": f"beginning_{number}", "title": f"It begins in "
             f"{sketch.evidence.places[place].name}"[:400],
             "at": {"earliest": day.isoformat(), "latest": latest.isoformat()},
             "places": [place], "salience": 1,
             "source": [first.statement.id, f"{GUESS}: the salience and the hour"]}
        )  # fmt: skip
    return rows


def _decisions(sketch: Sketch) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for party, kind in sketch.parties.items():
        if kind != "armed" or not sketch.stands.get(party):
            continue
        ordered = [
            one
            for one in sketch.events
            if one.statement.actor == party
            and not sketch.is_held_out(one)
            and one.statement.plover is not None
            and (one.statement.plover.type, one.statement.plover.mode)
            in (("RETREAT", "ceasefire"), ("RETREAT", "withdraw"))
        ]
        row: dict[str, Any] = {
            "id": f"restraint_{party[:45]}", "leader": _leader(party), "order": "restrain",
            "mode": "endogenous", "source": [GUESS],
        }  # fmt: skip
        if ordered:
            first = ordered[0]
            earliest, latest = _at(first, 24)
            row |= {"mode": "scripted", "window": {
                "earliest": earliest.isoformat(), "latest": latest.isoformat()},
                "source": [first.statement.id, f"{GUESS}: the hour"]}  # fmt: skip
        rows.append(row)
    return rows
