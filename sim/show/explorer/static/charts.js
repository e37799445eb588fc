// The panels of the episode: bands of the runs, the baseline's outline, one run as a thin line.

import { $, el, number } from "./dom.js";
import { axisWords, seconds, words } from "./time.js";
import { drawBands } from "./orders.js";
import { clearFacts, drawFacts } from "./facts.js";

const BLUE = "#0072b2";
const GREY = "#6b6b6b";
export const AXIS = 56;
export const RIGHT = 22;
const HEIGHTS = { dead: 190, clashes: 120, crowd: 110, cells: 110, ladder: 170 };
const SYNC = "episode";

const panels = new Map(); // panel name to { plot, box, readout, top, curve, baseline, run }
let scene = null;

// Everything the panels show; `context`: clock, facts(panel), orders(), onHour(hour).
export function build(context, curves) {
  destroy();
  scene = { ...context, hour: context.hour ?? 0, beyond: false };
  for (const [panel, curve] of Object.entries(curves)) {
    const readout = el("span", { class: "readout", "data-panel": panel });
    const box = el("div", { class: "plot" });
    const head = el("p", { class: "panel-head" },
      el("strong", {}, curve.title), ` (${curve.unit}) `, readout);
    const figure = el("figure", { class: "panel", "data-panel": panel, role: "group" }, head, box);
    $("panels").append(figure);
    panels.set(panel, { box, readout, figure, top: 0, curve, baseline: null, run: null });
  }
  for (const [panel, it] of panels) it.plot = plotOf(panel, it);
}

export function destroy() {
  for (const it of panels.values()) it.plot?.destroy();
  panels.clear();
  $("panels").replaceChildren();
}

export const shown = () => [...panels.keys()];

// Put new curves into the panels; `baseline` is null where nothing is changed.
export function update(curves, baseline, beyond) {
  scene.beyond = beyond;
  for (const [panel, it] of panels) {
    if (!curves[panel]) continue;
    it.curve = curves[panel];
    it.baseline = baseline?.[panel] ?? null;
    redraw(panel, it);
  }
  readouts();
}

export function showRun(values) {
  for (const [panel, it] of panels) {
    it.run = values?.[panel] ?? null;
    redraw(panel, it);
  }
}

export function showHour(hour) {
  if (!scene) return;
  scene.hour = hour;
  for (const it of panels.values()) it.plot.redraw(false);
  readouts();
}

export function refit() {
  for (const it of panels.values()) {
    it.plot.setSize({ width: it.box.clientWidth, height: it.plot.height });
    drawFacts(it, scene);
  }
}

function redraw(panel, it) {
  it.top = Math.max(it.top, ceiling(panel, it));
  it.plot.setData(dataOf(it));
  drawFacts(it, scene);
}

// The axis grows where it must and never shrinks while controls move: heights stay comparable.
function ceiling(panel, it) {
  if (panel === "ladder") return 10.4;
  const said = scene.facts(panel).flatMap((f) => [f.low ?? 0, f.high ?? 0]);
  const known = Math.max(1, ...said, ...it.curve.levels[4], ...(it.baseline?.levels[4] ?? [0]));
  const run = Math.max(0, ...(it.run ?? [0]));
  return Math.max(known, Math.min(run, 2 * known)) * 1.12;
}

function heavy(panel, it) {
  if (panel === "ladder") return false;
  const said = scene.facts(panel).flatMap((f) => [f.low ?? 0, f.high ?? 0]);
  const known = Math.max(it.curve.linear_to, ...said, ...it.curve.levels[2]);
  return ceiling(panel, it) > 12 * known;
}

function dataOf(it) {
  const { clock } = scene;
  const count = it.curve.levels[0].length;
  const x = Array.from({ length: count }, (_, i) => seconds(clock, i * clock.step_h));
  const none = Array(count).fill(null);
  const base = it.baseline?.levels;
  return [x, ...it.curve.levels, base?.[0] ?? none, base?.[2] ?? none, base?.[4] ?? none,
    it.run ?? none];
}

