"""The subset of Python that a rule of the user's own may use: what both engines run bit for bit.

Refused is what cannot be compiled, what the two would round differently, and what would let a run
depend on anything but its own numbers.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib import import_module
from typing import Any

from sim.inputs import nearest
from sim.model.copies import RULE_MODULES, SHARED
from sim.model.layout import CHANGING, FIXED, SIDE, SIDE_STATE

STANDARD = "standard"
"""The name under which a file finds the model's own rules in whose place its functions stand."""

PERMITTED = (
    "numbers, + - * / // %, comparisons, and, or, not, if, while, for ... in range(...), min, max, "
    "abs, int, float, math.exp (log, sqrt, sin, cos, floor, ceil, fabs), functions of this file "
    "and of the model as rules.decay(...), fields of records as s.places[i]['salience']"
)
BUILTINS = ("min", "max", "abs", "int", "float", "bool")
MATH = ("exp", "log", "sqrt", "sin", "cos", "floor", "ceil", "fabs")
NUMBERS = ("pi", "inf", "nan")

STATEMENTS = (
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.If,
    ast.While,
    ast.For,
    ast.Return,
    ast.Pass,
    ast.Break,
    ast.Continue,
    ast.Expr,
)
EXPRESSIONS = (
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Name,
    ast.Constant,
    ast.Attribute,
    ast.Subscript,
    ast.Tuple,
)
OPERATORS = {
    ast.Pow: "'**' is rounded differently by the two engines",
    ast.MatMult: "'@'",
    ast.In: "'in'",
    ast.NotIn: "'not in'",
    ast.Is: "'is'",
    ast.IsNot: "'is not'",
    ast.LShift: "'<<'",
    ast.RShift: "'>>'",
    ast.BitOr: "'|'",
    ast.BitXor: "'^'",
    ast.BitAnd: "'&'",
    ast.Invert: "'~'",
}
WORDS = {
    "ListComp": "a list comprehension",
    "List": "a list",
    "Dict": "a mapping",
    "Set": "a set",
    "Lambda": "'lambda'",
    "JoinedStr": "a text",
    "Try": "'try'",
    "With": "'with'",
    "Raise": "'raise'",
    "Assert": "'assert'",
    "Delete": "'del'",
    "Global": "'global'",
    "Nonlocal": "'nonlocal'",
    "Yield": "'yield'",
    "FunctionDef": "a function in a function",
    "ClassDef": "'class'",
    "Import": "'import'",
    "ImportFrom": "'import'",
    "Starred": "'*'",
    "Slice": "a slice",
    "GeneratorExp": "a generator",
    "NamedExpr": "':='",
    "Match": "'match'",
}

WORLD_ARRAYS = ("links", "scope", "trigger_places", "outlet_places", "day", "severity")
STATE_ARRAYS = ("thresholds", "joins", "leaves", "homes", "frays")
RECORDS: dict[str, dict[str, Any]] = {
    "w": {**FIXED, "sides": SIDE},
    "s": {**CHANGING, "sides": SIDE_STATE, "p": None},
}
KEPT = ("seed", "replicate", "events", "busy")
"""Fields of ``s.run`` that no rule may set: the identity of its numbers and its log."""

MODULES = (*RULE_MODULES, *SHARED)

Say = Callable[..., None]


