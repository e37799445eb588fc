// The controls: one per setting of the scenario; what is moved is marked and can be put back.

import { $, el, name, number, plain } from "./dom.js";
import { same } from "./state.js";

const GROUPS = {
  variants: ["Variants of the scenario", true],
  orders: ["Orders", true],
  parameters: ["Free parameters", false],
  happenings: ["What happens by script", false],
  hostilities: ["Hostilities", false],
  assumptions: ["Declared assumptions", false],
};

let onChange = () => {};
let controls = [];
const widgets = new Map(); // path to a function that shows a value

export function build(scenario, state, change) {
  onChange = change;
  controls = scenario.controls;
  widgets.clear();
  const groups = Object.entries(GROUPS).map(([key, [title, open]]) => {
    const own = controls.filter((control) => control.group === key);
    const body = key === "variants" ? [variants(scenario, state)] : parts(own, state);
    if (!body.length || (key === "variants" && !scenario.variants.length)) return null;
    return el("details", { class: "group", open }, el("summary", {}, title), ...body);
  });
  $("groups").replaceChildren(...groups.filter(Boolean));
  show(scenario, state);
}

// Bring every control to what the state says.
export function show(scenario, state) {
  for (const control of controls) {
    const isSet = control.path in state.settings;
    widgets.get(control.path)(isSet ? state.settings[control.path] : control.value, isSet);
  }
  widgets.get("")?.(state);
  idle(state);
  $("reset").disabled = Object.keys(state.settings).length === 0;
}

// An order that never comes, or whose hour is the leader's, has nothing to move: say so.
function idle(state) {
  for (const control of controls.filter((one) => one.path.endsWith(".mode"))) {
    const mode = state.settings[control.path] ?? control.value;
    const base = control.path.slice(0, -"mode".length);
    for (const box of document.querySelectorAll("#groups .control")) {
      const { path } = box.dataset;
      if (!path.startsWith(base) || path === control.path) continue;
      const off = mode === "off" || (mode === "endogenous" && path === `${base}shift_h`);
      box.classList.toggle("idle", off);
      box.querySelectorAll("input").forEach((input) => { input.disabled = off; });
    }
  }
}

function set(state, control, value) {
  if (value === undefined || same(value, control.value)) delete state.settings[control.path];
  else state.settings[control.path] = value;
  onChange();
}

function parts(own, state) {
  const found = [];
  for (const part of new Set(own.map((control) => control.part))) {
    const members = own.filter((control) => control.part === part)
      .map((control) => widget(control, state));
    if (own[0].group === "orders") { // on a narrow screen only the first stands open
      const open = found.length === 0 || window.innerWidth > 900;
      found.push(el("details", { class: "part", open }, el("summary", {}, name(part)), ...members));
    } else if (part) {
      found.push(el("fieldset", { class: "part" }, el("legend", {}, name(part)), ...members));
    } else found.push(el("div", { class: "part" }, ...members));
  }
  return found;
}

function widget(control, state) {
  const make = { slider, choice, several, switch: onOff }[control.kind];
  const undo = el("button", { type: "button", class: "undo", onclick: () => set(state, control),
    "aria-label": `Put back: ${plain(control.part)} ${plain(control.label)}`, hidden: true }, "↺");
  const [body, put] = make(control, (value) => set(state, control, value));
  const box = el("div", { class: "control", "data-path": control.path }, body, undo);
  const about = [control.help, control.prior && `Prior: ${control.prior}.`,
    control.source && `Source: ${control.source}`].filter(Boolean).join(" ");
  if (about) box.append(el("details", { class: "about" },
    el("summary", { "aria-label": `About ${plain(control.part)} ${plain(control.label)}` }, "?"),
    el("p", {}, name(about))));
  widgets.set(control.path, (value, isSet) => {
    put(value);
    undo.hidden = !isSet;
    box.classList.toggle("moved", isSet);
  });
  return box;
}

let serial = 0;

