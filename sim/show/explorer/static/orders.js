// Orders: green bands over all panels, and one labelled row each above them.

import { $, el, plain } from "./dom.js";
import { seconds, words } from "./time.js";

const GREEN = "0, 107, 79";

export function drawBands(u, scene) {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  u.ctx.beginPath();
  u.ctx.rect(left, top, width, height);
  u.ctx.clip();
  for (const order of scene.orders()) {
    const a = u.valToPos(seconds(scene.clock, order.start), "x", true);
    const b = u.valToPos(seconds(scene.clock, order.end), "x", true);
    const wide = Math.max(b - a, 2 * devicePixelRatio);
    if (order.simulated) {
      u.ctx.strokeStyle = `rgb(${GREEN})`;
      u.ctx.lineWidth = devicePixelRatio;
      u.ctx.setLineDash([4, 4]);
      u.ctx.strokeRect(a, top - 5, wide, height + 10);
    } else {
      u.ctx.fillStyle = `rgba(${GREEN}, 0.14)`;
      u.ctx.fillRect(a, top, wide, height);
    }
  }
  u.ctx.restore();
}

// The rows above the panels, on their time axis; `from` and `right` in px are the axis' margins.
export function labelRows(scene, from, right) {
  const hours = scene.clock.steps * scene.clock.step_h;
  const room = $("bands").clientWidth - from - right;
  const at = (h) => from + (Math.min(Math.max(h, 0), hours) / hours) * room;
  const rows = scene.orders().map((order) => {
    const beyond = order.start >= hours;
    const [a, b] = [at(order.start), at(order.end)];
    const row = el("div", { class: "band-row" });
    const label = el("span", {}, plain(order.label) + (beyond ? " (after the end)" : ""));
    const bar = el("i", { class: order.simulated ? "simulated" : "",
      title: `${words(scene.clock, order.start)} to ${words(scene.clock, order.end)}` });
    bar.style.left = `${a}px`;
    bar.style.width = `${Math.max(b - a, 2)}px`;
    if (b < from + room * 0.55) label.style.left = `${b + 6}px`;
    else label.style.right = `${from + room - a + right + 6}px`;
    row.append(bar, label);
    return row;
  });
  $("bands").replaceChildren(...rows);
}
