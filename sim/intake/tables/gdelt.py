"""The format of GDELT 2.0 events: 61 columns by tabs, no header, no tolls, machine coded."""

from __future__ import annotations

from sim.intake.tables.fields import Cells
from sim.intake.tables.formats import LONGEST_NAME, Format
from sim.intake.tables.mapping import Mapping
from sim.intake.tables.record import Record, Somebody, Somewhere

_ACTOR = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code "
_ACTOR += "Type2Code Type3Code"
_GEO = "Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID"
COLUMNS = [
    *["GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"],
    *(f"Actor{n}{part}" for n in (1, 2) for part in _ACTOR.split()),
    *["IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"],
    *["NumMentions", "NumSources", "NumArticles", "AvgTone"],
    *(f"{who}Geo_{part}" for who in ("Actor1", "Actor2", "Action") for part in _GEO.split()),
    *["DATEADDED", "SOURCEURL"],
]
"""Columns in their order, from the public codebook."""

SECTORS = {
    "GOV": "GOV", "MIL": "MIL", "COP": "COP", "JUD": "JUD", "LEG": "LEG", "PTY": "PTY",
    "REB": "REB", "INS": "REB", "SEP": "REB", "UAF": "UAF", "CVL": "CVL", "CRM": "CRM",
    "IGO": "IGO", "NGO": "NGO", "MED": "JRN", "OPP": "PTY",
}  # fmt: skip


def read(cells: Cells, mapping: Mapping) -> Record:
    """One row. Raises DropError."""
    day = cells.day("sqldate")
    code = cells.text("eventcode")
    mentions = cells.text("nummentions") or "?"
    return Record(
        row_id=cells.row_id,
        line=cells.line,
        first=day,
        last=day,
        address=_address(cells),
        latitude=cells.degrees("actiongeo_lat", 90),
        longitude=cells.degrees("actiongeo_long", 180),
        actor=_party(cells, "actor1"),
        target=_party(cells, "actor2"),
        kind=code,
        rung=mapping.rung(code),
        notes=[f"Machine coded, CAMEO {code}, {mentions} mentions."],
    )


def _address(cells: Cells) -> tuple[Somewhere, ...]:
    """The full name is 'town, province, country' or less, by its number of parts."""
    parts = [part.strip() for part in cells.text("actiongeo_fullname").split(",") if part.strip()]
    if not parts:
        country = cells.text("actiongeo_countrycode")
        return (Somewhere("country", country[:LONGEST_NAME]),) if country else ()
    kinds = ("country", "province", "city")
    steps = list(zip(kinds, reversed(parts), strict=False))
    return tuple(Somewhere(kind, name[:LONGEST_NAME]) for kind, name in steps)


def _party(cells: Cells, who: str) -> Somebody | None:
    name = cells.text(who + "name") or cells.text(who + "code")
    if not name:
        return None
    return Somebody(name, SECTORS.get(cells.text(who + "type1code"), "UAF"))


FORMAT = Format(
    name="gdelt",
    outlet="GDELT 2.0 events",
    licence="free with citation of the GDELT Project",
    required=("globaleventid", "sqldate", "eventcode"),
    positions={len(COLUMNS): COLUMNS},
    id_column="globaleventid",
    dates=("sqldate",),
    read=read,
    never_header=True,
)