// A slider and a number field for one value; on a log scale the slider moves by factors.
function slider(control, change) {
  const { low, high, log } = control;
  const id = `c${(serial += 1)}`;
  const up = (v) => (log ? Math.log(v / low) / Math.log(high / low) * 1000 : v);
  const down = (t) => (log ? Number((low * (high / low) ** (t / 1000)).toPrecision(3))
    : Number(Number(t).toPrecision(6)));
  const unit = control.unit && control.unit !== "-" ? control.unit : "";
  const range = el("input", { type: "range", id, min: log ? 0 : low, max: log ? 1000 : high,
    step: log ? 1 : control.step,
    oninput: () => change(down(Number(range.value))) });
  const field = el("input", { type: "number", step: "any", "aria-label":
    `${plain(control.part)} ${plain(control.label)}, ${unit || "value"}`,
    onchange: () => change(field.value === "" ? undefined : Number(field.value)) });
  const note = el("span", { class: "quiet" });
  const body = el("div", { class: "slide" },
    el("label", { for: id }, name(control.label), unit ? el("span", { class: "quiet" }, ` ${unit}`) : null),
    range, field, note);
  return [body, (value) => {
    const drawn = value === null || value === undefined;
    const at = drawn ? (log ? 500 : (low + high) / 2) : up(Number(value));
    range.value = at;
    range.classList.toggle("drawn", drawn);
    field.value = drawn ? "" : value;
    field.placeholder = drawn ? "drawn" : "";
    note.textContent = drawn ? `drawn anew in each run, ${control.prior}` : "";
    range.setAttribute("aria-valuetext",
      drawn ? `drawn from its prior, ${control.prior}` : `${number(Number(value))} ${unit}`);
  }];
}

function choice(control, change) {
  const select = el("select", { onchange: () => change(select.value) },
    ...control.options.map(([value, label]) => el("option", { value }, plain(label))));
  return [el("label", { class: "choose" }, name(control.label), select),
    (value) => { select.value = value; }];
}

function several(control, change) {
  const boxes = control.options.map(([value, label]) => {
    const input = el("input", { type: "checkbox", value, onchange: () => {
      const chosen = boxes.filter(([box]) => box.checked).map(([box]) => box.value);
      if (chosen.length) change(chosen);
      else input.checked = true; // an order is addressed to somebody
    } });
    return [input, el("label", {}, input, " ", name(label))];
  });
  return [el("fieldset", { class: "inline" }, el("legend", {}, control.label),
    ...boxes.map(([, label]) => label)),
  (value) => { for (const [box] of boxes) box.checked = value.includes(box.value); }];
}

function onOff(control, change) {
  const input = el("input", { type: "checkbox", onchange: () => change(input.checked) });
  return [el("label", {}, input, " ", name(control.label)),
    (value) => { input.checked = value; }];
}

// Choosing a variant sets what it sets, so that one can go on from there.
function variants(scenario, state) {
  const select = el("select", { id: "variant-choice", onchange: () => {
    const chosen = scenario.variants.find((variant) => variant.name === select.value);
    if (select.value === "+") return;
    state.settings = chosen ? structuredClone(chosen.set) : {};
    onChange();
  } },
  el("option", { value: "" }, "as written: the baseline"),
  ...scenario.variants.map((v) => el("option", { value: v.name }, plain(v.title))),
  el("option", { value: "+", disabled: true }, "your own"));
  const extra = el("ul", { class: "extra" });
  widgets.set("", (now) => {
    const own = scenario.variants.find((v) => same(sorted(v.set), sorted(now.settings)));
    select.value = own ? own.name : Object.keys(now.settings).length ? "+" : "";
    const hidden = Object.keys(now.settings)
      .filter((path) => !controls.some((control) => control.path === path));
    extra.replaceChildren(...hidden.map((path) => el("li", {},
      el("code", {}, name(`${path} = ${JSON.stringify(now.settings[path])}`)), " ",
      el("button", { type: "button", class: "undo", "aria-label": `Put back: ${plain(path)}`,
        onclick: () => { delete now.settings[path]; onChange(); } }, "↺"))));
  });
  return el("div", { class: "part" },
    el("label", { class: "choose" }, "Variant", select), extra);
}

const sorted = (settings) => Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
