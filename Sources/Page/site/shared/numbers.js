// How numbers are written for readers.

/** How a value stands in a sentence: numbers with a few digits, null as a dash. */
export function text(value, digits = 4) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return value;
  const size = Math.abs(value), isWhole = Number.isInteger(value);
  if (size >= 1e12 || (size < 1e-3 && !isWhole)) return scientific(value, digits);
  const rounded = isWhole ? value : Number(value.toPrecision(digits));
  return rounded.toLocaleString("en", { maximumFractionDigits: 12 }).replace("-", "−");
}

/** A point of the plane; coordinates that are nearly 0 are written as 0. */
export const pointText = (coordinates) =>
  `(${coordinates.map((x) => x === null ? "–" : text(Number(x.toFixed(4)) + 0)).join(", ")})`;

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** 2.4 · 10⁻⁶; numbers of a usual size stay as they are. */
export function scientific(value, digits = 3) {
  if (typeof value !== "number") return "–";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e6)) return text(value, digits);
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = String(Number(exponent)).replace("-", "⁻").replace(/\d/g, (d) => SUPERSCRIPT[d]);
  return `${String(Number(mantissa)).replace("-", "−")} · 10${power}`;
}

/** Both ends of an interval, with their common power of ten written once. */
export function intervalText([low, high], digits = 3) {
  const power = (x) => x.toExponential(digits - 1).split("e")[1];
  if (!(low > 0) || high >= 1e-3 || power(low) !== power(high)) {
    return `${scientific(low, digits)} to ${scientific(high, digits)}`;
  }
  return `${scientific(low, digits).split(" ·")[0]} to ${scientific(high, digits)}`;
}
