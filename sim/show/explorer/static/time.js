// Local time: hours from the clock's start as the wall clock of the place shows them.

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const two = (n) => String(n).padStart(2, "0");

export const seconds = (clock, hours) => clock.wall + 3600 * hours;

export function words(clock, hours) {
  const at = new Date(Math.round(seconds(clock, hours) / 60) * 60_000);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

export function axisWords(_, splits, __, ___, step) {
  return splits.map((split) => {
    const at = new Date(split * 1000);
    const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
    return step >= 86400 || at.getUTCHours() === 0 ? day : `${two(at.getUTCHours())}:00`;
  });
}