function plotOf(panel, it) {
  const paths = it.curve.steps ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear();
  const edge = { paths, points: { show: false }, width: 0 };
  const line = (stroke, width, dash) => ({ ...edge, stroke, width, dash });
  const tone = () => (scene.beyond ? GREY : BLUE);
  const alpha = (share) => () => `${tone()}${Math.round(255 * share).toString(16).padStart(2, "0")}`;
  const last = panel === shown().at(-1);
  it.top = ceiling(panel, it);
  const log = heavy(panel, it);
  if (log) it.figure.firstChild.append(el("span", { class: "quiet" },
    ` logarithmic above ${it.curve.linear_to}`));
  const options = {
    width: it.box.clientWidth,
    height: HEIGHTS[panel] + (last ? 30 : 0),
    padding: [6, RIGHT, last ? 0 : 6, 0],
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: SYNC }, points: { show: false } },
    scales: {
      x: { time: true },
      y: { range: () => [0, it.top], ...(log ? { distr: 4, asinh: it.curve.linear_to } : {}) },
    },
    axes: [
      { show: last, size: 30, stroke: "#1a1a1a", grid: { stroke: "#e8e8e8", width: 1 },
        values: axisWords, space: 64, ticks: { stroke: "#595959", size: 4, width: 1 } },
      { size: AXIS, stroke: "#1a1a1a", grid: { stroke: "#e8e8e8", width: 1 }, space: 26,
        ticks: { stroke: "#595959", size: 4, width: 1 },
        values: (_, splits) => splits.map((v) => (v === null ? "" : number(v))) },
    ],
    series: [
      {}, edge, edge, { ...line(tone, 2) }, edge, edge,
      line("#1a1a1a", 1, [2, 3]), line("#1a1a1a", 1.5, [6, 4]), line("#1a1a1a", 1, [2, 3]),
      line("#1a1a1a", 0.8),
    ],
    bands: [
      { series: [5, 1], fill: alpha(0.16) },
      { series: [4, 2], fill: alpha(0.3) },
    ],
    hooks: {
      drawClear: [(u) => drawBands(u, scene)],
      draw: [(u) => hourLine(u)],
      setCursor: [(u) => (u.cursor.event ? readouts(u.cursor.idx) : null)],
    },
  };
  const plot = new uPlot(options, dataOf(it), it.box);
  plot.root.setAttribute("aria-hidden", "true"); // the figure's name says it in words
  plot.over.addEventListener("mouseleave", () => readouts());
  plot.over.addEventListener("click", () => {
    if (plot.cursor.idx !== null) scene.onHour(Math.min(plot.cursor.idx, scene.clock.steps - 1));
  });
  clearFacts(it);
  return plot;
}

function hourLine(u) {
  const x = u.valToPos(seconds(scene.clock, scene.hour * scene.clock.step_h), "x", true);
  u.ctx.save();
  u.ctx.strokeStyle = "#595959";
  u.ctx.lineWidth = devicePixelRatio;
  u.ctx.beginPath();
  u.ctx.moveTo(x, u.bbox.top);
  u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
  u.ctx.stroke();
  u.ctx.restore();
}

// The numbers at the pointer, or at the scrubbed hour, in words beside each heading.
function readouts(index) {
  const at = index ?? scene.hour;
  const when = words(scene.clock, at * scene.clock.step_h);
  for (const it of panels.values()) {
    const [low, , middle, , high] = it.curve.levels.map((level) => level[at]);
    let text = `${when}: median ${number(middle)}, 90 % ${number(low)} to ${number(high)}`;
    if (it.baseline) text += `; baseline ${number(it.baseline.levels[2][at])}`;
    it.readout.textContent = text;
    const end = it.curve.levels.map((level) => level.at(-1));
    it.figure.setAttribute("aria-label",
      `${it.curve.title}, ${it.curve.unit}. At the end median ${number(end[2])}, 90 % ` +
      `${number(end[0])} to ${number(end[4])}. At ${text}`);
  }
}
