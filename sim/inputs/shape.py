"""The shape a pydantic model asks of the data, followed along the location of an error.

Pydantic puts tags and names of union members into an error's location; only the model's own core
schema tells them from keys of the data. Followed here, it also gives the keys permitted and the
range of a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]
"""One node of a pydantic core schema."""


@dataclass(frozen=True)
class Spot:
    """Where in the data an error stands, and what was asked for there.

    Attributes:
        loc: the keys and indices that lead there, tags and union members left out.
        schemas: what may stand there; several for a union, none where it is not known.
        union: the length of `loc` at the outermost untagged union on the way, or None.
        member: the name pydantic gives to the member of that union.
    """

    loc: tuple[str | int, ...]
    schemas: tuple[Schema, ...]
    union: int | None = None
    member: str | None = None


class Shape:
    """The core schema of a model, with its references resolved."""

    def __init__(self, model_class: type[BaseModel]) -> None:
        self.root: Schema = model_class.__pydantic_core_schema__
        self.definitions: dict[str, Schema] = {}
        self._collect(self.root)

    def _collect(self, node: object) -> None:
        """Remembers every schema that others refer to by name."""
        if isinstance(node, Mapping):
            if isinstance(node.get("ref"), str) and "type" in node:
                self.definitions[node["ref"]] = node
            for key, inner in node.items():
                if key not in ("metadata", "serialization", "config", "default", "cls"):
                    self._collect(inner)
        elif isinstance(node, (list, tuple)):
            for inner in node:
                self._collect(inner)

    def spot(self, loc: Sequence[str | int]) -> Spot:
        """Follows the location of a pydantic error through the schema."""
        schemas = self.bare([self.root])
        path: list[str | int] = []
        union, member = None, None
        for part in loc:
            if part == "[key]":
                schemas = []
                continue
            tagged = [s["choices"] for s in schemas if s["type"] == "tagged-union"]
            choices = [choice for s in schemas if s["type"] == "union" for choice in s["choices"]]
            if tagged:
                schemas = self.bare(_tagged(tagged, part))
            elif choices:
                if union is None:
                    union, member = len(path), str(part)
                schemas = self.bare(self._members(choices, str(part)))
            else:
                path.append(part)
                schemas = self.bare(_inside(schemas, part))
        return Spot(tuple(path), tuple(schemas), union, member)

    def keys(self, schemas: Iterable[Schema]) -> list[str]:
        """The keys that a mapping of these shapes may have, as users write them."""
        names: list[str] = []
        for schema in self.bare(schemas):
            if schema["type"] in ("model-fields", "typed-dict"):
                names += [_written(name, field) for name, field in schema["fields"].items()]
        return list(dict.fromkeys(names))

    def bare(self, schemas: Iterable[Schema]) -> list[Schema]:
        """The schemas without the wrappers (defaults, validators, references) that ask nothing."""
        result: list[Schema] = []
        waiting = list(schemas)
        while waiting:
            schema = waiting.pop(0)
            kind = schema["type"]
            if kind == "definition-ref":
                target = self.definitions.get(schema["schema_ref"])
                waiting[:0] = [target] if target is not None else []
            elif kind == "chain":
                waiting[:0] = schema["steps"][:1]
            elif kind in ("lax-or-strict", "json-or-python"):
                waiting.insert(0, schema.get("lax_schema") or schema["python_schema"])
            elif isinstance(schema.get("schema"), Mapping):
                waiting.insert(0, schema["schema"])
            else:
                result.append(schema)
        return result

    def _members(self, choices: list[Any], name: str) -> list[Schema]:
        """The members of an untagged union that pydantic calls `name`; all if none is known."""
        plain = [c if isinstance(c, Mapping) else c[0] for c in choices]
        named = [
            (schema, label if label is not None else self._name(schema))
            for schema, label in zip(
                plain, [None if isinstance(c, Mapping) else c[1] for c in choices], strict=True
            )
        ]
        exact = [schema for schema, label in named if label == name]
        words = set(re.findall(r"[\w-]+", name))
        return exact or [schema for schema, label in named if label in words] or plain

    def _name(self, schema: Schema) -> str:
        """Roughly what pydantic calls a member of a union: its class, or its type."""
        while "cls" not in schema:
            if schema["type"] == "definition-ref":
                schema = self.definitions[schema["schema_ref"]]
            elif isinstance(schema.get("schema"), Mapping):
                schema = schema["schema"]
            else:
                return str(schema["type"])
        return str(schema["cls"].__name__)


def _tagged(unions: list[Mapping[Any, Any]], tag: str | int) -> list[Schema]:
    """The members of tagged unions that `tag` selects."""
    found: list[Schema] = []
    for choices in unions:
        chosen: Any = {str(key): schema for key, schema in choices.items()}.get(str(tag))
        if chosen is not None and not isinstance(chosen, Mapping):
            chosen = choices.get(chosen)  # One tag may stand for another.
        if chosen is not None:
            found.append(chosen)
    return found


def _inside(schemas: Iterable[Schema], part: str | int) -> list[Schema]:
    """What may stand at a key or an index of values of these shapes."""
    found: list[Schema | None] = []
    for schema in schemas:
        kind = schema["type"]
        if kind in ("model-fields", "typed-dict"):
            found += [
                field["schema"]
                for name, field in schema["fields"].items()
                if part in (name, _written(name, field))
            ]
        elif kind == "dict":
            found.append(schema.get("values_schema"))
        elif kind == "tuple" and isinstance(part, int):
            items = schema["items_schema"]
            variadic = schema.get("variadic_item_index")
            place = part if variadic is None else min(part, variadic)
            found.append(items[place] if place < len(items) else None)
        elif kind in ("list", "set", "frozenset"):
            found.append(schema.get("items_schema"))
    return [schema for schema in found if schema is not None]


def _written(name: str, field: Schema) -> str:
    """The key of a field in a file: its alias where it has a plain one, else its name."""
    alias = field.get("validation_alias")
    return alias if isinstance(alias, str) else name
