"""The JSON Schema of a scenario file, for editors that complete, check and explain keys."""

from __future__ import annotations

import json
from typing import Any

from sim.scenario.parameters import PER_LEADER, ROWS
from sim.scenario.schema import Scenario


def json_schema() -> dict[str, Any]:
    """The schema as a dictionary, parameters with unit, meaning, prior and source."""
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Standdown scenario"
    setting = schema["properties"]["parameters"]["additionalProperties"]
    properties: dict[str, Any] = {}
    patterns: dict[str, Any] = {}
    for row in ROWS:
        described = {
            "allOf": [setting],
            "description": f"{row.meaning} Unit: {row.unit}. Default: {row.prior}. "
            f"Source: {row.source}.",
        }
        if row.name == PER_LEADER:
            patterns[f"^{PER_LEADER}\\.[a-z][a-z0-9_]*$"] = described
        else:
            properties[row.name] = described
    schema["properties"]["parameters"] = {
        "type": "object",
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": False,
    }
    return schema


def schema_text() -> str:
    """The schema as it stands in a file beside scenarios."""
    return json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
