"""Agents of the user's own, checked before a model is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.inputs import nearest
from sim.model.agents import AGENTS


def checked(agents: Mapping[str, type]) -> Mapping[str, type]:
    """Agents of the user's own, by kind, if the model can use them.

    Raises:
        ValueError: there is no such kind; a class is not one of its kind; or it has a method that
            nothing calls and whose name is nearly that of one that is called.
    """
    for kind, own in agents.items():
        if kind not in AGENTS:
            raise ValueError(f"no agent is called '{kind}'{_near(kind, AGENTS)}")
        standard = AGENTS[kind]
        if not (isinstance(own, type) and issubclass(own, standard)):
            name = getattr(own, "__name__", repr(own))
            raise ValueError(f"'{name}' is no subclass of {standard.__name__}, as a {kind} must be")
        for name in vars(own):
            if not (name.startswith("_") or hasattr(standard, name)):
                meant = nearest(name, [n for n in dir(standard) if not n.startswith("_")])
                if meant:
                    raise ValueError(
                        f"{own.__name__}.{name}: nothing calls it; did you mean '{meant}'?"
                    )
    return agents


def _near(name: str, names: Iterable[str]) -> str:
    meant = nearest(name, list(names))
    return f"; did you mean '{meant}'?" if meant else f"; there are {', '.join(sorted(names))}"
