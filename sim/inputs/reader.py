"""A YAML file read into a Document: every fault in it named with its line and column."""

from __future__ import annotations

import contextlib
import copy
import gc
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import yaml

from sim.inputs.document import Document, Position
from sim.inputs.problems import InputError, Problem, in_file_order, shown
from sim.inputs.syntax import SourceText, plain_value, read_source, syntax_problem

MAX_DEPTH = 50
"""Deepest nesting of mappings and lists, aliases written out."""

MAX_VALUES = 200_000
"""Keys and values a file may hold, aliases written out (an alias bomb has billions): what can be
read in a few seconds. An import writes at most 120,000 into a file."""

# The parser of libyaml is about ten times faster; where it is missing PyYAML's own reads the same.
_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class _Built:
    """A value with its place, the number of values in it and how deep it is nested."""

    value: Any
    place: Position
    size: int = 1
    height: int = 0


_NOTHING: Mapping[Any, Any] = MappingProxyType({})
_KINDS = {type(None): "empty", list: "a list", str: "text", bool: "true or false"}


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Hundreds of thousands of small objects, none of them garbage: a search costs a third."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class _StopReadingError(Exception):
    """Nothing that follows in the file could be understood; the problems say why."""


def read_text(text: str, name: str) -> Any:
    """The value of a YAML text that is no file: of any form, by the same rules.

    Raises:
        InputError: as `read_yaml`.
    """
    builder = _TreeBuilder(SourceText(name, text, ""))
    root = builder.document()
    if root is None or builder.problems:
        raise InputError(in_file_order(builder.problems))
    return root.value


def read_yaml(path: str | os.PathLike[str]) -> Document:
    """The mapping in a YAML file, with the position of each key and list item.

    One document per file, by the rules of YAML 1.2 (see `sim.inputs.syntax`); no tags, no merge
    keys, only text as keys, each key once. Infinite and NaN numbers are left to the schema.

    Raises:
        InputError: the file cannot be read or is not such a YAML file; all that could be found
            wrong with it in one go.
    """
    source = read_source(path)
    builder = _TreeBuilder(source)
    with _collector_paused():
        root = builder.document()
    if root is not None and not isinstance(root.value, dict):
        # What stands there is not repeated: the file may be no scenario and not its user's either.
        what = _KINDS.get(type(root.value), "a number")
        builder.report(root.place, f"the top level is {what}", "a mapping (key: value)")
    if root is None or builder.problems:
        raise InputError(in_file_order(builder.problems))
    return Document(root.value, source.path, source.sha256, root.place)


