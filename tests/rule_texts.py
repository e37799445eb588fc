"""Files of rules: such as both engines take, and such as are refused, with line and word."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples" / "rules"

GOOD = {
    "other_sides_dead": (EXAMPLES / "other_sides_dead.py").read_text(encoding="utf-8"),
    "reprisals_follow_deaths": (EXAMPLES / "reprisals_follow_deaths.py").read_text("utf-8"),
    "saturation": """
def expected_clashes(hostility, guard, opening, revenge_first, revenge_second, ceiling):
    total = hostility * guard * (opening + revenge_first + revenge_second)
    return ceiling * total / (ceiling + total + 1e-9)
""",
    "half_obeyed": """
SHARE = 0.5


def obedience_bar(compliance: float, order_reach: float, in_scope: bool) -> float:
    whole = standard.obedience_bar(compliance, order_reach, in_scope)
    return SHARE * whole if whole > 0.3 else whole
""",
    "memory_of_its_own": '''
"""A leader who is worn down by clashes, also those without dead, kept in a field of one's own."""

from sim.model import groups, rules

HALF_LIFE = 24.0


def wear(w, s, faction, step):
    state = s.factions[faction]
    state["own"] = state["own"] * rules.decay(w.run[0]["step_h"], HALF_LIFE)
    for front in range(w.fronts.shape[0]):
        for side in range(2):
            if w.sides[front, side]["faction"] == faction:
                state["own"] += s.fronts[front]["expected"]


def hazard(w, s, decision):
    tired = s.factions[w.decisions[decision]["faction"]]["own"]
    return standard.hazard(w, s, decision) + 0.01 * tired / (1.0 + tired)


