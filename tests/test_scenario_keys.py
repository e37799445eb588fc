"""Every key of a scenario file is read by something: no setting is swallowed in silence."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sim.scenario import observable, part, parties, schema
from sim.scenario.part import Part

ROOT = Path(__file__).parent.parent
FORM = {"schema.py", "parties.py", "observable.py", "part.py"}


def parts() -> list[type[Part]]:
    found: dict[str, type[Part]] = {}
    for module in (schema, parties, parties, observable, part):
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Part) and value is not Part:
                found[name] = value
    return list(found.values())


def read_attributes() -> set[str]:
    """Names of all attributes read anywhere in the program outside the form itself."""
    names: set[str] = set()
    for path in (ROOT / "sim").rglob("*.py"):
        if path.parent.name == "scenario" and path.name in FORM:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                names.add(node.attr)
    # the prior families of a setting are read inside the form, by its property ``prior``
    return names | {"value", "uniform", "log_uniform", "scaled_beta", "gamma"}


READ = read_attributes()


@pytest.mark.parametrize("model", parts(), ids=lambda model: model.__name__)
def test_every_key_is_read_outside_the_form(model: type[Part]) -> None:
    unread = [key for key in model.model_fields if key not in READ]
    assert not unread


def test_every_key_has_a_place_in_the_json_schema_with_its_description_or_plain_name() -> None:
    text = (ROOT / "scenarios" / "scenario.schema.json").read_text()
    for model in parts():
        for key in model.model_fields:
            assert f'"{key}"' in text
