"""A document checked against a form: all that is wrong with it, in words, each at its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.inputs.document import Document, Location
from sim.inputs.problems import (
    MAX_PROBLEMS,
    InputError,
    Problem,
    in_file_order,
    nearest,
    printable,
    shown,
)
from sim.inputs.shape import Schema, Shape, Spot

ModelT = TypeVar("ModelT", bound=BaseModel)


def validate(model_class: type[ModelT], document: Document) -> ModelT:
    """The document's data as an instance of a model.

    Raises:
        InputError: one problem for each thing that is wrong, in the order of the file, with its
            line and column, what was expected and the nearest valid name.
    """
    try:
        return model_class.model_validate(document.data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    shape = Shape(model_class)
    # Comparing names takes time: a file of nothing but mistakes must not hold up its user.
    found = [
        _problem(shape, shape.spot(detail["loc"]), dict(detail), document)
        for detail in details[:MAX_PROBLEMS]
    ]
    problems = in_file_order(found)
    if len(details) > MAX_PROBLEMS:
        more = f"and {len(details) - MAX_PROBLEMS} more problems in this file"
        problems.append(Problem(document.path, None, None, more))
    raise InputError(problems) from None


def _problem(shape: Shape, spot: Spot, detail: dict[str, Any], document: Document) -> Problem:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(shape, detail["loc"], spot.loc, document)
    if kind == "missing":
        message = f"missing {_subject(spot.loc, 'key ')}"
        return document.problem(spot.loc[:-1], message, wanted(shape, spot.schemas))
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        tag_problem = _tag(spot, document)
        if tag_problem is not None:
            return tag_problem
    if kind in ("value_error", "assertion_error"):
        said = str(context.get("error") or detail["msg"])
        return document.problem(spot.loc, _about(spot.loc, said))
    return _wrong_value(shape, spot, detail, document)


def _wrong_value(shape: Shape, spot: Spot, detail: dict[str, Any], document: Document) -> Problem:
    value = _value(document.data, spot.loc)
    expected = wanted(shape, spot.schemas)
    if detail["type"] == "finite_number":
        expected = (expected or "a number").replace("number", "finite number", 1)
    if expected is None:
        said = detail["msg"]
        if not said.startswith("Input should be "):
            return document.problem(spot.loc, _about(spot.loc, said))
        expected = said.removeprefix("Input should be ")
    close = nearest(value, members(shape, spot.schemas)) if isinstance(value, str) else None
    if isinstance(value, list) and detail["type"] in ("too_short", "too_long"):
        message = f"{_subject(spot.loc)} is a list of {len(value)}"
    else:
        message = f"{_subject(spot.loc)} is {shown(value)}"
    return document.problem(spot.loc, message, expected, close)


def _unknown_key(
    shape: Shape, error_loc: Location, loc: tuple[str | int, ...], document: Document
) -> Problem:
    name = str(loc[-1])
    keys = shape.keys(shape.spot(error_loc[:-1]).schemas)
    present = _value(document.data, loc[:-1])
    # A key that stands there already was not what the misspelt one meant.
    free = [key for key in keys if not isinstance(present, dict) or key not in present]
    expected = one_of(keys) if keys else "no keys here"
    return document.problem(loc, f"unknown key {shown(name)}", expected, nearest(name, free))


def _tag(spot: Spot, document: Document) -> Problem | None:
    """The problem with the key that says which kind of mapping this is."""
    named = [schema["discriminator"] for schema in spot.schemas if "discriminator" in schema]
    if not named:
        return None
    key = named[0]["propertyName"]
    tags = [str(tag) for discriminator in named for tag in discriminator["mapping"]]
    mapping = _value(document.data, spot.loc)
    if not isinstance(mapping, dict) or key not in mapping:
        return document.problem(spot.loc, f"missing key '{key}'", one_of(tags))
    value = mapping[key]
    close = nearest(value, tags) if isinstance(value, str) else None
    message = f"'{key}' is {shown(value)}"
    return document.problem((*spot.loc, key), message, one_of(tags), close)


def _subject(loc: Location, noun: str = "") -> str:
    """What a message is about: `'compliance'`, `item 2 of 'places'`, `the file`."""
    if not loc:
        return "the file"
    last = loc[-1]
    if isinstance(last, str):
        return f"{noun}{shown(last)}"
    names = [part for part in loc if isinstance(part, str)]
    return f"item {last + 1}" + (f" of {shown(names[-1])}" if names else "")


def _about(loc: Location, said: str) -> str:
    """A validator's own words, with what they are about unless they name it themselves."""
    subject = _subject(loc)
    said = printable(said)
    return said if not loc or subject in said else f"{subject}: {said}"


