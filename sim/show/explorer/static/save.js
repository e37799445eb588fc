// Keeping a state: a scenario file with it as a variant, figures, the table of replicates, a link.

import { $ } from "./dom.js";
import { Refused, download } from "./api.js";
import { question } from "./state.js";

export function listen(stateOf, say) {
  const tried = async (work) => {
    try {
      await work();
      say([]);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      say(error.problems);
    }
  };

  $("variant").addEventListener("submit", (event) => {
    event.preventDefault();
    const [name, title] = [$("variant-name").value, $("variant-title").value];
    const state = stateOf();
    tried(async () => {
      await download("/api/variant", { state: question(state), name, title },
        `${state.scenario}.${name}.yaml`);
      $("variant-note").textContent =
        `Put the file beside the scenario and run it with --variant ${name} ` +
        `--replicates ${state.replicates} --seed ${state.seed}: the same numbers to the byte.`;
    });
  });

  for (const button of document.querySelectorAll("[data-figure]")) {
    button.addEventListener("click", () => {
      const state = stateOf();
      const [form, column] = [button.dataset.figure, Boolean(button.dataset.column)];
      tried(() => download("/api/figure", { state: question(state), form, column },
        `${state.scenario}${column ? "_column" : ""}.${form}`));
    });
  }

  $("parquet").addEventListener("click", () => {
    const state = stateOf();
    tried(() => download("/api/replicates", question(state), `${state.scenario}.parquet`));
  });

  $("link").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      $("link").textContent = "Link copied";
    } catch {
      $("link").textContent = "The link is in the address bar";
    }
    setTimeout(() => { $("link").textContent = "Copy link"; }, 2000);
  });
}
