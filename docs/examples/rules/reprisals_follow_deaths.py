"""A reprisal that only follows deaths.

In the model every clash gives the side that lost it something to avenge (`fronts.grieve`), also one
in which nobody died. Here only a clash in which that side had dead does.
"""


def grieve(w, s, f, side, step):
    """Add a clash to what the side that lost has to avenge, if it cost that side lives."""
    place = w.fronts[f]["place"]
    faction = w.sides[f, side]["faction"]
    if s.factions[faction]["loss_event"] == s.places[place]["clash_event"]:
        standard.grieve(w, s, f, side, step)
