// A grey image with a hole: bytes, so that the page, its links and a PNG hold the very same numbers.

/** An image of rows × columns bytes, and which of its pixels are known. */
export class Picture {
  constructor(rows, columns) {
    Object.assign(this, { rows, columns });
    this.bytes = new Uint8Array(rows * columns);
    this.known = new Uint8Array(rows * columns).fill(1);
  }

  copy() {
    const copy = new Picture(this.rows, this.columns);
    copy.bytes.set(this.bytes);
    copy.known.set(this.known);
    return copy;
  }

  equals(other) {
    return this.bytes.every((byte, k) => byte === other.bytes[k] && this.known[k] === other.known[k]);
  }

  get missing() {
    return this.known.reduce((count, known) => count + (known ? 0 : 1), 0);
  }

  /** Rows of numbers in 0…1; null where a pixel is missing, unless the whole image is asked for. */
  numbers(whole = false) {
    return Array.from({ length: this.rows }, (_, row) =>
      Array.from({ length: this.columns }, (_, column) => {
        const k = row * this.columns + column;
        return whole || this.known[k] ? this.bytes[k] / 255 : null;
      }));
  }

  /** The hole as {rows: [a, b], columns: [c, d]} where it is one box, else null. */
  get box() {
    const holes = [...this.known.keys()].filter((k) => !this.known[k]);
    if (!holes.length) return null;
    const rows = holes.map((k) => Math.floor(k / this.columns)), columns = holes.map((k) => k % this.columns);
    const box = {
      rows: [Math.min(...rows), Math.max(...rows) + 1],
      columns: [Math.min(...columns), Math.max(...columns) + 1],
    };
    const area = (box.rows[1] - box.rows[0]) * (box.columns[1] - box.columns[0]);
    return area === holes.length ? box : null;
  }

  clearBox({ rows, columns }) {
    for (let row = rows[0]; row < rows[1]; row++) {
      this.known.fill(0, row * this.columns + columns[0], row * this.columns + columns[1]);
    }
  }
}

export const toBytes = (rows) => Uint8Array.from(rows.flat(), (x) => Math.round(Math.max(0, Math.min(1, x)) * 255));

/** The hole for an address: 10-18x4-24 for rows and columns of a box, else lengths of runs, known ones first. */
export function holeText(picture) {
  if (!picture.missing) return "none";
  const { box } = picture;
  if (box) return `${box.rows.join("-")}x${box.columns.join("-")}`;
  const runs = [];
  let current = 1, length = 0;
  for (const known of picture.known) {
    if (known === current) {
      length++;
      continue;
    }
    runs.push(length);
    current = known;
    length = 1;
  }
  return runs.concat(length).map((run) => run.toString(36)).join(".");
}

/** Reads what `holeText` wrote; text that is none of it leaves all pixels known. */
export function readHole(text, picture) {
  picture.known.fill(1);
  const box = /^(\d+)-(\d+)x(\d+)-(\d+)$/.exec(text);
  if (box) {
    const [a, b, c, d] = box.slice(1).map(Number);
    picture.clearBox({
      rows: [Math.min(a, picture.rows), Math.min(b, picture.rows)],
      columns: [Math.min(c, picture.columns), Math.min(d, picture.columns)],
    });
    return;
  }
  if (!/^[0-9a-z]+(\.[0-9a-z]+)+$/.test(text)) return;
  let at = 0, known = 1;
  for (const run of text.split(".").map((one) => parseInt(one, 36))) {
    picture.known.fill(known, at, at + run);
    at += run;
    known = 1 - known;
  }
}

/** What differs from `base` for an address: skipped pixels in base 36, a colon, grey levels in hexadecimal. */
export function inkText(bytes, base) {
  const runs = [];
  let last = 0;
  for (let k = 0; k < bytes.length; k++) {
    if (bytes[k] === base[k]) continue;
    let end = k;
    while (end < bytes.length && bytes[end] !== base[end]) end++;
    const levels = [...bytes.subarray(k, end)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    runs.push(`${(k - last).toString(36)}:${levels}`);
    last = k = end;
  }
  return runs.join(".");
}

export function readInk(text, bytes) {
  let at = 0;
  for (const run of text.split(".")) {
    const [skip, levels = ""] = run.split(":");
    at += parseInt(skip, 36) || 0;
    for (const level of levels.match(/[0-9a-f]{2}/g) ?? []) {
      if (at < bytes.length) bytes[at++] = parseInt(level, 16);
    }
  }
}
