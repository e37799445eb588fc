"""The check of a rule file: it uses only what both engines run alike, and fits the model.

A function with the name and the arguments of a rule of the model takes its place; what ``ADD``
names joins the hour; other functions serve these. `PERMITTED` says what they may use. Whatever is
wrong is said at once, each with its line.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, field
from typing import Any

from sim.inputs import InputError, Problem, nearest
from sim.model.copies import RULE_MODULES, SHARED
from sim.model.hour import HOUR
from sim.model.rule_catalogue import arguments_of, entry_name, owners, replaceable
from sim.model.rule_subset import PERMITTED, STANDARD, Subset
from sim.scenario.rule_file import RuleFile

ADD = "ADD"
ADD_FORM = "ADD = [('factions', 'my_rule', 'after', 'remember'), ...]"


@dataclass(frozen=True)
class Addition:
    """A rule that joins the hour: ``who`` does it, before or after the entry at ``position``."""

    who: str
    name: str
    where: str
    position: int


@dataclass(frozen=True)
class CheckedRules:
    """What a rule file comes to.

    Attributes:
        file: the file.
        tree: its module without imports, annotations and ``ADD``, as it is run.
        functions: its functions by name.
        replaced: module and name of each rule replaced, and the file's name for what replaces it.
        additions: what it adds to the hour, in order.
    """

    file: RuleFile
    tree: ast.Module
    functions: dict[str, ast.FunctionDef]
    replaced: tuple[tuple[str, str, str], ...]
    additions: tuple[Addition, ...]


def check_rules(file: RuleFile) -> CheckedRules:
    """The content of a rule file, or InputError with every line that is wrong."""
    try:
        tree = ast.parse(file.text, file.path)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        said = getattr(error, "msg", None) or "it is nested too deeply, or no text"
        problem = Problem(file.path, line, column, f"this is no Python: {said}", "a file of rules")
        raise InputError([problem]) from None
    return _Check(file).of(tree)


@dataclass
class _Check:
    """Goes through a file once and collects what is wrong."""

    file: RuleFile
    problems: list[Problem] = field(default_factory=list)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    constants: set[str] = field(default_factory=set)
    replaced: list[tuple[str, str, str]] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)

    def of(self, tree: ast.Module) -> CheckedRules:
        added: ast.expr | None = None
        kept: list[ast.stmt] = []
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                self.define(node)
            elif isinstance(node, ast.Assign) and _is_name(node.targets, ADD):
                added = node.value
                continue
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.constant(node, node.targets[0].id)
            elif _is_import(node):
                continue
            elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                self.say(
                    node,
                    "outside of functions this is not permitted",
                    f"functions, NAME = number, 'import math', {ADD} = [...]",
                )
            kept.append(node)
        if added is not None:
            self.read_additions(added)
        self.connect()
        for function in self.functions.values():
            subset = Subset(self.say, set(self.functions), self.constants, self.stands_for())
            subset.check(function, {name for _, _, name in self.replaced})
        self.refuse_circles()
        if not self.functions:
            self.problems.append(
                Problem(
                    self.file.path,
                    None,
                    None,
                    "there is no rule in it",
                    "functions named like rules of the model",
                )
            )
        if self.problems:
            raise InputError(self.problems)
        tree.body = kept
        _strip_annotations(tree)
        return CheckedRules(
            self.file, tree, self.functions, tuple(self.replaced), tuple(self.additions)
        )

    def say(self, node: Any, message: str, expected: str | None = PERMITTED) -> None:
        """Note what is wrong with a piece of the file."""
        line, column = getattr(node, "lineno", None), getattr(node, "col_offset", None)
        self.problems.append(
            Problem(self.file.path, line, None if column is None else column + 1, message, expected)
        )

    def define(self, node: ast.FunctionDef) -> None:
        if node.name in self.functions:
            self.say(node, f"'{node.name}' is defined twice", "one function of a name")
        if node.name in (*RULE_MODULES, *SHARED, STANDARD, "math"):
            self.say(node, f"'{node.name}' is the name of a module of the model", "another name")
        self.functions[node.name] = node

    def constant(self, node: ast.Assign, name: str) -> None:
        value = node.value.operand if isinstance(node.value, ast.UnaryOp) else node.value
        is_number = isinstance(value, ast.Constant) and isinstance(value.value, (int, float))
        if len(node.targets) > 1 or not is_number:
            self.say(node, f"'{name}' is no number", "NAME = number, outside of functions")
        self.constants.add(name)

    def stands_for(self) -> dict[str, tuple[str, str]]:
        """What ``standard.NAME`` may be: the names under which rules are replaced."""
        return {own: (module, name) for module, name, own in self.replaced}

    def read_additions(self, value: ast.expr) -> None:
        try:
            rows = [tuple(row) for row in ast.literal_eval(value)]
            whole = all(len(row) == 4 and all(isinstance(x, str) for x in row) for row in rows)
        except (ValueError, TypeError, SyntaxError):
            whole, rows = False, []
        if not whole:
            self.say(value, f"{ADD} is not a list of four words each", ADD_FORM)
            return
        for who, name, where, beside in rows:
            self.addition(value, who, name, where, beside)

    def addition(self, node: ast.expr, who: str, name: str, where: str, beside: str) -> None:
        kinds = list(dict.fromkeys(entry.who for entry in HOUR))
        places = {entry_name(entry): number for number, entry in enumerate(HOUR)}
        if who not in kinds:
            close = nearest(who, kinds)
            self.problems.append(
                Problem(
                    self.file.path,
                    node.lineno,
                    node.col_offset + 1,
                    f"{ADD}: nobody in the hour is called '{who}'",
                    f"one of {', '.join(kinds)}",
                    close,
                )
            )
        if where not in ("before", "after"):
            self.say(node, f"{ADD}: '{where}'", "'before' or 'after'")
        if name not in self.functions:
            self.say(
                node,
                f"{ADD} names '{name}', which this file does not define",
                f"one of {', '.join(sorted(self.functions)) or 'its functions'}",
            )
            return
        found = [i for full, i in places.items() if beside in (full, full.partition(".")[2])]
        if len(found) != 1:
            which = [full for full in places if full.endswith(f".{beside}")]
            close = nearest(beside, [*places, *(full.partition(".")[2] for full in places)])
            self.problems.append(
                Problem(
                    self.file.path,
                    node.lineno,
                    node.col_offset + 1,
                    f"{ADD}: {'several entries' if which else 'no entry'} of the hour "
                    f"{'are' if which else 'is'} called '{beside}'",
                    " or ".join(f"'{one}'" for one in which)
                    or "an entry of the hour, as the command 'rules' lists them",
                    None if which else close,
                )
            )
            return
        given = [argument.arg for argument in self.functions[name].args.args]
        if len(given) != 4 or given[:2] != ["w", "s"]:
            self.say(
                self.functions[name],
                f"'{name}' takes ({', '.join(given)})",
                "(w, s, number, step), as every rule of the hour",
            )
        self.additions.append(Addition(who, name, where, found[0]))

    def connect(self) -> None:
        """Find out which of the model's rules each function replaces, or who calls it."""
        used = {one.name for one in self.additions} | {
            name for function in self.functions.values() for name in _called(function)
        }
        for function in self.functions.values():
            found = owners(function.name)
            if len(found) == 1:
                self.match(function, *found[0])
            elif found:
                words = " or ".join(f"'{module}_{name}'" for module, name in found)
                self.say(function, f"several rules are called '{function.name}'", words)
            elif function.name not in used:
                names = [rule for rules in replaceable().values() for rule in rules]
                close = nearest(function.name, names)
                self.problems.append(
                    Problem(
                        self.file.path,
                        function.lineno,
                        function.col_offset + 1,
                        f"the model has no rule '{function.name}', {ADD} does not name it and "
                        "no function of the file calls it",
                        "the name of a rule, as the command 'rules' lists them",
                        close,
                    )
                )

    def match(self, function: ast.FunctionDef, module: str, name: str) -> None:
        original = replaceable()[module][name]
        wanted = arguments_of(original)
        given = [argument.arg for argument in function.args.args]
        if given != wanted:
            self.say(
                function,
                f"'{function.name}' takes ({', '.join(given)})",
                f"({', '.join(wanted)}), as the rule in whose place it stands",
            )
        source = ast.parse(inspect.getsource(original)).body[0]
        if _returns(source) and not _returns(function):
            self.say(
                function,
                f"'{function.name}' returns nothing",
                "return VALUE, as the rule in whose place it stands",
            )
        self.replaced.append((module, name, function.name))

    def refuse_circles(self) -> None:
        """A function of the file may not call itself, straight or through others of the file."""
        for name, function in self.functions.items():
            left, seen = _called(function), set()
            while left:
                other = left.pop()
                if other == name:
                    self.say(
                        function,
                        f"'{name}' calls itself",
                        f"{STANDARD}.{name} for the model's own, or a loop",
                    )
                    break
                if other in self.functions and other not in seen:
                    seen.add(other)
                    left |= _called(self.functions[other])


def _called(function: ast.FunctionDef) -> set[str]:
    """The plain names that a function calls."""
    return {
        node.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def _returns(function: ast.AST) -> bool:
    return any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(function))


def _is_name(targets: list[ast.expr], name: str) -> bool:
    return len(targets) == 1 and isinstance(targets[0], ast.Name) and targets[0].id == name


def _is_import(node: ast.stmt) -> bool:
    """``import math``, the annotations, or modules that a file has by their names anyway."""
    if isinstance(node, ast.Import):
        return [(alias.name, alias.asname) for alias in node.names] == [("math", None)]
    if not isinstance(node, ast.ImportFrom):
        return False
    known = (*RULE_MODULES, *SHARED)
    plain = all(alias.asname is None and alias.name in known for alias in node.names)
    return node.module == "__future__" or (node.module == __package__ and plain)


def _strip_annotations(tree: ast.Module) -> None:
    """Types are for the reader; the names they use need not be there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in node.args.args:
                argument.annotation = None
