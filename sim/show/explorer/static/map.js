// A map of the places at one hour of one run: cells, crowds, clashes, each also in words.

import { $, el, name, number, plain, svg } from "./dom.js";
import { words } from "./time.js";

const [WIDTH, HEIGHT, EDGE] = [420, 320, 74];
const KM_PER_DEGREE = 111.2;
const [BLUE, ORANGE, RED] = ["#0072b2", "#b87800", "#b84a00"];

let spots = [];
let base = null;

export function build(scenario) {
  const { points, scale } = laidOut(scenario.places);
  spots = scenario.places.map((place, i) => ({ place, x: points[i][0], y: points[i][1] }));
  base = [];
  for (const [i, a] of spots.entries()) {
    for (const b of spots.slice(i + 1)) {
      base.push(svg("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, class: "road" }));
    }
  }
  if (scale) base.push(...scaleBar(scale));
  else base.push(svg("text", { x: 8, y: HEIGHT - 8, class: "small" },
    "not to scale: no coordinates given"));
}

// Equal distances where all places have coordinates; else evenly on a circle.
function laidOut(places) {
  const known = places.every((p) => p.latitude !== null && p.longitude !== null);
  if (!known || places.length === 1) {
    const turn = (2 * Math.PI) / places.length;
    const points = places.map((_, i) => (places.length === 1 ? [WIDTH / 2, HEIGHT / 2]
      : [WIDTH / 2 + 110 * Math.sin(i * turn), HEIGHT / 2 - 100 * Math.cos(i * turn)]));
    return { points, scale: 0 };
  }
  const middle = places.reduce((sum, p) => sum + p.latitude, 0) / places.length;
  const shrink = Math.cos((middle * Math.PI) / 180);
  const raw = places.map((p) => [p.longitude * shrink, -p.latitude]);
  const low = [0, 1].map((k) => Math.min(...raw.map((p) => p[k])));
  const span = [0, 1].map((k) => Math.max(...raw.map((p) => p[k])) - low[k]);
  const scale = Math.min((WIDTH - 2 * EDGE) / (span[0] || 1e-9), (HEIGHT - 2 * EDGE) / (span[1] || 1e-9));
  const off = [(WIDTH - span[0] * scale) / 2, (HEIGHT - span[1] * scale) / 2];
  const points = raw.map((p) => [0, 1].map((k) => off[k] + (p[k] - low[k]) * scale));
  return { points, scale: scale / KM_PER_DEGREE };
}

function scaleBar(perKm) {
  const km = [500, 200, 100, 50, 20, 10, 5, 2, 1].find((k) => k * perKm < 110) ?? 1;
  const [x, y] = [10, HEIGHT - 12];
  return [
    svg("line", { x1: x, y1: y, x2: x + km * perKm, y2: y, class: "scale" }),
    svg("text", { x: x + km * perKm + 6, y: y + 4, class: "small" }, `${km} km`),
    svg("text", { x: WIDTH - 22, y: 22, class: "small" }, "N"),
    svg("path", { d: `M${WIDTH - 18} 26v16m-4 -10l4 -6l4 6`, class: "scale" }),
  ];
}

// Draw the places at hour `hour` of `run.hourly` (measure to [T][P]); areas grow with numbers.
export function show(run, clock, hour) {
  const most = (measure) => Math.max(1, ...run.hourly[measure].flat());
  const size = (measure, value) => 34 * Math.sqrt(value / most(measure));
  const layers = spots.map(({ place, x, y }, i) => {
    const at = (measure) => run.hourly[measure][hour][i];
    const middle = [
      svg("circle", { cx: x, cy: y, r: 38, class: "place" }),
      svg("circle", { cx: x, cy: y, r: size("crowd", at("crowd")), fill: ORANGE, "fill-opacity": 0.35 }),
      svg("circle", { cx: x, cy: y, r: size("cells", at("cells")), fill: BLUE, "fill-opacity": 0.5 }),
      at("clashes") > 0 ? svg("path", { d: star(x, y, 10 + size("clashes", at("clashes")) / 2),
        fill: RED, stroke: "#fff", "stroke-width": 1 }) : null,
      svg("text", { x, y: y + 54, class: "place-name" }, plain(place.name)),
      svg("text", { x, y: y + 69, class: "small centre" }, numbers(at)),
    ];
    return svg("g", {}, ...middle.filter(Boolean));
  });
  const when = words(clock, hour * clock.step_h);
  const said = spots.map(({ place }, i) =>
    `${plain(place.name)}: ${spoken((m) => run.hourly[m][hour][i])}`);
  $("map").replaceChildren(svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
    "aria-label": `Map of places at ${when}. ${said.join(". ")}.` },
  ...base.map((node) => node.cloneNode(true)), ...layers), keyOf());
  $("map-words").replaceChildren(...spots.map(({ place }, i) => el("li", {}, name(place.name),
    `: ${spoken((m) => run.hourly[m][hour][i])}`)));
  $("map-hour").textContent = when;
}

function numbers(at) {
  const parts = [];
  if (at("clashes")) parts.push(`${number(at("clashes"))} clash${at("clashes") === 1 ? "" : "es"}`);
  if (at("dead")) parts.push(`${number(at("dead"))} dead`);
  return parts.join(", ");
}

function spoken(at) {
  return `${number(at("cells"))} cells and ${number(Math.round(at("crowd")))} people on the street, ` +
    `${number(at("clashes"))} clashes and ${number(at("dead"))} dead in this hour, ` +
    `security forces at ${Math.round(100 * at("presence"))} %`;
}

function star(x, y, r) {
  const points = Array.from({ length: 16 }, (_, i) => {
    const reach = i % 2 ? r * 0.5 : r;
    return `${x + reach * Math.sin((i * Math.PI) / 8)} ${y - reach * Math.cos((i * Math.PI) / 8)}`;
  });
  return `M${points.join("L")}Z`;
}

function keyOf() {
  const swatch = (color, text) => el("span", {}, svg("svg", { viewBox: "0 0 12 12", class: "swatch",
    "aria-hidden": "true" }, svg("circle", { cx: 6, cy: 6, r: 5, fill: color })), ` ${text} `);
  return el("p", { class: "key" }, swatch(BLUE, "fighters’ cells"), swatch(ORANGE, "crowd"),
    swatch(RED, "clashes"), "areas relative to this run’s highest");
}
