"""What a schema asks for, in plain words: types, permitted names and permitted ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.inputs.shape import Schema, Shape

MAX_NAMES = 20
"""A message lists no more permitted names than this; the rest are counted."""

_WORDS = {
    "str": "text",
    "bool": "true or false",
    "none": "nothing",
    "datetime": "a date and time with its offset, such as 2022-08-29T15:00+03:00",
    "date": "a date such as 2022-08-29",
    "time": "a time of day such as 15:00",
    "timedelta": "a duration such as PT2H",
    "dict": "a mapping",
    "model-fields": "a mapping",
    "typed-dict": "a mapping",
    "url": "a web address",
}


def one_of(names: Iterable[object]) -> str:
    """`one of a, b, c`, or the name itself where there is but one."""
    listed = [str(name) for name in names]
    more = len(listed) - MAX_NAMES
    text = ", ".join(listed[:MAX_NAMES])
    if more > 0:
        text += f" and {more} more"
    return f"one of {text}" if len(listed) > 1 else f"'{text}'"


def members(schemas: Iterable[Schema]) -> list[str]:
    """The names that literals and enumerations among the schemas permit."""
    names: list[str] = []
    for schema in schemas:
        if schema["type"] == "literal":
            names += [str(value) for value in schema["expected"]]
        elif schema["type"] == "enum":
            names += [str(member.value) for member in schema["members"]]
    return names


def wanted(shape: Shape, schemas: Iterable[Schema], depth: int = 3) -> str | None:
    """What may stand where these schemas apply, or None if they cannot say."""
    words: list[str] = []
    for schema in shape.bare(schemas):
        text = _wanted_by_one(shape, schema, depth)
        if text is None:
            return None
        words.append(text)
    return " or ".join(dict.fromkeys(words)) or None


def _wanted_by_one(shape: Shape, schema: Schema, depth: int) -> str | None:
    kind = schema["type"]
    if kind in ("int", "float"):
        return _number(schema)
    if kind in ("literal", "enum"):
        return one_of(members([schema]))
    if kind in ("list", "set", "frozenset", "tuple"):
        return _list(schema)
    if kind == "tagged-union":
        if isinstance(schema["discriminator"], str):
            return f"a mapping whose '{schema['discriminator']}' is {one_of(schema['choices'])}"
        return "a mapping"
    if kind == "union" and depth > 0:
        choices = [c if isinstance(c, Mapping) else c[0] for c in schema["choices"]]
        return wanted(shape, choices, depth - 1)
    if kind == "str":
        return _text(schema)
    return _WORDS.get(kind)


def _number(schema: Schema) -> str:
    noun = "a whole number" if schema["type"] == "int" else "a number"
    limits = {name: _limit(schema[name]) for name in ("ge", "gt", "le", "lt") if name in schema}
    if limits.keys() == {"ge", "le"}:
        return f"{noun} from {limits['ge']} to {limits['le']}"
    phrases = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    told = " and ".join(f"{phrases[name]} {limit}" for name, limit in limits.items())
    if told.startswith("at "):
        told = f"of {told}"
    return f"{noun} {told}" if told else noun


def _limit(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _text(schema: Schema) -> str:
    if schema.get("pattern"):
        pattern = schema["pattern"]
        return f"text of the form {getattr(pattern, 'pattern', pattern)}"
    return "text" + _span(schema, "character")


def _list(schema: Schema) -> str:
    if schema["type"] == "tuple" and schema.get("variadic_item_index") is None:
        return f"a list of {len(schema['items_schema'])} items"
    return "a list" + _span(schema, "item")


def _span(schema: Schema, unit: str) -> str:
    """` of 2 to 3 items`, or nothing where any number will do."""
    low, high = schema.get("min_length"), schema.get("max_length")
    if low and high is not None:
        count, last = (str(low), high) if low == high else (f"{low} to {high}", high)
    elif low:
        count, last = f"at least {low}", low
    elif high is not None:
        count, last = f"at most {high}", high
    else:
        return ""
    return f" of {count} {unit}{'' if last == 1 else 's'}"
