"""A leader who counts the other side's dead as well as the own.

The model's leader weighs an order of restraint by the own dead remembered (`leaders.hazard`). Here
those whom the faction fights count too, a dead opponent half as much as one's own.
"""

WEIGHT = 0.5  # assumption: what a dead opponent counts beside one's own


def hazard(w, s, decision):
    """Hazard per hour that the leader gives this order, on the dead of both sides remembered."""
    own = w.decisions[decision]["faction"]
    cost = s.factions[own]["own_dead"]
    for other in range(w.factions.shape[0]):
        if fights(w, own, other):
            cost += WEIGHT * s.factions[other]["own_dead"]
    threshold = s.thresholds[w.decisions[decision]["leader"]]
    return rules.restraint_hazard(cost, threshold, s.p[0]["decision_time"])


def fights(w, own, other):
    """Whether two factions have a front anywhere."""
    for front in range(w.fronts.shape[0]):
        first, second = w.sides[front, 0]["faction"], w.sides[front, 1]["faction"]
        if (first == own and second == other) or (first == other and second == own):
            return True
    return False
