// Reported facts: boxes over the panels that a mouse or a keyboard opens, and the same as a list.

import { $, el, name, number, plain } from "./dom.js";
import { seconds, words } from "./time.js";
import { showStatements } from "./statement.js";

export function factWords(fact, clock) {
  const when = `${words(clock, fact.start)} to ${words(clock, fact.end)}`;
  if (fact.time || fact.panel === "ladder") return when;
  const value = fact.high === null ? `at least ${number(fact.low)}`
    : fact.low === fact.high ? number(fact.low) : `${number(fact.low)} to ${number(fact.high)}`;
  return `${value}; ${when}`;
}

export function clearFacts(it) {
  it.box.querySelectorAll(".fact").forEach((node) => node.remove());
}

export function drawFacts(it, scene) {
  clearFacts(it);
  const u = it.plot;
  const panel = it.figure.dataset.panel;
  const height = u.over.clientHeight;
  for (const fact of scene.facts(panel)) {
    const left = u.valToPos(seconds(scene.clock, fact.start), "x");
    const right = u.valToPos(seconds(scene.clock, fact.end), "x");
    const [bottom, top] = fact.time ? [height, height - 9]
      : [clamp(u.valToPos(fact.low, "y"), height),
        fact.high === null ? clamp(u.valToPos(fact.low, "y") - 26, height)
          : clamp(u.valToPos(fact.high, "y"), height)];
    const tall = Math.max(bottom - top, 9);
    const wide = Math.max(right - left, 9);
    const middle = (top + bottom) / 2;
    const open = fact.high === null && !fact.time;
    const button = el("button", {
      type: "button",
      class: `fact${fact.background ? " background" : ""}${open ? " open" : ""}`,
      "aria-label": `Reported: ${plain(fact.title)}, ${factWords(fact, scene.clock)}. ` +
        `${plain(fact.tag)}. Show the statements.`,
      onclick: (event) => {
        event.stopPropagation();
        showStatements(fact.title, factWords(fact, scene.clock), fact.statements);
      },
      onmouseenter: (event) => tip(event.currentTarget, fact, scene),
      onfocus: (event) => tip(event.currentTarget, fact, scene),
      onmouseleave: untip,
      onblur: untip,
    });
    button.style.left = `${(left + right) / 2 - wide / 2}px`;
    button.style.width = `${wide}px`;
    button.style.top = `${open ? bottom - tall : middle - tall / 2}px`;
    button.style.height = `${tall}px`;
    u.over.append(button);
  }
}

export function listFacts(facts, clock) {
  $("fact-list").replaceChildren(...facts.map((fact) => el("li", {},
    el("button", {
      type: "button", class: "link",
      onclick: () => showStatements(fact.title, factWords(fact, clock), fact.statements),
    }, name(fact.title)),
    `: ${factWords(fact, clock)} `, el("span", { class: "quiet" }, name(fact.tag)))));
}

const clamp = (y, height) => Math.min(Math.max(y, 0), height);

function tip(button, fact, scene) {
  const box = $("tip");
  box.replaceChildren(el("strong", {}, name(fact.title)), el("br"),
    `reported: ${factWords(fact, scene.clock)}`, el("br"), name(fact.tag),
    fact.background ? " (background)" : "", el("br"), el("span", {}, "Click for the statements."));
  box.hidden = false;
  const at = button.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left), window.innerWidth - box.offsetWidth - 8);
  const below = at.bottom + 6 + box.offsetHeight < window.innerHeight;
  box.style.left = `${left + window.scrollX}px`;
  box.style.top = `${(below ? at.bottom + 6 : at.top - box.offsetHeight - 6) + window.scrollY}px`;
}

export function untip() {
  $("tip").hidden = true;
}
