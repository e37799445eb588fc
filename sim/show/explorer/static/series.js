// Series as the panels show them: one run's, the busiest hour, and the key to all marks.

import { $, el } from "./dom.js";

// One run's series over the viewed places ('' for all), panel name to values.
export function seriesOf(single, scenario, view) {
  const columns = scenario.places.map((_, i) => i)
    .filter((i) => !view || scenario.places[i].id === view);
  const sum = (measure) => single.hourly[measure].map((row) =>
    columns.reduce((total, i) => total + row[i], 0));
  const closed = (values) => [...values, values.at(-1)];
  let count = 0;
  return {
    dead: [0, ...sum("dead").map((dead) => (count += dead))],
    clashes: closed(sum("clashes").map((n) => n / scenario.clock.step_h)),
    crowd: closed(sum("crowd")),
    cells: closed(sum("cells")),
    ladder: closed(single.hourly.ladder.map((row) => Math.max(...columns.map((i) => row[i])))),
  };
}

// Where to look first: the hour in which clashes are likeliest.
export function busiest(curves, clock) {
  const high = curves.clashes.levels[4];
  return Math.max(0, Math.min(high.indexOf(Math.max(...high)), clock.steps - 1));
}

export function legend(changed, replicate) {
  const part = (mark, text) => el("span", {}, el("i", { class: `mark ${mark}` }), ` ${text} `);
  $("key").replaceChildren(part("line", "median run"), part("narrow", "50 %"), part("wide", "90 %"),
    ...(changed ? [part("base", "baseline, with 90 %")] : []), part("one", `run ${replicate}`),
    part("box", "reported"), part("order", "order"));
}
