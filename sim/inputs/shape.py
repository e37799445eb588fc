"""The shape that a form asks of the data, followed along the location of an error.

Pydantic puts the tags of unions into an error's location; the form's JSON Schema tells them from
keys of the data, and gives the keys permitted and the range of a number. A union whose members
differ in kind is tagged by a function; each member then carries its tag as its title.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]
"""One node of a JSON Schema."""


@dataclass(frozen=True)
class Spot:
    """Where in the data an error stands, and what was asked for there.

    Attributes:
        loc: the keys and indices that lead there, tags left out.
        schemas: what may stand there; none where it is not known.
    """

    loc: tuple[str | int, ...]
    schemas: tuple[Schema, ...]


class Shape:
    """The JSON Schema of a form, with its references resolved."""

    def __init__(self, model_class: type[BaseModel]) -> None:
        self.root: Schema = model_class.model_json_schema()
        self.definitions: Mapping[str, Schema] = self.root.get("$defs", {})

    def spot(self, loc: Sequence[str | int]) -> Spot:
        """Follows the location of a pydantic error through the schema."""
        schemas = self.bare([self.root])
        path: list[str | int] = []
        for part in loc:
            if part == "[key]":
                schemas = []
                continue
            unions = [schema for schema in schemas if "oneOf" in schema]
            if unions:
                schemas = self.bare(s for union in unions for s in self._tagged(union, str(part)))
            else:
                path.append(part)
                schemas = self.bare(_inside(schemas, part))
        return Spot(tuple(path), tuple(schemas))

    def keys(self, schemas: Iterable[Schema]) -> list[str]:
        """The keys that a mapping of these shapes may have, as users write them."""
        names = [name for schema in self.bare(schemas) for name in schema.get("properties", {})]
        return list(dict.fromkeys(names))

    def bare(self, schemas: Iterable[Schema]) -> list[Schema]:
        """The schemas behind references and optional values; ``nothing`` asks nothing."""
        result: list[Schema] = []
        waiting = list(schemas)
        while waiting:
            schema = waiting.pop(0)
            if "$ref" in schema:
                waiting.insert(0, self.definitions[schema["$ref"].rpartition("/")[2]])
            elif "anyOf" in schema:
                waiting[:0] = [one for one in schema["anyOf"] if one.get("type") != "null"]
            else:
                result.append(schema)
        return result

    def members(self, union: Schema) -> list[Schema]:
        """What a tagged union may be."""
        return self.bare(union["oneOf"])

    def _tagged(self, union: Schema, tag: str) -> list[Schema]:
        """The member of a tagged union that `tag` selects."""
        named = union.get("discriminator", {}).get("mapping", {})
        if tag in named:
            return [{"$ref": named[tag]}]
        return [schema for schema in self.members(union) if schema.get("title") == tag]


def _inside(schemas: Iterable[Schema], part: str | int) -> list[Schema]:
    """What may stand at a key or an index of values of these shapes."""
    found: list[Schema | None] = []
    for schema in schemas:
        if isinstance(part, str):
            found.append(schema.get("properties", {}).get(part))
            found += schema.get("patternProperties", {}).values()
            other = schema.get("additionalProperties")
            found.append(other if isinstance(other, Mapping) else None)
        else:
            items = schema.get("prefixItems", [])
            found.append(items[part] if part < len(items) else schema.get("items"))
    return [schema for schema in found if schema is not None]
