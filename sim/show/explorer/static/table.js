// The table of observables: reported, simulated, whether they agree, and the effect of the change.

import { $, el, name } from "./dom.js";
import { showStatements } from "./statement.js";

export function show(found, changed) {
  const head = ["Observable", "Reported", "Median", "90 %", "Probability", "Verdict",
    ...(changed ? ["Mean against baseline", "Unchanged"] : [])];
  $("table").replaceChildren(el("table", { class: "cards" },
    el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, ...found.rows.map((row) => line(row, head, changed)))));
  $("table-note").textContent = changed
    ? "The reports speak of what happened, not of this changed scenario. The effect is a ratio of "
      + "means over pairs of runs, in brackets 90 % by the number of runs; for times, hours."
    : "Probability: share of runs in the reported range, disputed readings weighted; below it, what "
      + "the baselines give.";
  $("command").textContent = found.command;
  $("manifest").textContent = found.manifest;
}

function line(row, head, changed) {
  const cells = [
    [el("button", { type: "button", class: "link",
      onclick: () => showStatements(row.title, row.reported, row.statements) },
    name(row.reported)), " ", el("span", { class: "quiet" }, name(row.tag))],
    [row.median], [row.ninety, row.never ? el("span", { class: "quiet" }, ` ${row.never}`) : ""],
    [row.probability, ...row.baselines.map((other) =>
      el("span", { class: "quiet baseline" }, `${other.name} ${other.probability}`))],
    [el("span", { class: row.mark }, row.verdict),
      row.weak ? el("span", { class: "quiet" }, " weak: silence") : ""],
    ...(changed ? [[row.change], [row.unchanged]] : []),
  ];
  return el("tr", { "data-id": row.id },
    el("th", { scope: "row" }, name(row.title), " ",
      el("span", { class: "quiet" }, `(${row.unit}; ${row.role})`)),
    ...cells.map((content, i) => el("td", { "data-label": head[i + 1] },
      el("span", {}, ...content))));
}
