// A dialog with the coded statements that a reported number rests on.

import { $, el, name } from "./dom.js";

let known = {};

export function setStatements(statements) {
  known = statements;
}

export function showStatements(title, value, ids) {
  $("statement-h").replaceChildren(name(title));
  const items = ids.map((id) => (known[id] ? described(id, known[id])
    : el("p", {}, el("strong", {}, name(id)))));
  $("statement-body").replaceChildren(el("p", {}, `Reported: ${value}`),
    ...(items.length ? items : [el("p", {}, "No coded statement is named.")]));
  $("statement").showModal();
}

function described(id, it) {
  const rows = [
    ["Says", it.says], ["Attributed to", `${it.attribution} (${it.class})`],
    ["Hedging", it.hedging], ["Background", it.background ? "yes" : "no"],
  ];
  return el("section", { class: "coded" },
    el("h3", {}, name(it.outlet), `, ${it.published}, `, name(it.where), " ",
      el("code", {}, name(id))),
    el("p", { class: "quiet" }, name(it.title)),
    el("dl", {}, ...rows.flatMap(([key, text]) => [el("dt", {}, key), el("dd", {}, name(text))])));
}

$("statement-close").addEventListener("click", () => $("statement").close());
$("statement").addEventListener("click", (event) => {
  if (event.target === $("statement")) $("statement").close();
});
