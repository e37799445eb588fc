// The events of one run with their causes, as a table whose links lead from effect to cause.

import { $, el, name } from "./dom.js";
import { words } from "./time.js";

const MINOR = new Set(["mobilisation", "stand_down", "crowd", "report"]);
const MOST = 600;

let now = null;

export function show(run, clock, onEvent) {
  now = { run, clock, onEvent };
  draw();
}

$("minor").addEventListener("change", () => now && draw());

function draw() {
  const { run, clock } = now;
  const all = $("minor").checked;
  const wanted = run.events.filter((event) => all || !MINOR.has(event.kind));
  const shown = wanted.slice(0, MOST);
  const there = new Set(shown.map((event) => event.event));
  const more = wanted.length - shown.length + run.left_out;
  $("event-count").textContent = `${shown.length} of ${run.events.length + run.left_out} events` +
    (more > 0 && wanted.length > MOST ? "; the later ones are left out" : "");
  const head = ["No.", "Time", "What", "Where", "Dead", "Caused by"];
  $("events").replaceChildren(el("table", {},
    el("caption", { class: "hidden" }, `Events of run ${run.replicate}`),
    el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, ...shown.map((event) => row(event, clock, there)))));
}

function row(event, clock, there) {
  const sides = event.sides.flatMap((side, i) => [
    i ? (event.begun ? " against " : " and ") : " ", name(side)]);
  const what = [event.what, event.title ? ": " : "", event.title ? name(event.title) : "",
    ...(event.sides.length ? [el("span", { class: "quiet" }, ...sides)] : []),
    event.value !== null ? ` ${event.value}` : ""];
  const cause = event.cause < 0 ? "–" : there.has(event.cause)
    ? el("a", { href: `#event-${event.cause}`, onclick: (click) => go(click, event.cause) },
      `No. ${event.cause}`)
    : `No. ${event.cause}`;
  return el("tr", { id: `event-${event.event}`, tabindex: -1 },
    el("td", {}, String(event.event)),
    el("td", {}, el("button", { type: "button", class: "link",
      onclick: () => now.onEvent(event.time) }, words(clock, event.time))),
    el("td", {}, ...what), el("td", {}, name(event.place)),
    el("td", {}, event.dead ? String(event.dead) : ""), el("td", {}, cause));
}

// Follow a link to a cause without writing it into the address, which holds the state.
function go(click, number) {
  click.preventDefault();
  reveal(number);
}

export function reveal(number) {
  const target = $(`event-${number}`);
  if (!target) return;
  $("events").scrollTop = target.offsetTop - 40;
  $("events").querySelectorAll(".found").forEach((node) => node.classList.remove("found"));
  target.classList.add("found");
  target.focus({ preventScroll: true });
}

// Dim what has not happened yet at the scrubbed hour.
export function showHour(hours) {
  if (!now) return;
  const byNumber = new Map(now.run.events.map((event) => [event.event, event]));
  for (const node of $("events").querySelectorAll("tbody tr")) {
    const event = byNumber.get(Number(node.id.slice(6)));
    node.classList.toggle("later", event.time > hours);
  }
}
