"""A single value as a user types it on the command line or in a table: what YAML would read."""

from __future__ import annotations

from typing import Any

import yaml

from sim.inputs.scalars import plain_value


class _Loader(yaml.SafeLoader):
    """Reads plain scalars as scenario files do: `off` and `no` stay words."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 (PyYAML's own form)


def _scalar(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    return plain_value(node.value) if node.style is None else node.value


_Loader.add_constructor("tag:yaml.org,2002:str", _scalar)


def read_value(text: str) -> Any:
    """The value of a text; raises ValueError where it cannot be read."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError:
        raise ValueError(f"'{text}' cannot be read") from None
