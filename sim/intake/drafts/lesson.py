"""The teaching scenario: two factions, one place, and a comment on every line that matters."""

from __future__ import annotations

TEXT = """\
# yaml-language-server: $schema={schema}
# A scenario to learn on: two invented factions in one invented town. Editors that know the schema
# complete and explain the keys; 'python run.py check' lists everything that is wrong at once.
name: {name}
title: Two factions in one town
summary: An announcement sets two factions against each other until one leader calls his side home.

# Where the scenario's facts are coded, relative to this file; sources then name statement ids.
# evidence: ../seeds

# Three days by the hour. Times carry their offset from UTC.
clock: {{start: 2030-05-01T06:00:00+00:00, end: 2030-05-04T06:00:00+00:00, step_h: 1}}

places:
  # authority: how strongly the state holds the place, 0 (not at all) to 1 (wholly).
  - {{id: town, name: The town, authority: 0.5, source: "assumption: invented"}}

factions:
  - id: reds
    name: Reds
    kind: armed  # armed, security, movement (unarmed) or external
    leader: {{id: red_leader, name: The leader of the Reds}}
    forces:
      - {{place: town, fighters: 300, source: "assumption: invented"}}
  - id: blues
    name: Blues
    kind: armed
    leader: {{id: blue_leader, name: The leader of the Blues}}
    forces:
      - {{place: town, fighters: 300, source: "assumption: invented"}}

dyads:
  # hostility: 0 (they never clash) to 1 (wholly hostile).
  - {{between: [reds, blues], hostility: 0.8, source: "assumption: invented"}}

triggers:
  # A trigger raises political salience: fighters go onto the street and may clash while it lasts.
  - id: announcement
    title: The announcement
    at: {{earliest: 2030-05-01T12:00:00+00:00, latest: 2030-05-01T13:00:00+00:00}}
    places: [town]
    salience: 1
    source: "assumption: invented"

decisions:
  # scripted: its time is given, and so never scored. endogenous: the leader's rule decides.
  - id: red_withdrawal
    leader: red_leader
    order: withdraw  # withdraw, restrain or close_offices
    mode: scripted
    window: {{earliest: 2030-05-02T12:00:00+00:00, latest: 2030-05-02T15:00:00+00:00}}
    source: "assumption: invented"
  - id: blue_restraint
    leader: blue_leader
    order: restrain
    mode: endogenous
    source: "assumption: invented"

parameters:
  # Without an entry here the registry's prior holds. Give a value, or uniform, log_uniform, gamma.
  deaths_per_clash: {{log_uniform: [0.1, 1], source: "assumption: skirmishes, not battles"}}

observables:
  # What is compared with reports. role: calibrate, hold_out, negative, base_rate, input_check.
  - id: dead
    title: Dead in the town
    measure: dead
    statistic: total
    reported: {{low: 5, best: 8, high: 12}}
    role: calibrate
  - id: first_clash
    title: First clash
    measure: clashes
    statistic: first
    reported: {{earliest: 2030-05-01T12:00:00+00:00, latest: 2030-05-01T18:00:00+00:00}}
    role: hold_out
  - id: last_clash
    title: Last clash
    measure: clashes
    statistic: last
    reported: {{earliest: 2030-05-02T15:00:00+00:00, latest: 2030-05-03T00:00:00+00:00}}
    role: hold_out

# A variant changes settings by their dotted path; run it with --variant NAME.
variants:
  order_later:
    title: The order comes twelve hours later
    set: {{decisions.red_withdrawal.shift_h: 12}}
  no_reprisals: {{title: Nobody answers, set: {{reprisal_ratio: 0}}}}
"""


def teaching_text(name: str, schema: str) -> str:
    """The file, with its name and the place of the JSON Schema."""
    return TEXT.format(name=name, schema=schema)