def _value(data: object, loc: Location) -> object:
    """The value at a location, or None where there is none."""
    for part in loc:
        try:
            data = data[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return data


MAX_NAMES = 20
"""A message lists no more permitted names than this; the rest are counted."""

_WORDS = {
    "string": "text",
    "boolean": "true or false",
    "null": "nothing",
    "object": "a mapping",
    "date-time": "a date and time with its offset, such as 2022-08-29T15:00+03:00",
    "date": "a date such as 2022-08-29",
    "time": "a time of day such as 15:00",
    "duration": "a duration such as PT2H",
    "uri": "a web address",
}


def one_of(names: Iterable[object]) -> str:
    """`one of a, b, c`, or the name itself where there is but one."""
    listed = [str(name) for name in names]
    more = len(listed) - MAX_NAMES
    text = ", ".join(listed[:MAX_NAMES])
    if more > 0:
        text += f" and {more} more"
    return f"one of {text}" if len(listed) > 1 else f"'{text}'"


def members(shape: Shape, schemas: Iterable[Schema]) -> list[str]:
    """The names that literals and enumerations among the schemas permit."""
    names: list[str] = []
    for schema in shape.bare(schemas):
        if "oneOf" in schema:
            names += members(shape, schema["oneOf"])
        names += [str(value) for value in _names(schema)]
    return names


def wanted(shape: Shape, schemas: Iterable[Schema]) -> str | None:
    """What may stand where these schemas apply, or None if they cannot say."""
    words: list[str] = []
    for schema in shape.bare(schemas):
        text = _wanted_by_one(shape, schema)
        if text is None:
            return None
        words.append(text)
    return " or ".join(dict.fromkeys(words)) or None


def _names(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def _wanted_by_one(shape: Shape, schema: Schema) -> str | None:
    if "oneOf" in schema:
        tagged = schema.get("discriminator")
        if tagged:
            return f"a mapping whose '{tagged['propertyName']}' is {one_of(tagged['mapping'])}"
        return wanted(shape, shape.members(schema))
    if _names(schema):
        return one_of(_names(schema))
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return _number(schema)
    if kind == "array":
        return _list(schema)
    if "format" in schema:
        return _WORDS.get(schema["format"], "text")
    if kind == "string":
        return _text(schema)
    return _WORDS.get(str(kind))


LIMITS = {
    "minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most",
    "exclusiveMaximum": "below",
}  # fmt: skip


def _number(schema: Schema) -> str:
    noun = "a whole number" if schema["type"] == "integer" else "a number"
    limits = {name: f"{schema[name]:g}" for name in LIMITS if name in schema}
    if limits.keys() == {"minimum", "maximum"}:
        return f"{noun} from {limits['minimum']} to {limits['maximum']}"
    told = " and ".join(f"{LIMITS[name]} {limit}" for name, limit in limits.items())
    if told.startswith("at "):
        told = f"of {told}"
    return f"{noun} {told}" if told else noun


def _text(schema: Schema) -> str:
    if schema.get("pattern"):
        return f"text of the form {schema['pattern']}"
    return "text" + _span(schema.get("minLength"), schema.get("maxLength"), "character")


def _list(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"a list of {len(schema['prefixItems'])} items"
    return "a list" + _span(schema.get("minItems"), schema.get("maxItems"), "item")


def _span(low: int | None, high: int | None, unit: str) -> str:
    """` of 2 to 3 items`, or nothing where any number will do."""
    if low and high is not None:
        count, last = (str(low), high) if low == high else (f"{low} to {high}", high)
    elif low:
        count, last = f"at least {low}", low
    elif high is not None:
        count, last = f"at most {high}", high
    else:
        return ""
    return f" of {count} {unit}{'' if last == 1 else 's'}"
