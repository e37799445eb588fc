"""A document checked against a form: all that is wrong with it, in words, each at its place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
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
    located = [(shape.spot(detail["loc"]), dict(detail)) for detail in details]
    kept = _without_other_members(located, document)
    # Comparing names takes time: a file of nothing but mistakes must not hold up its user.
    found = [_problem(shape, spot, detail, document) for spot, detail in kept[:MAX_PROBLEMS]]
    problems = in_file_order(found)
    if len(kept) > MAX_PROBLEMS:
        more = f"and {len(kept) - MAX_PROBLEMS} more problems in this file"
        problems.append(Problem(document.path, None, None, more))
    raise InputError(problems) from None


Located = tuple[Spot, dict[str, Any]]


def _without_other_members(located: list[Located], document: Document) -> list[Located]:
    """The errors, those of an untagged union reduced to the member its author had in mind.

    Pydantic reports an error for every member of a union. What was meant is the member that fits
    but for something inside it; if none does, one error at the union itself stands for all.
    """
    unions: dict[tuple[str | int, ...], list[Located]] = defaultdict(list)
    kept: list[Located] = []
    for spot, detail in located:
        if spot.union is None:
            kept.append((spot, detail))
        else:
            unions[spot.loc[: spot.union]].append((spot, detail))
    for loc, errors in unions.items():
        inside = [(spot, detail) for spot, detail in errors if len(spot.loc) > len(loc)]
        if inside and isinstance(_value(document.data, loc), (dict, list)):
            counts = Counter(spot.member for spot, _ in inside)
            meant = min(counts, key=lambda member: counts[member])
            kept += [(spot, detail) for spot, detail in inside if spot.member == meant]
        elif any(detail["type"] in ("value_error", "assertion_error") for _, detail in errors):
            kept += [
                (spot, detail)
                for spot, detail in errors
                if detail["type"] in ("value_error", "assertion_error")
            ]
        else:
            schemas = tuple(schema for spot, _ in errors for schema in spot.schemas)
            kept.append((Spot(loc, schemas), errors[0][1]))
    return kept


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
    close = nearest(value, members(spot.schemas)) if isinstance(value, str) else None
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
    unions = [schema for schema in spot.schemas if schema["type"] == "tagged-union"]
    if not unions or not isinstance(unions[0]["discriminator"], str):
        return None
    key = unions[0]["discriminator"]
    tags = [str(tag) for union in unions for tag in union["choices"]]
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