ADD = [("factions", "wear", "after", "fight")]
''',
    "anniversaries": """
EVERY = 7


def anniversary(w, s, place, step):
    i = 0
    while i < w.places.shape[0]:
        if i == place and step % EVERY == place % 2 and step // EVERY < 5:
            s.places[place]["pulse"] += 0.4 + 0.1 * (step // EVERY)
        i += 1


ADD = [["places", "anniversary", "before", "settle_salience"]]
""",
    "herd": """
def mobilise(w, s, cell, step):
    g = w.cells[cell]["group"]
    if s.cells[cell]["status"] == layout.IDLE and s.cells[cell]["threshold"] > 0.0:
        if s.groups[g]["present"] > 0:
            clock = s.groups[g]["clock"]
            nearer = clock + 0.9 * (s.cells[cell]["threshold"] - clock)
            s.cells[cell]["threshold"] = max(0.001, nearer)
            groups.expect_move(w, s, cell)
    standard.mobilise(w, s, cell, step)
""",
    "whoever_is_there": """
def push_rate(w, s, crowd):
    rate, place = standard.push_rate(w, s, crowd), w.crowds[crowd]["place"]
    return rate * (1.0 + math.sqrt(abs(s.places[place]["street"])))


def launcher_rate(w, s, place):
    if s.places[place]["stirred"] == 0 or not w.places[place]["rocket_target"] == 1:
        return standard.launcher_rate(w, s, place)
    return 0.02 + math.exp(-s.places[place]["salience"]) / 24.0
""",
    "ambush": """
STREAM = 1000


def ambush(w, s, front, step):
    if s.fronts[front]["attack"] >= 0 or step < 3:
        return
    u = places.draw(s, STREAM, front, step)
    if rules.fires(u, 0.02, w.run[0]["step_h"]):
        s.fronts[front]["attack"] = min(2, int(3.0 * u / 0.02))
        s.fronts[front]["attacked"] = 1 if u < 0.01 else 0


ADD = [("fronts", "ambush", "after", "expect")]
""",
    "slow_to_hear": """
def cells_hear(w, s, cell, step):
    if cell % 3 != step % 3:
        standard.cells_hear(w, s, cell, step)


def groups_rouse(w, s, g, step):
    pass


def age_stock(s, stock):
    stock["young"] *= 0.99
    return standard.age_stock(s, stock)
""",
    "impatient": """
def clock_step(step_h, mobilisation_time):
    return 2.0 * step_h / mobilisation_time


def groups_look_ahead(w, s, g, step):
    standard.groups_look_ahead(w, s, g, step)


def note(w, s, number, step):
    for g in range(w.groups.shape[0]):
        if s.groups[g]["present"] > 0 and s.groups[g]["clock"] > 0.5:
            s.groups[g]["clock"] += 0.05


ADD = [("script", "note", "before", "groups.run_clock")]
""",
}  # fmt: skip
"""Name to text."""

BAD = {
    "a list": ("def hazard(w, s, decision):\n    return sum([1.0, 2.0])\n", 2, "a list"),
    "a power": ("def decay(step_h, memory_h):\n    return 0.5 ** (step_h / memory_h)\n", 2, "'**'"),
    "an import": ("import numpy\n\n\ndef grieve(w, s, f, side, step):\n    pass\n", 1, "import"),
    "a class": ("class Leader:\n    pass\n", 1, "outside of functions"),
    "other arguments": ("def hazard(w, s, order):\n    return 1.0\n", 1, "(w, s, decision)"),
    "a misspelt rule": ("def hazzard(w, s, decision):\n    return 1.0\n", 1, "'hazard'?"),
    "a misspelt field": (
        "def hazard(w, s, decision):\n    return s.places[0]['saliense']\n", 2, "'salience'",
    ),
    "a field of the world": (
        "def hazard(w, s, decision):\n    return s.places[0]['authority']\n", 2, "w.places",
    ),
    "a changed world": (
        "def grieve(w, s, f, side, step):\n    front = w.fronts[f]\n    front['hostility'] = 0.0\n",
        3, "cannot be set",
    ),
    "a set parameter": (
        "def grieve(w, s, f, side, step):\n    s.p[0]['compliance'] = 1.0\n", 2, "cannot be set",
    ),
    "a call from outside": ("def hazard(w, s, decision):\n    return open('x')\n", 2, "'open'"),
    "an unknown name": ("def hazard(w, s, decision):\n    return COST\n", 2, "'COST'"),
    "itself": ("def hazard(w, s, decision):\n    return hazard(w, s, 0)\n", 1, "calls itself"),
    "several rules of one name": ("def rouse(w, s, g, step):\n    pass\n", 1, "'groups_rouse'"),
    "nothing returned": ("def hazard(w, s, decision):\n    x = 1.0\n", 1, "returns nothing"),
    "no such entry": (
        "def mine(w, s, i, step):\n    pass\n\n\nADD = [('places', 'mine', 'after', 'fihgt')]\n",
        5, "did you mean 'fight'",
    ),
    "nobody of that name": (
        "def mine(w, s, i, step):\n    pass\n\n\nADD = [('place', 'mine', 'after', 'fight')]\n",
        5, "did you mean 'places'",
    ),
    "no Python": ("def hazard(w, s, decision)\n    return 1.0\n", 1, "no Python"),
    "a text": ("def hazard(w, s, decision):\n    return len('abc')\n", 2, "'abc'"),
    "no rule": ("COST = 3\n", None, "no rule"),
    "a loop over a tuple": (
        "def hazard(w, s, decision):\n    for i in (1, 2):\n        pass\n    return 1.0\n",
        2, "range",
    ),
    "the run's seed": (
        "def grieve(w, s, f, side, step):\n    s.run[0]['seed'] = 3\n", 2, "'seed'",
    ),
    "a decorator": ("@rule\ndef hazard(w, s, decision):\n    return 1.0\n", 2, "decorator"),
    "a hidden attribute": (
        "def hazard(w, s, decision):\n    return w.__class__.x\n", 2, "not permitted",
    ),
}  # fmt: skip
"""What is wrong, with the text, the line and a word of the message."""
