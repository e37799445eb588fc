"""The registries of an imported table: its places with their coordinates, its parties."""

from __future__ import annotations

from typing import Any

from sim.intake.fields import plain
from sim.intake.naming import Names
from sim.intake.record import Record, Somebody, Somewhere

NOWHERE = (Somewhere("region", "Place not given"),)


class Registries:
    """Places and actors in the order in which a table names them.

    Attributes:
        places, actors: rows for `places.yaml` and `actors.yaml`, by id.
    """

    def __init__(self) -> None:
        self.places: dict[str, dict[str, Any]] = {}
        self.actors: dict[str, dict[str, Any]] = {}
        self._place_names, self._actor_names = Names("place"), Names("party")

    def place(self, record: Record) -> str:
        """The id of the place of a record; its larger places are entered too."""
        steps = record.address or NOWHERE
        within: str | None = None
        for depth, step in enumerate(steps):
            # Spellings of one name that differ by diacritics are one place.
            key = tuple(plain(s.name) or s.name for s in steps[: depth + 1])
            name, new = self._place_names.name(key, step.name, step.kind)
            if new:
                self.places[name] = {"id": name, "name": step.name[:600], "kind": step.kind}
                if within is not None:
                    self.places[name]["within"] = within
            within = name
        assert within is not None
        entry = self.places[within]
        if record.latitude is not None and record.longitude is not None:
            # The first row wins: coordinates of one name differ only in their last digits.
            entry.setdefault("latitude", record.latitude)
            entry.setdefault("longitude", record.longitude)
        return within

    def actor(self, somebody: Somebody) -> str:
        """The id of a party."""
        key = plain(somebody.name) or somebody.name
        name, new = self._actor_names.name(key, somebody.name)
        if new:
            self.actors[name] = {
                "id": name, "name": somebody.name[:600], "sector": somebody.sector,
            }  # fmt: skip
        return name
