// The page: state in, questions to the server, everything drawn; one question at a time.

import { $, el, name, plain } from "./dom.js";
import { Refused, ask, get } from "./api.js";
import { DEFAULTS, question, read, write } from "./state.js";
import { words } from "./time.js";
import * as charts from "./charts.js";
import * as controls from "./controls.js";
import * as events from "./events.js";
import { listFacts } from "./facts.js";
import * as map from "./map.js";
import { labelRows } from "./orders.js";
import { busiest, legend, seriesOf } from "./series.js";
import * as save from "./save.js";
import { setStatements } from "./statement.js";
import * as table from "./table.js";
import * as tree from "./tree.js";

const SETTLED_MS = 350; // after this rest the slower parts follow: table and single run
const FRAME_MS = 130;

let [scenario, state, facts, baseline, future, run] = [null, null, [], null, null, null];
let [busy, again, changedAt, settle, player] = [false, false, 0, 0, 0];
let names = [];
let atRest = true; // whether the address shown is a state to come back to

const changed = () => Object.keys(state.settings).length > 0;
const key = () => JSON.stringify([state.scenario, state.view, state.replicates, state.seed,
  state.prior]);

function say(problems) {
  $("problems").hidden = problems.length === 0;
  $("problems").replaceChildren(...problems.map((problem) => el("li", {}, name(problem))));
}

async function open() {
  scenario = await get(`/api/scenario/${encodeURIComponent(state.scenario)}`);
  setStatements(scenario.statements);
  document.title = `${plain(scenario.title)}: explorer`;
  $("title").replaceChildren(name(scenario.title));
  if (!scenario.has_posterior) state.prior = false;
  $("prior-switch").hidden = !scenario.has_posterior;
  $("summary").replaceChildren(name(scenario.summary));
  $("others").hidden = names.length < 2;
  $("scenario").replaceChildren(...names.map((one) =>
    el("option", { value: one }, plain(scenario.others[one]))));
  $("scenario").value = state.scenario;
  if (!scenario.places.some((place) => place.id === state.view)) state.view = "";
  $("hour").max = $("map-slider").max = scenario.clock.steps - 1;
  if (state.hour !== null) state.hour = Math.min(state.hour, scenario.clock.steps - 1);
  $("axis").textContent = `Local time (${scenario.clock.offset})`;
  views();
  controls.build(scenario, state, moved);
  map.build(scenario, reportsOf);
  baseline = null;
  await redraw();
}

function views() {
  const all = scenario.places.length > 1 ? [["", "All places"]] : [];
  const radios = [...all, ...scenario.places.map((place) => [place.id, place.name])];
  if (!all.length) state.view = "";
  $("views").hidden = !all.length;
  $("views").replaceChildren(el("legend", { class: "hidden" }, "Place"),
    ...radios.map(([value, label]) => el("label", {},
      el("input", { type: "radio", name: "view", value, checked: value === state.view,
        onchange: () => { state.view = value; moved(); } }), " ", name(label))));
}

// A control was moved: the address follows, and the newest state is asked for once there is room.
function moved() {
  changedAt = changedAt || performance.now();
  controls.show(scenario, state);
  // One entry of the browser's history per rest: Back undoes a move, not each pixel of it.
  if (atRest && write(state) !== location.hash) {
    history.pushState(null, "", write(state));
    atRest = false;
  }
  delete state.unknown;
  remember();
  clearTimeout(settle);
  if (busy) again = true;
  else redraw();
}

function remember() {
  history.replaceState(null, "", write(state));
}

async function redraw() {
  busy = true;
  try {
    do {
      again = false;
      const [asked, since] = [question(state), changedAt];
      changedAt = 0;
      const fresh = baseline?.key !== key();
      const plainState = { ...asked, settings: {} };
      const [answer, base, boxes] = await Promise.all([
        ask("/api/future", asked),
        fresh && changed() ? ask("/api/future", plainState) : null,
        fresh ? ask("/api/facts", plainState) : null,
      ]);
      future = answer;
      if (fresh) {
        facts = boxes;
        baseline = { key: key(), curves: (base ?? answer).curves };
        run = null;
      }
      state.hour ??= busiest(future.curves, scenario.clock);
      draw(fresh);
      if (since) measured(since);
      say(state.unknown
        ? [`there is no scenario '${plain(state.unknown)}' here; this is ${state.scenario}`] : []);
    } while (again);
    settle = setTimeout(follow, SETTLED_MS);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refused(error.problems);
  } finally {
    busy = false;
    if (again) redraw();
  }
}

// What cannot be has no answer: the old one must not stand there as if it were it.
function refused(problems) {
  say(problems);
  $("headline").textContent = "No answer: this cannot be set. The picture still shows the last that could.";
  $("known").textContent = "";
  $("beyond").hidden = true;
  atRest = true;
}

