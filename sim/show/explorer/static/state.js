// The state of the controls: kept in the address, so that a link carries it.

export const DEFAULTS = { replicates: 1000, seed: 1, view: "", replicate: 0, hour: null, prior: false };

export function read(hash, scenarios) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { ...DEFAULTS, scenario: scenarios[0], settings: {} };
  const wanted = given.get("scenario");
  if (scenarios.includes(wanted)) state.scenario = wanted;
  else if (wanted) return { ...state, unknown: wanted }; // its settings are for another scenario
  if (given.get("view")) state.view = given.get("view");
  state.prior = given.get("prior") === "true";
  for (const key of ["replicates", "seed", "replicate", "hour"]) {
    const value = given.get(key);
    if (value !== null && /^\d{1,15}$/.test(value)) state[key] = Number(value);
  }
  for (const [key, value] of given) {
    if (!key.startsWith("set.")) continue;
    try {
      state.settings[key.slice(4)] = JSON.parse(value);
    } catch {
      // a broken link sets nothing
    }
  }
  return state;
}

export function write(state) {
  const words = new URLSearchParams({ scenario: state.scenario });
  for (const key of ["replicates", "seed", "view", "replicate", "hour", "prior"]) {
    if (state[key] !== DEFAULTS[key]) words.set(key, state[key]);
  }
  for (const [path, value] of Object.entries(state.settings)) {
    words.set(`set.${path}`, JSON.stringify(value));
  }
  return `#${words}`;
}

export function question(state) {
  const { scenario, settings, replicates, seed, view, prior } = state;
  return { scenario, settings, replicates, seed, view, prior };
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
