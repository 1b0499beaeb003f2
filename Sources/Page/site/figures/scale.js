// From numbers to places on a figure, and the numbers worth writing beside it.

import { scientific } from "../shared/numbers.js";

/** A map from [low, high] to [from, to]; logarithmic on request. */
export function scale([low, high], [from, to], isLog = false) {
  const f = isLog ? Math.log : (x) => x;
  const a = f(low), span = f(high) - a || 1;
  const map = (x) => from + (f(x) - a) / span * (to - from);
  map.invert = (place) => {
    const t = a + (place - from) / (to - from) * span;
    return isLog ? Math.exp(t) : t;
  };
  map.ticks = (count) => isLog ? logTicks(low, high, count) : linearTicks(low, high, count);
  return map;
}

/** Multiples of 1, 2 or 5 times a power of ten. */
export function linearTicks(low, high, count) {
  const rough = (high - low) / Math.max(count, 1), power = 10 ** Math.floor(Math.log10(rough));
  if (!Number.isFinite(power) || power === 0) return [];
  const step = [1, 2, 5, 10].find((m) => m * power >= rough * 0.8) * power;
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9), ticks = [];
  for (let i = first; i <= last && ticks.length < 50; i++) {
    ticks.push({ at: i * step, text: tickText(i * step, step) });
  }
  return ticks;
}

function tickText(value, step) {
  if (Math.abs(value) < step / 2) return "0";
  if (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3) return scientific(value, 3);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
}

/** Powers of ten; where there are few, also their multiples by 2 and 5. */
function logTicks(low, high, count) {
  const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
  const every = Math.max(1, Math.ceil((last - first) / count)), ticks = [];
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  for (let power = first; power <= last; power++) {
    if ((power - first) % every) continue;
    for (const factor of factors) {
      const at = factor * 10 ** power;
      if (at >= low * 0.999 && at <= high * 1.001) ticks.push({ at, text: shortPower(at) });
    }
  }
  return ticks;
}

const shortPower = (x) =>
  x >= 1e-3 && x < 1e6
    ? Number(x.toPrecision(2)).toLocaleString("en", { maximumFractionDigits: 3 })
    : scientific(x, 1).replace(/^1 · /, "");

/** The smallest interval with all these numbers in it, widened by a share of its width. */
export function extent(numbers, margin = 0.05) {
  const finite = numbers.filter(Number.isFinite);
  if (!finite.length) return [0, 1];
  let low = Infinity, high = -Infinity;
  for (const x of finite) {
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  const pad = (high - low) * margin || Math.abs(high) * margin || 1;
  return [low - pad, high + pad];
}