class _TreeBuilder:
    """Builds values from the parser's events and collects the problems on the way."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Built | None] = {}
        self.values = 0
        self.events: Iterator[Any] = iter(())

    def report(self, place: Position, message: str, expected: str | None = None) -> None:
        self.problems.append(Problem(self.source.path, place.line, place.column, message, expected))

    def document(self) -> _Built | None:
        """The one document of the file, or None where there is none to be had."""
        root: _Built | None = None
        try:
            self.events = yaml.parse(self.source.text, Loader=_Parser)
            for event in self.events:
                if isinstance(event, yaml.DocumentStartEvent):
                    if root is not None:
                        message = "a second document begins here"
                        self.report(_place(event), message, "one document per file")
                        break
                    root = self.node(next(self.events), 0)
        except _StopReadingError:
            return None
        except yaml.MarkedYAMLError as error:
            self.problems.append(syntax_problem(self.source, error))
            return None
        except yaml.YAMLError as error:
            self.report(Position(1, 1), f"this is not YAML: {error}", "YAML")
            return None
        if root is None:
            self.report(Position(1, 1), "the file is empty", "keys and values in YAML")
        return root

    def node(self, event: Any, depth: int) -> _Built:
        """The value that begins with `event`, inside `depth` mappings and lists."""
        place = _place(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(str(event.anchor), place, depth)
        if getattr(event, "tag", None) is not None:
            message = f"the tag {shown(event.tag)} is not understood"
            self.report(place, message, "a plain value, in quotes if it is text")
        if event.anchor is not None:
            # Known but not finished: an alias to it from inside would never end.
            self.anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            built = self.scalar(event, place)
        elif depth >= MAX_DEPTH:
            self.too_deep(place)
        elif isinstance(event, yaml.MappingStartEvent):
            built = self.mapping(place, depth)
        else:
            built = self.sequence(place, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = built
        self.count(1, place, "the file holds too much")
        return built

    def count(self, values: int, place: Position, message: str) -> None:
        self.values += values
        if self.values > MAX_VALUES:
            self.problems.clear()  # a hundred thousand slips in it are not what is wrong with it
            self.report(place, message, f"at most {MAX_VALUES:,} keys and values")
            raise _StopReadingError

    def too_deep(self, place: Position) -> None:
        message = f"nested more than {MAX_DEPTH} deep"
        self.report(place, message, f"at most {MAX_DEPTH} levels of mappings and lists")
        raise _StopReadingError

    def scalar(self, event: Any, place: Position) -> _Built:
        if not event.implicit[0]:
            return _Built(event.value, place)
        try:
            return _Built(plain_value(event.value), place)
        except ValueError as error:
            self.report(place, str(error), "a number of ordinary size")
            return _Built(None, place)

    def alias(self, anchor: str, place: Position, depth: int) -> _Built:
        """A copy of the anchored value; its insides keep the positions of the original."""
        if anchor not in self.anchors:
            self.report(place, f"the alias *{anchor} names nothing", f"&{anchor} before it")
            return _Built(None, place)
        target = self.anchors[anchor]
        if target is None:
            message = f"the alias *{anchor} stands inside the value it names"
            self.report(place, message, "a value that ends")
            raise _StopReadingError
        self.count(target.size, place, "the aliases of this file come to too much when written out")
        if depth + target.height > MAX_DEPTH:
            self.too_deep(place)
        here = Position(place.line, place.column, target.place.inside, target.place.keys)
        return _Built(copy.deepcopy(target.value), here, target.size, target.height)

    def sequence(self, place: Position, depth: int) -> _Built:
        items: list[Any] = []
        inside: dict[str | int, Position] = {}
        place.inside = inside
        size, height = 1, 0
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item = self.node(event, depth + 1)
            inside[len(items)] = item.place
            items.append(item.value)
            size += item.size
            height = max(height, item.height)
        return _Built(items, place, size, height + 1)

    def mapping(self, place: Position, depth: int) -> _Built:
        values: dict[str, Any] = {}
        inside: dict[str | int, Position] = {}
        keys: dict[str | int, tuple[int, int]] = {}
        place.inside, place.keys = inside, keys
        size, height = 1, 0
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            plain = isinstance(event, yaml.ScalarEvent) and event.implicit[0]
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            size += key.size + value.size
            height = max(height, key.height, value.height)
            if self.usable(key, plain, place):
                values[key.value] = value.value
                inside[key.value] = value.place
                keys[key.value] = (key.place.line, key.place.column)
        return _Built(values, place, size, height + 1)

    def usable(self, key: _Built, plain: bool, mapping: Position) -> bool:
        """Whether a key can be taken into `mapping`; reports why not."""
        name = key.value
        if not isinstance(name, str):
            self.report(key.place, f"a key is {shown(name)}", "text (put it in quotes)")
        elif plain and name == "<<":
            self.report(key.place, "merge keys (<<) are not understood", "the keys written out")
        elif name in mapping.keys:
            first, _ = mapping.keys[name]
            message = f"duplicate key {shown(name)}, on line {first} and again on {key.place.line}"
            self.report(key.place, message, "each key once")
        else:
            return True
        return False


def _place(event: Any) -> Position:
    # One mapping for all that hold nothing: two of its own for each word double the memory.
    mark = event.start_mark
    return Position(mark.line + 1, mark.column + 1, _NOTHING, _NOTHING)


LONGEST = 100_000
"""Characters of a value; a sweep's list of levels may be long."""

_PLAIN = re.compile(r"[A-Za-z0-9_.+-]+")


def read_value(text: str) -> Any:
    """The value of a text, by the rules of files: no tags, no deep nesting, each key once.

    Raises:
        ValueError: it cannot be read; the message says why.
    """
    if len(text) > LONGEST:
        raise ValueError(f"{len(text):,} characters; expected at most {LONGEST:,}")
    bare = text.strip()
    if _PLAIN.fullmatch(bare) and bare not in ("-", "---", "..."):
        return plain_value(bare)
    if not bare:
        return None
    try:
        return read_text(text, "value")
    except InputError as error:
        first = error.problems[0]
        expected = f"; expected {first.expected}" if first.expected else ""
        raise ValueError(f"{shown(text)} cannot be read: {first.message}{expected}") from None
