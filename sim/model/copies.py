"""Copies of the rule modules, which call each other and not the originals.

Rules of the user's own take the place of the model's in such copies, so that every caller inside
the model meets them and a kernel can be compiled from them, while the model as it stands goes on
beside. The layout of memory, the random numbers, the log and the book are shared.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

RULE_MODULES = (
    "rules",
    "places",
    "groups",
    "leaders",
    "cells",
    "crowds",
    "causes",
    "fronts",
    "incidents",
    "script",
    "launcher",
    "outlets",
)
"""Whose functions are the rules of the model."""

COPIED = (*RULE_MODULES, "begin", "hour", "kernel")
SHARED = ("layout", "draws", "journal", "book")
"""What rules use besides, the same in every copy."""

HERE = Path(__file__).parent
MODEL = __package__


class Copies:
    """The rule modules once more, under a package name of their own.

    ``package`` is the name, the same for the same rules: compiled code that is kept on disk finds
    its modules by it.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{package}.")]:
            del sys.modules[name]  # of an attempt that failed
        whole = ModuleType(package)
        whole.__path__ = []
        sys.modules[package] = whole

    def module(self, name: str) -> ModuleType:
        """A copied module, made when first asked for, after those that it imports."""
        full = f"{self.package}.{name}"
        if full in sys.modules:
            return sys.modules[full]
        path = HERE / f"{name}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        tree.body = [part for node in tree.body for part in self._redirected(node)]
        return self.run(name, compile(tree, str(path), "exec"), {"__file__": str(path)})

    def run(self, name: str, code: Any, names: dict[str, Any]) -> ModuleType:
        """Make a module of this package by running its code, given some names at the start."""
        full = f"{self.package}.{name}"
        module = ModuleType(full)
        module.__dict__.update(names)
        sys.modules[full] = module
        try:
            exec(code, module.__dict__)
        except BaseException:
            del sys.modules[full]
            raise
        return module

    def replace(self, changes: dict[Any, Any]) -> None:
        """In every copied module made so far, put other functions where some stand by any name."""
        for name in COPIED:
            module = sys.modules.get(f"{self.package}.{name}")
            if module is None:
                continue
            for key, value in list(vars(module).items()):
                if callable(value) and value in changes:
                    setattr(module, key, changes[value])

    def _redirected(self, node: ast.stmt) -> list[ast.stmt]:
        """An import from the model's package as imports of copies and of what is shared."""
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            return [node]
        package, _, name = node.module.rpartition(".")
        if package == MODEL and name in COPIED:
            self.module(name)
            return [ast.copy_location(self._from(f"{self.package}.{name}", node.names), node)]
        if node.module != MODEL:
            return [node]
        own = [alias for alias in node.names if alias.name in COPIED]
        other = [alias for alias in node.names if alias.name not in COPIED]
        for alias in own:
            setattr(sys.modules[self.package], alias.name, self.module(alias.name))
        parts = [self._from(self.package, own)] if own else []
        parts += [self._from(MODEL, other)] if other else []
        return [ast.copy_location(part, node) for part in parts]

    @staticmethod
    def _from(module: str, names: list[ast.alias]) -> ast.ImportFrom:
        return ast.ImportFrom(module=module, names=names, level=0)
