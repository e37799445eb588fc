"""A draft: the first scenario of a timeline, commented, every number with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sim.intake.drafts.draft_decisions import (
    FIGHTERS,
    GUESS,
    check_orders,
    decisions_of,
    first_hours,
    leader_of,
    order_variants,
)
from sim.intake.drafts.draft_observables import observables
from sim.intake.drafts.draft_parameters import LearnedFacts, free_rows, live_settings
from sim.intake.drafts.draft_yaml import MARGIN, comment, entry, item_lines
from sim.intake.drafts.given_order import GivenOrder
from sim.intake.drafts.sketch import Sketch

SCHEMA_LINE = "# yaml-language-server: $schema={schema}"
PRESENCE, GARRISON = 0.3, 0.2
"""Share of the security forces at a place at first, and always."""


def draft_text(
    name: str,
    sketch: Sketch,
    evidence_path: str,
    schema: str,
    learned: LearnedFacts,
    orders: Sequence[GivenOrder] = (),
) -> str:
    """The scenario file.

    Args:
        name: of the scenario, an identifier.
        evidence_path: the timeline's folder relative to the scenario's.
        schema: where the JSON Schema stands, relative to the scenario.
        learned: what reported episodes taught, for the priors of what keeps a draft alive.
        orders: orders given beside those that the timeline records.

    Raises:
        ValueError: nothing could ever happen in the scenario, and why.
        InputError: an order of a party, or on a day, that the draft does not have.
    """
    _check_that_something_can_happen(sketch)
    check_orders(sketch, orders)
    last = (sketch.end - timedelta(days=1)).date()
    title = f"{name.replace('_', ' ').capitalize()}, {sketch.start.date()} to {last}"
    lines = [
        SCHEMA_LINE.format(schema=schema),
        "# Written by 'new' from a timeline. Places, parties, days and tolls are the timeline's;",
        "# every strength, hostility and salience is a first guess and says so. Change them, then:",
        "# check, run, calibrate, validate.",
        *(line for text in sketch.left_out for line in comment(f"Left out: {text}.")),
        *entry("name", name),
        *entry("title", title),
        *entry("summary", _summary(sketch)),
        *entry("evidence", evidence_path),
        "# priors: FILE  # a file of the command priors, relative to this one",
        *entry("clock", {"start": sketch.start.isoformat(), "end": sketch.end.isoformat(),
                         "step_h": 1}),
    ]  # fmt: skip
    decisions = decisions_of(sketch, orders)
    sections: tuple[tuple[str, str, list[dict[str, Any]]], ...] = (
        ("places", "authority: how strongly the state holds a place, 0 to 1; presence and garrison:"
         " share of the security forces there at first and always.", _places(sketch)),
        ("factions", "Fighters where a party was met; none of these numbers is reported.",
         _factions(sketch, orders)),
        ("crowds", "Unarmed parties stand as crowds where they were met.", _crowds(sketch)),
        ("dyads", "Who met whom; hostility grows with the share of the events.", _dyads(sketch)),
        ("triggers", "What set it off is not in a table of events: one pulse of salience per place"
         " on the day of its first event; none from the held-out days. Put announcements,"
         " verdicts, killings here instead.", _triggers(sketch)),
        ("decisions", "Orders of restraint: those given to the command or recorded before the"
         " held-out days by their day, else by the rule.", decisions),
    )  # fmt: skip
    for key, words, rows in sections:
        if rows:
            lines += ["", *comment(words), f"{key}:"]
            lines += [line for row in rows for line in item_lines(row, 2)]
    lines += _parameters(sketch, decisions, learned)
    lines += ["", *comment(_parts_in_words(sketch)), "observables:"]
    lines += [line for row in observables(sketch) for line in item_lines(row, 2)]
    lines += [
        "",
        "variants:",
        "  no_reprisals: {title: Nobody answers, set: {reprisal_ratio: 0}}",
        "  all_obey: {title: Every order is obeyed, set: {compliance: 1}}",
        *order_variants(decisions),
    ]
    return "\n".join(lines) + "\n"


def _parts_in_words(sketch: Sketch) -> str:
    cut = (sketch.cut - timedelta(days=1)).date()
    if sketch.told_until is None:
        return f"First two thirds of the days to calibrate on, to {cut}; the rest held out."
    return f"The days to {cut} to calibrate on, the rest held out."


def _check_that_something_can_happen(sketch: Sketch) -> None:
    if not sketch.pairs:
        before = "" if sketch.told_until is None else " up to the cut"
        raise ValueError(
            f"no event of force{before} names two parties, so nobody could meet anybody; expected "
            "the columns actor and target in the table (import --columns), or actors in the "
            "statements"
        )
    if not _triggers(sketch):
        raise ValueError(
            f"no event of force lies before the held-out days, which begin {sketch.cut.date()}; "
            "expected an earlier --start or a later --end"
        )


def _parameters(
    sketch: Sketch, decisions: Sequence[Mapping[str, Any]], learned: LearnedFacts
) -> list[str]:
    """The section of parameters: what is switched on, then every other free one as a comment."""
    live = live_settings(
        learned, sketch.days, _contact(sketch), bool(decisions),
        any(row["mode"] == "scripted" for row in decisions), sketch.has_wounded,
    )  # fmt: skip
    lines = ["", *comment(
        "What keeps the draft alive after its triggers: each of these is off unless it stands "
        "here. The free parameters that are not set stand below as comments with their priors; "
        "take the # away to change one."
    ), "parameters:"]  # fmt: skip
    lines += [line for name, setting in live.items() for line in entry(name, setting, 2)]
    leaders = sorted({str(row["leader"]) for row in decisions})
    for name, setting in free_rows(leaders, live):
        lines += [f"  # {line}" for line in entry(name, setting, margin=MARGIN - 4)]
    return lines


def _contact(sketch: Sketch) -> float:
    """Hostility times contact of the pair that met most, over its places, in times of quiet."""
    first, second = sketch.pairs.most_common(1)[0][0]
    both = set(sketch.stands.get(first, [])) & set(sketch.stands.get(second, []))
    share = 1.0
    for party in (first, second):
        if sketch.parties[party] == "security":
            share *= GARRISON
    return _hostility(sketch, sketch.pairs[first, second]) * share * max(1, len(both))


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
            row |= {"security_presence": PRESENCE, "security_garrison": GARRISON}
        rows.append(row | {"source": [GUESS]})
    return rows


def _factions(sketch: Sketch, orders: Sequence[GivenOrder]) -> list[dict[str, Any]]:
    ordered = {one.party for one in orders}
    rows = []
    for party, kind in sketch.parties.items():
        row: dict[str, Any] = {
            "id": party, "name": sketch.evidence.actors[party].name[:400], "kind": kind,
        }  # fmt: skip
        stands = sketch.stands.get(party, [])
        if stands and (kind == "armed" or party in ordered):
            row["leader"] = {"id": leader_of(party), "name": f"Leadership of {row['name']}"[:400]}
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


def _hostility(sketch: Sketch, count: int) -> float:
    return round(0.3 + 0.6 * count / max(sketch.pairs.values(), default=1), 2)


def _dyads(sketch: Sketch) -> list[dict[str, Any]]:
    return [
        {"between": list(pair), "hostility": _hostility(sketch, count),
         "source": [f"{GUESS}: they met in {count} reported events"]}
        for pair, count in sketch.pairs.most_common()
    ]  # fmt: skip


def _triggers(sketch: Sketch) -> list[dict[str, Any]]:
    rows = []
    for number, place in enumerate(sketch.places, 1):
        first = sketch.beginning(place)
        if first is None or sketch.is_held_out(first):
            continue  # a trigger there would tell the model where and when the held-out days turn
        day, latest = first_hours(first, 12)
        rows.append(
            {"id": f"beginning_{number}", "title": f"It begins in "
             f"{sketch.evidence.places[place].name}"[:400],
             "at": {"earliest": day.isoformat(), "latest": latest.isoformat()},
             "places": [place], "salience": 1,
             "source": [first.statement.id, f"{GUESS}: the salience and the hour"]}
        )  # fmt: skip
    return rows
