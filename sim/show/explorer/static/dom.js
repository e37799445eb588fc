// Making elements: text goes in as text, never as markup.

export const $ = (id) => document.getElementById(id);

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  fill(node, attributes, children);
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(node, attributes, children);
  return node;
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && ["value", "checked", "disabled"].includes(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
}

// Text from a file, kept from turning round what stands beside it.
export const name = (text) => el("bdi", {}, String(text ?? ""));

// The same where no element can stand: in attributes and in SVG.
export const plain = (text) => String(text ?? "").replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu, " ").trim();

export function number(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en-GB");
  return String(Number(value.toPrecision(digits)));
}
