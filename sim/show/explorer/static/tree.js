// The reprisal tree of one run: left to right in time, each event joined to what caused it.

import { $, el, plain, svg } from "./dom.js";
import { words } from "./time.js";
import { reveal } from "./events.js";

const SIDES = ["#0072b2", "#b84a00", "#007a58", "#a3407c", "#946500", "#1f78a8", "#7a5195", "#6b6b00"];
const [ROW, LEFT, RIGHT, TOP] = [16, 14, 150, 10];

export function show(run, clock) {
  const events = new Map(run.events.map((event) => [event.event, event]));
  const nodes = run.tree.nodes.filter(([number]) => events.has(number));
  if (!nodes.length) {
    $("tree").replaceChildren(el("p", {}, "In this run nothing caused anything."));
    return;
  }
  const times = nodes.map(([number]) => events.get(number).time);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const width = Math.max(560, $("tree").clientWidth - 4);
  const x = (n) => LEFT + ((events.get(n).time - first) / Math.max(last - first, 1)) * (width - LEFT - RIGHT);
  const rows = new Map(nodes);
  const y = (n) => TOP + 6 + rows.get(n) * ROW;
  const factions = [...new Set(nodes.map(([n]) => events.get(n).sides[0]).filter(Boolean))];
  const color = (n) => SIDES[factions.indexOf(events.get(n).sides[0]) % SIDES.length] ?? "#595959";
  const height = TOP + run.tree.height * ROW + 26;
  const links = run.tree.links.filter(([a, b]) => rows.has(a) && rows.has(b)).map(([n, cause]) =>
    svg("path", { d: `M${x(cause)} ${y(cause)}V${y(n)}H${x(n)}`, class: "branch" }));
  const marks = nodes.map(([n]) => mark(events.get(n), x(n), y(n), color(n), clock));
  const axis = [first, last].map((time, i) => svg("text",
    { x: i ? x2(width) : LEFT, y: height - 4, class: "small", "text-anchor": i ? "end" : "start" },
    words(clock, time)));
  const drawing = svg("svg", { width, height, role: "group", "aria-label": run.tree_alt },
    ...links, ...marks, ...axis);
  const key = el("p", { class: "key" }, ...factions.map((faction, i) => el("span", {},
    svg("svg", { viewBox: "0 0 12 12", class: "swatch", "aria-hidden": "true" },
      svg("circle", { cx: 6, cy: 6, r: 5, fill: SIDES[i % SIDES.length] })), ` ${plain(faction)} `)),
  `Numbers: dead. ${run.tree.left_out} further events are left out.`);
  $("tree").replaceChildren(key, drawing);
}

const x2 = (width) => width - RIGHT;

function mark(event, x, y, color, clock) {
  const said = `${event.what}${event.title ? `: ${plain(event.title)}` : ""}, ` +
    `${words(clock, event.time)}, ${plain(event.place)}, ${event.dead} dead`;
  const order = event.kind === "order" || event.kind === "trigger";
  const shape = order ? svg("rect", { x: x - 5, y: y - 5, width: 10, height: 10, fill: color })
    : svg("circle", { cx: x, cy: y, r: 3.5 + Math.sqrt(Math.min(event.dead, 16)), fill: color });
  shape.setAttribute("stroke", "#fff");
  const label = order ? plain(event.title) : event.dead ? String(event.dead) : "";
  const open = () => reveal(event.event);
  return svg("g", { class: "node", role: "button", tabindex: 0, "aria-label": said, onclick: open,
    onkeydown: (key) => {
      if (key.key !== "Enter" && key.key !== " ") return;
      key.preventDefault();
      open();
    } },
  svg("title", {}, said), shape,
  label ? svg("text", { x: x + 9, y: y + 4, class: "small halo" }, label) : null);
}
