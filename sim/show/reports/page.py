"""The page of the report family: one self-contained file without script, all text escaped."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape
from PIL import Image

from sim.compare.words import plain

TEMPLATES = Path(__file__).with_name("templates")


def render(template: str, **content: Any) -> str:
    """Fill a template of the report family: autoescaped, and an undefined name is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(name=isolate, plain=plain, image=data_uri, extent=extent)
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    return environment.get_template(template).render(css=Markup(css), **content)


def isolate(text: object) -> Markup:
    """Text from a file, escaped and kept from turning round what stands beside it."""
    return Markup("<bdi>") + escape(text) + Markup("</bdi>")


def data_uri(path: Path) -> str:
    """An SVG or PNG file as a data URI."""
    kind = "image/svg+xml" if path.suffix == ".svg" else "image/png"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def extent(path: Path) -> tuple[int, int]:
    """Width and height of an image in pixels, so that a page keeps its place while it loads."""
    with Image.open(path) as image:
        return image.size


def manifest_facts(manifest: Any) -> dict[str, str]:
    """The manifest's entries in words, in its order; nested ones as ``name value`` pairs."""
    if is_dataclass(manifest) and not isinstance(manifest, type):
        manifest = asdict(manifest)
    found: dict[str, str] = {}
    for key, value in dict(manifest or {}).items():
        if isinstance(value, Mapping):
            said = ", ".join(f"{k} {v}" for k, v in value.items()) or "none"
        elif isinstance(value, list | tuple):
            said = json.dumps(value, ensure_ascii=False)
        else:
            said = "none" if value in (None, "") else str(value)
        found[str(key)] = said
    return found