class Subset:
    """Checks functions of one file; ``say`` is told of whatever is not permitted."""

    def __init__(
        self, say: Say, functions: set[str], constants: set[str], standard: dict[str, Any]
    ) -> None:
        self.say, self.standard = say, standard
        self.functions, self.constants = functions, constants
        self.local: set[str] = set()
        self.alias: dict[str, tuple[str, str] | None] = {}
        self.records: set[str] = set()

    def check(self, function: ast.FunctionDef, replacing: set[str]) -> None:
        """Check one function; those ``replacing`` a rule may be handed records of the state."""
        given = function.args
        if function.decorator_list:
            self.say(function, "a decorator is not permitted")
        if given.vararg or given.kwarg or given.kwonlyargs or given.defaults or given.posonlyargs:
            self.say(function, "only plain arguments are permitted", "def name(a, b, c):")
        names = {argument.arg for argument in given.args}
        self.records = names - {"w", "s"} if function.name in replacing else set()
        self.local, self.alias = set(names), {}
        for part in ast.walk(function):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                self.local.add(part.id)
                if part.id in (*names & {"w", "s"}, *self.functions, *self.constants):
                    self.say(part, f"'{part.id}' is given a value here", "another name")
            if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
                self.note_alias(part.targets[0].id, part.value)
        for statement in function.body:
            self.statement(statement)

    def note_alias(self, name: str, value: ast.expr) -> None:
        """Note that a name stands for a record of ``w`` or ``s``; None if for different things."""
        table = self.table_of(value)
        self.alias[name] = table if self.alias.get(name, table) == table else None

    def table_of(self, value: ast.expr) -> tuple[str, str] | None:
        """``('s', 'places')`` for ``s.places[i]`` or a name that stands for such a record."""
        if isinstance(value, ast.Name):
            return self.alias.get(value.id)
        if not (isinstance(value, ast.Subscript) and isinstance(value.value, ast.Attribute)):
            return None
        owner = value.value.value
        if not isinstance(owner, ast.Name) or owner.id not in RECORDS:
            return None
        return (owner.id, value.value.attr) if value.value.attr in RECORDS[owner.id] else None

    def statement(self, node: ast.stmt) -> None:
        if not isinstance(node, STATEMENTS):
            self.refuse(node)
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring
        if isinstance(node, ast.For):
            loop = node.iter
            called = loop.func if isinstance(loop, ast.Call) else None
            is_range = isinstance(called, ast.Name) and called.id == "range"
            if not isinstance(loop, ast.Call) or not is_range or node.orelse:
                self.say(loop, "'for' goes over a range only", "for i in range(...):")
                return
            self.expressions(loop.args)
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                self.target(target)
            self.expressions([node.value] if node.value is not None else [])
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.statement(child)
            elif isinstance(child, ast.expr) and not isinstance(node, ast.For):
                self.expressions([child])

    def target(self, node: ast.expr) -> None:
        """What is assigned to: a name, or a field of a record of the state."""
        if isinstance(node, ast.Tuple):
            for one in node.elts:
                self.target(one)
            return
        if isinstance(node, ast.Name):
            return
        self.expressions([node])
        field = node.slice.value if _has_text(node) else None  # type: ignore[attr-defined]
        record = node.value if isinstance(node, ast.Subscript) else node
        table = self.table_of(record)
        if field is None or not (table or getattr(record, "id", "") in self.records):
            self.say(node, "this cannot be set by a rule", "s.places[i]['salience'] = ...")
        elif table is not None and (table[0] == "w" or table[1] == "p"):
            self.say(
                node,
                f"'{ast.unparse(node)}' is the same for the whole run and cannot be set",
                "a field of a record of s",
            )
        elif table is not None and table[1] == "run" and field in KEPT:
            self.say(node, f"'{field}' is the run's own and cannot be set", "another field")

    def expressions(self, nodes: list[ast.expr]) -> None:
        for node in nodes:
            self.expression(node)

    def expression(self, node: ast.expr) -> None:
        if not isinstance(node, EXPRESSIONS):
            self.refuse(node)
            return
        operators = [getattr(node, "op", None), *getattr(node, "ops", [])]
        for operator in operators:
            if type(operator) in OPERATORS:
                said = OPERATORS[type(operator)]
                self.say(node, f"{said} is not permitted" if said[-1] == "'" else said)
        if isinstance(node, ast.Constant):
            if not isinstance(node.value, (int, float)):
                self.say(node, f"{node.value!r} is no number")
        elif isinstance(node, ast.Name):
            self.name(node)
        elif isinstance(node, ast.Attribute):
            self.attribute(node)
        elif isinstance(node, ast.Subscript):
            self.subscript(node)
        elif isinstance(node, ast.Call):
            self.call(node)
        else:
            self.expressions([c for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)])

    def refuse(self, node: ast.AST) -> None:
        name = type(node).__name__
        self.say(node, f"{WORDS.get(name, name)} is not permitted in a rule")

    def name(self, node: ast.Name) -> None:
        if node.id not in self.local | self.constants:
            known = sorted(self.local | self.constants | self.functions)
            close = nearest(node.id, known)
            hint = f"; did you mean '{close}'?" if close else ""
            self.say(node, f"unknown name '{node.id}'{hint}")

    def call(self, node: ast.Call) -> None:
        if node.keywords:
            self.say(node, "arguments by name are not permitted in a call", "f(a, b)")
        called = node.func
        if isinstance(called, ast.Name):
            if called.id not in (*BUILTINS, *self.functions):
                close = nearest(called.id, [*BUILTINS, *self.functions])
                hint = f"; did you mean '{close}'?" if close else ""
                self.say(called, f"'{called.id}' cannot be called in a rule{hint}")
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            self.function_of(called, called.value.id)
        else:
            self.say(called, f"'{ast.unparse(called)}' cannot be called in a rule")
        self.expressions(node.args)

    def function_of(self, node: ast.Attribute, owner: str) -> None:
        """``math.exp``, ``rules.decay``, ``standard.hazard``."""
        known: list[str] = []
        if owner == "math":
            known = list(MATH)
        elif owner == STANDARD:
            known = list(self.standard)
        elif owner in MODULES:
            module = import_module(f"{__package__}.{owner}")
            known = [n for n, value in vars(module).items() if callable(value) and n.islower()]
        if node.attr not in known:
            close = nearest(node.attr, known)
            hint = f"; did you mean '{owner}.{close}'?" if close else ""
            self.say(node, f"'{owner}.{node.attr}' cannot be called in a rule{hint}")

    def attribute(self, node: ast.Attribute) -> None:
        """``s.places``, ``w.places.shape``, ``math.pi``, ``layout.DEPLOYED``."""
        if node.attr == "shape":
            self.expression(node.value)
            return
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if owner in RECORDS and owner in self.local:
            arrays = WORLD_ARRAYS if owner == "w" else STATE_ARRAYS
            known = [*RECORDS[owner], *arrays]
            if node.attr not in known:
                close = nearest(node.attr, known)
                self.say(
                    node,
                    f"a rule has no '{owner}.{node.attr}'",
                    f"did you mean '{owner}.{close}'?" if close else f"one of {', '.join(known)}",
                )
        elif (owner == "math" and node.attr in NUMBERS) or (
            owner in MODULES and _is_constant(owner, node.attr)
        ):
            return
        else:
            self.say(node, f"'{ast.unparse(node)}' is not permitted in a rule")

    def subscript(self, node: ast.Subscript) -> None:
        """A record by its number, or a field of a record by its name."""
        self.expression(node.value)
        if not _has_text(node):
            if isinstance(node.slice, ast.Tuple):
                self.expressions(node.slice.elts)
            else:
                self.expression(node.slice)
            return
        field = node.slice.value  # type: ignore[attr-defined]
        table = self.table_of(node.value)
        if table is None or RECORDS[table[0]][table[1]] is None:
            return
        names = list(RECORDS[table[0]][table[1]].names)
        if field not in names:
            other = "s" if table[0] == "w" else "w"
            elsewhere = RECORDS[other].get(table[1])
            close = nearest(field, names)
            hint = f"one of {', '.join(names)}"
            if elsewhere is not None and field in elsewhere.names:
                hint = f"{other}.{table[1]}[...]['{field}']"
            elif close:
                hint = f"'{close}'"
            self.say(node, f"'{table[0]}.{table[1]}' has no field '{field}'", hint)


def _has_text(node: ast.expr) -> bool:
    """Whether an expression is a field by its name."""
    index = node.slice if isinstance(node, ast.Subscript) else None
    return isinstance(index, ast.Constant) and isinstance(index.value, str)


def _is_constant(owner: str, name: str) -> bool:
    """Whether a module of the model has a number of this name."""
    value = getattr(import_module(f"{__package__}.{owner}"), name, None)
    return name.isupper() and isinstance(value, (int, float))
