"""Event logs in columns like ACLED's, so that tools made for reported events read simulated ones.

Column names, event types and sub-event types follow ACLED's public codebook; the ids begin with
SIM, because no event here was observed. As in ACLED, actor1 is not always the side that began:
the notes say where nobody is known to have.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from sim.ensemble.ensemble import Ensemble, local_time
from sim.scenario.schema import Scenario

COLUMNS = (
    "event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1",
    "actor2", "location", "latitude", "longitude", "fatalities", "notes",
)  # fmt: skip

_CHANGE = ("Strategic developments", "Change to group/activity")
_OTHER = ("Strategic developments", "Other")

EVENT_TYPES: dict[str, tuple[str, str]] = {
    "clash": ("Battles", "Armed clash"),
    "barrage": ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
    "push": ("Protests", "Protest with intervention"),
    "breach": ("Riots", "Mob violence"),
    "crowd": ("Protests", "Peaceful protest"),
    "order": _CHANGE,
    "mobilisation": _CHANGE,
    "security_deployment": _CHANGE,
    "stand_down": _CHANGE,
    "trigger": _OTHER,
    "report": _OTHER,
}


def acled_events(ensemble: Ensemble, replicate: int) -> pd.DataFrame:
    """The log of one replicate, one row per event in order, columns `COLUMNS`."""
    log = ensemble.events
    if log is None or replicate not in set(log["replicate"]):
        raise KeyError(f"no log is kept of replicate {replicate}")
    return acled_rows(log[log["replicate"] == replicate], ensemble.scenario)


def acled_rows(log: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """The log of one replicate in columns `COLUMNS`, one row per event in order."""
    places = {place.id: place for place in scenario.places}
    names = {faction.id: faction.name for faction in scenario.factions}
    kinds = dict(zip(log["event"], log["kind"], strict=True))
    rows = []
    events: Iterable[Any] = log.itertuples(index=False)
    for event in events:
        place = places.get(str(event.place))
        moment = local_time(scenario.clock, event.time)
        event_type, sub_type = EVENT_TYPES.get(str(event.kind), _OTHER)
        rows.append(
            (
                f"SIM{event.replicate}-{event.event}",
                f"{moment:%Y-%m-%d}",
                1,
                event_type,
                sub_type,
                *(names.get(one, one) for one in _pair(event)),
                place.name if place is not None else "",
                place.latitude if place is not None else None,
                place.longitude if place is not None else None,
                int(event.dead_a + event.dead_b),
                _notes(event, moment, kinds),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _pair(event: Any) -> tuple[str, str]:
    """Who acted and on whom; for a clash that nobody is known to have begun, its two sides."""
    if event.actor or not event.side_a:
        return str(event.actor), str(event.target)
    return str(event.side_a), str(event.side_b)


def _notes(event: Any, moment: pd.Timestamp, kinds: dict[int, str]) -> str:
    """Local time, kind, wounded and cause, as ``key=value`` pairs."""
    cause = int(event.cause)
    pairs = [
        f"time={moment.isoformat()}",
        f"kind={event.kind}",
    ]
    if event.subject:
        pairs.append(f"subject={event.subject}")
    if event.side_a and not event.actor:
        pairs.append("begun by=nobody known")
    if event.wounded > 0:
        pairs.append(f"wounded={event.wounded:g}")
    if cause >= 0:
        pairs.append(f"cause=SIM{event.replicate}-{cause} ({kinds.get(cause, '?')})")
    else:
        pairs.append("cause=none")
    return "; ".join(pairs)
