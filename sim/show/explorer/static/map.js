// A map of the places at one hour of one run: cells, crowds, clashes, the dead so far, on outlines
// of countries where the places have coordinates; each also in words, and each place to be opened.

import { $, el, name, number, plain, svg } from "./dom.js";
import { reveal } from "./events.js";
import { words } from "./time.js";

const [WIDTH, HEIGHT] = [420, 320];
const KM_PER_DEGREE = 111.2;
const [BLUE, ORANGE, RED] = ["#0072b2", "#b87800", "#b84a00"];
const [LARGEST, LABEL_H, NEAR, ASIDE] = [26, 30, 120, 32]; // units of the drawing
const MINOR = new Set(["mobilisation", "stand_down", "crowd", "report"]);
const NEWEST = 6;

let spots = [];
let base = null;
let opened = null; // id of the place whose events are listed
let onReports = null;

// `reports` shows what was reported of a place (its id).
export function build(scenario, reports) {
  [opened, onReports] = [null, reports];
  const { points, scale } = laidOut(scenario.places, scenario.ground);
  spots = scenario.places.map((place, i) => ({ place, x: points[i][0], y: points[i][1] }));
  placeLabels();
  base = scale ? [...ground(scenario.ground), ...scaleBar(scale)] : links();
}

function links() {
  const roads = spots.flatMap((a, i) => spots.slice(i + 1).map((b) =>
    svg("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, class: "road" })));
  return [...roads, svg("text", { x: 8, y: HEIGHT - 8, class: "small" },
    "not to scale: no coordinates given")];
}

// On the map where all places have coordinates; else evenly on a circle.
function laidOut(places, window) {
  if (!window) {
    const turn = (2 * Math.PI) / places.length;
    const points = places.map((_, i) => (places.length === 1 ? [WIDTH / 2, HEIGHT / 2]
      : [WIDTH / 2 + 110 * Math.sin(i * turn), HEIGHT / 2 - 100 * Math.cos(i * turn)]));
    return { points, scale: 0 };
  }
  const at = projection(window.frame);
  const points = places.map((place) => at(place.longitude, place.latitude));
  const [, south, , north] = window.frame;
  return { points, scale: HEIGHT / (north - south) / KM_PER_DEGREE };
}

const projection = ([west, south, east, north]) => (longitude, latitude) => [
  ((longitude - west) / (east - west)) * WIDTH, ((north - latitude) / (north - south)) * HEIGHT];

function ground({ frame, countries, source }) {
  const at = projection(frame);
  const path = (ring) => `M${Array.from({ length: ring.length / 2 }, (_, i) =>
    at(ring[2 * i], ring[2 * i + 1]).map((v) => v.toFixed(1)).join(" ")).join("L")}Z`;
  const lands = countries.map((country) => svg("path", { d: country.rings.map(path).join(""),
    class: "land" }, svg("title", {}, country.name)));
  const names = countries.filter((country) => country.at).map((country) => {
    const [x, y] = at(...country.at);
    return svg("text", { x, y, class: "country" }, country.name);
  });
  return [svg("rect", { width: WIDTH, height: HEIGHT, class: "sea" }), ...lands, ...names,
    svg("title", {}, `Outlines: ${source}`)];
}

// A label stands beside its place, on the side with more room, right of those near it; labels of
// one side keep a distance, and a thin line leads to each.
function placeLabels() {
  const near = (a, b) => Math.abs(a.x - b.x) < NEAR && Math.abs(a.y - b.y) < NEAR;
  for (const spot of spots) {
    const group = spots.filter((other) => near(spot, other));
    spot.left = Math.max(...group.map((one) => one.x)) > WIDTH * 0.6;
    spot.labelX = spot.left ? Math.min(...group.map((one) => one.x)) - ASIDE
      : Math.max(...group.map((one) => one.x)) + ASIDE;
  }
  for (const side of [true, false]) {
    const column = spots.filter((spot) => spot.left === side).sort((a, b) => a.y - b.y);
    column.forEach((spot, i) => {
      spot.labelY = Math.max(spot.y, i ? column[i - 1].labelY + LABEL_H : 14);
    });
    // what was pushed beyond the lower edge goes up again, and the others before it
    for (let i = column.length - 1, edge = HEIGHT - 20; i >= 0; i -= 1, edge -= LABEL_H) {
      column[i].labelY = Math.min(column[i].labelY, edge);
    }
  }
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
  const size = (measure, value) => LARGEST * Math.sqrt(value / most(measure));
  const soFar = spots.map((_, i) => run.hourly.dead.slice(0, hour + 1)
    .reduce((sum, row) => sum + row[i], 0));
  const whole = Math.max(1, ...spots.map((_, i) => run.hourly.dead
    .reduce((sum, row) => sum + row[i], 0)));
  const layers = spots.map((spot, i) => {
    const { place, x, y, labelX, labelY } = spot;
    const at = (measure) => run.hourly[measure][hour][i];
    const open = () => { opened = opened === place.id ? null : place.id; show(run, clock, hour); };
    const side = { x: labelX + (spot.left ? -3 : 3), "text-anchor": spot.left ? "end" : "start" };
    const parts = [
      svg("line", { x1: x, y1: y, x2: labelX, y2: labelY - 4, class: "lead" }),
      svg("circle", { cx: x, cy: y, r: size("crowd", at("crowd")), fill: ORANGE, "fill-opacity": 0.35 }),
      svg("circle", { cx: x, cy: y, r: size("cells", at("cells")), fill: BLUE, "fill-opacity": 0.45 }),
      svg("circle", { cx: x, cy: y, r: LARGEST * Math.sqrt(soFar[i] / whole), class: "toll" }),
      svg("circle", { cx: x, cy: y, r: 3.5, class: "place" }),
      at("clashes") > 0 ? svg("path", { d: star(x, y, 7 + size("clashes", at("clashes")) / 2),
        fill: RED, stroke: "#fff", "stroke-width": 1 }) : null,
      svg("text", { ...side, y: labelY, class: "place-name halo" }, plain(place.name)),
      svg("text", { ...side, y: labelY + 13, class: "small halo" }, numbers(at, soFar[i])),
    ];
    const said = `${plain(place.name)}, ${spoken(at, soFar[i])}: its events`;
    return svg("g", { class: "node", role: "button", tabindex: 0, "aria-label": said,
      "aria-pressed": String(opened === place.id), "data-place": place.id, onclick: open,
      onkeydown: (key) => {
        if (key.key !== "Enter" && key.key !== " ") return;
        key.preventDefault();
        open();
      } }, ...parts.filter(Boolean));
  });
  const when = words(clock, hour * clock.step_h);
  const focus = document.activeElement?.dataset?.place;
  $("map").replaceChildren(svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group",
    "aria-label": `Map of places at ${when}` },
  ...base.map((node) => node.cloneNode(true)), ...layers), keyOf());
  if (focus) $("map").querySelector(`[data-place="${CSS.escape(focus)}"]`)?.focus();
  $("map-words").replaceChildren(...spots.map(({ place }, i) => el("li", {}, name(place.name),
    `: ${spoken((m) => run.hourly[m][hour][i], soFar[i])}`)));
  $("map-hour").textContent = when;
  listEvents(run, clock, hour);
}

// What happened at the opened place by now, newest first, with causes; and the way to the reports.
function listEvents(run, clock, hour) {
  const spot = spots.find((one) => one.place.id === opened);
  $("map-place").hidden = !spot;
  if (!spot) return;
  const until = (hour + 1) * clock.step_h;
  const byNumber = new Map(run.events.map((event) => [event.event, event]));
  const here = run.events.filter((event) => event.place === spot.place.name &&
    event.time <= until && !MINOR.has(event.kind));
  const said = (event) => [event.what, ...(event.title ? [": ", name(event.title)] : []),
    event.dead ? `, ${event.dead} dead` : ""];
  const link = (event) => el("button", { type: "button", class: "link",
    onclick: () => reveal(event.event) }, words(clock, event.time));
  const rows = here.slice(-NEWEST).reverse().map((event) => {
    const cause = byNumber.get(event.cause);
    return el("li", {}, link(event), " ", ...said(event),
      ...(cause ? [el("span", { class: "quiet" }, " caused by ", ...said(cause), " at "), link(cause)] : []));
  });
  $("map-place").replaceChildren(
    el("h4", {}, name(spot.place.name), ` by ${words(clock, hour * clock.step_h)}: ${here.length} events`),
    rows.length ? el("ul", {}, ...rows) : el("p", {}, "Nothing so far in this run."),
    el("button", { type: "button", class: "link", onclick: () => onReports(spot.place.id) },
      "What was reported here, with its sources"));
}

function numbers(at, dead) {
  const parts = [];
  if (at("clashes")) parts.push(`${number(at("clashes"))} clash${at("clashes") === 1 ? "" : "es"}`);
  if (dead) parts.push(`${number(dead)} dead so far`);
  return parts.join(", ");
}

function spoken(at, dead) {
  return `${number(at("cells"))} cells and ${number(Math.round(at("crowd")))} people on the street, ` +
    `${number(at("clashes"))} clashes and ${number(at("dead"))} dead in this hour, ` +
    `${number(dead)} dead so far, security forces at ${Math.round(100 * at("presence"))} %`;
}

function star(x, y, r) {
  const points = Array.from({ length: 16 }, (_, i) => {
    const reach = i % 2 ? r * 0.5 : r;
    return `${x + reach * Math.sin((i * Math.PI) / 8)} ${y - reach * Math.cos((i * Math.PI) / 8)}`;
  });
  return `M${points.join("L")}Z`;
}

function keyOf() {
  const swatch = (color, text, edge) => el("span", {}, svg("svg", { viewBox: "0 0 12 12", class: "swatch",
    "aria-hidden": "true" }, svg("circle", { cx: 6, cy: 6, r: 5, fill: color, stroke: edge })), ` ${text} `);
  return el("p", { class: "key" }, swatch(BLUE, "fighters’ cells"), swatch(ORANGE, "crowd"),
    swatch(RED, "clashes"), swatch("none", "dead so far", RED), "areas relative to this run’s highest");
}