function draw(fresh) {
  const context = {
    clock: scenario.clock,
    hour: state.hour,
    facts: (panel) => facts.filter((fact) => fact.panel === panel),
    orders: () => future.orders,
    onHour: setHour,
  };
  if (fresh || !sameKeys(charts.shown(), Object.keys(future.curves))) {
    charts.build(context, future.curves);
    listFacts(facts, scenario.clock);
  }
  const beyond = future.beyond.length > 0;
  charts.update(future.curves, changed() ? baseline.curves : null, beyond);
  labelRows(context, charts.AXIS, charts.RIGHT);
  $("drawn").replaceChildren(name(state.prior ? scenario.drawn_from_prior : scenario.drawn_from));
  $("prior").checked = state.prior;
  $("headline").textContent = future.words[0];
  $("known").textContent = future.words[1] ?? "";
  $("beyond").hidden = !beyond;
  $("why-beyond").textContent = beyond ? plain(future.beyond.join("; ")) : "";
  document.body.classList.toggle("beyond", beyond);
  legend(changed(), state.replicate);
  for (const field of ["replicates", "seed", "replicate"]) $(field).value = state[field];
  $("replicate").max = 2 ** 32 - 1;
  showHour();
}

const sameKeys = (a, b) => a.length === b.length && a.every((one) => b.includes(one));

// From the moved control to the pixels: read by the benchmark, and by anybody in the profiler.
function measured(since) {
  requestAnimationFrame(() => setTimeout(() =>
    performance.measure("update", { start: since, end: performance.now() })));
}

// What follows when the controls rest: the table, the single run, the command.
async function follow() {
  atRest = true;
  const asked = JSON.stringify(question(state));
  try {
    const [found, single] = await Promise.all([
      ask("/api/table", question(state)),
      ask("/api/single", { state: question(state), replicate: state.replicate }),
    ]);
    if (asked !== JSON.stringify(question(state)) || busy) return;
    table.show(found, changed());
    run = single;
    events.show(run, scenario.clock, (time) =>
      setHour(Math.min(Math.floor(time / scenario.clock.step_h), scenario.clock.steps - 1)));
    tree.show(run, scenario.clock);
    charts.showRun(seriesOf(run, scenario, state.view));
    showHour();
    document.body.dataset.settled = asked;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(error.problems);
  }
}

// From the map to what was reported of a place: its view, and the list with the statements.
async function reportsOf(place) {
  if (scenario.places.length > 1 && state.view !== place) {
    state.view = place;
    views();
    moved();
  }
  $("reported").open = true;
  $("reported").scrollIntoView({ behavior: "smooth", block: "center" });
  $("reported").querySelector("summary").focus({ preventScroll: true });
}

function setHour(hour) {
  state.hour = hour;
  remember();
  showHour();
}

function showHour() {
  const hours = state.hour * scenario.clock.step_h;
  $("hour").value = state.hour;
  $("hour-text").textContent = words(scenario.clock, hours);
  $("map-slider").value = state.hour;
  for (const id of ["hour", "map-slider"]) {
    $(id).setAttribute("aria-valuetext", words(scenario.clock, hours));
  }
  charts.showHour(state.hour);
  if (!run) return;
  map.show(run, scenario.clock, state.hour);
  events.showHour(hours + scenario.clock.step_h);
}

function play() {
  clearInterval(player);
  const playing = $("play").getAttribute("aria-pressed") === "true";
  $("play").setAttribute("aria-pressed", String(!playing));
  $("play").textContent = playing ? "Play" : "Pause";
  if (playing) return;
  if (state.hour >= scenario.clock.steps - 1) state.hour = 0;
  player = setInterval(() => {
    if (state.hour >= scenario.clock.steps - 1) play();
    else setHour(state.hour + 1);
  }, FRAME_MS);
}

function numberField(id, least, most) {
  $(id).addEventListener("change", () => {
    const value = Math.round(Number($(id).value));
    state[id] = Number.isFinite(value) && $(id).value !== ""
      ? Math.min(Math.max(value, least), most) : DEFAULTS[id];
    $(id).value = state[id];
    moved();
  });
}

async function start() {
  names = await get("/api/scenarios");
  state = read(location.hash, names);
  $("reset").addEventListener("click", () => { state.settings = {}; moved(); });
  $("prior").addEventListener("change", () => { state.prior = $("prior").checked; moved(); });
  $("play").addEventListener("click", play);
  for (const id of ["hour", "map-slider"]) {
    $(id).addEventListener("input", () => setHour(Number($(id).value)));
  }
  numberField("replicates", 10, 5000);
  numberField("seed", 0, 2 ** 53 - 1);
  numberField("replicate", 0, 2 ** 32 - 1);
  $("scenario").addEventListener("change", () => {
    state = { ...read("", names), scenario: $("scenario").value };
    remember();
    reopen();
  });
  window.addEventListener("hashchange", () => { state = read(location.hash, names); reopen(); });
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width || !future) return;
    width = window.innerWidth;
    charts.refit();
    draw(false);
  });
  save.listen(() => state, say);
  await reopen();
}

async function reopen() {
  try {
    await open();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(error.problems);
  }
}

start();
