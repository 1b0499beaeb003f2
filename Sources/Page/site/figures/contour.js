// Contours of a function over a rectangle: lines by marching squares, over a soft shade of its height.

import { svg } from "../shared/dom.js";

const COLUMNS = 72, ROWS = 54, LEVELS = 14;

/** The function's values on a grid over the scales' rectangle, as SVG elements. */
export function contours(f, sx, sy, { left, right, top, bottom }) {
  const field = new Float64Array(COLUMNS * ROWS);
  const px = (i) => left + (right - left) * i / (COLUMNS - 1), py = (j) => top + (bottom - top) * j / (ROWS - 1);
  for (let j = 0; j < ROWS; j++) {
    for (let i = 0; i < COLUMNS; i++) field[j * COLUMNS + i] = f(sx.invert(px(i)), sy.invert(py(j)));
  }
  const sorted = [...field].filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length < 2 || sorted[0] === sorted.at(-1)) return [];
  const levels = Array.from({ length: LEVELS }, (_, k) => sorted[Math.floor((k + 0.5) / LEVELS * sorted.length)]);
  return [
    svg("image", {
      x: left,
      y: top,
      width: right - left,
      height: bottom - top,
      href: shade(field, sorted),
      preserveAspectRatio: "none",
      class: "shade",
    }),
    ...levels.map((level) => svg("path", { class: "contour", d: isoline(field, level, px, py) })),
  ];
}

/** The share of the grid below each value, as the opacity of one colour. */
function shade(field, sorted) {
  const canvas = document.createElement("canvas");
  canvas.width = COLUMNS;
  canvas.height = ROWS;
  const context = canvas.getContext("2d"), pixels = context.createImageData(COLUMNS, ROWS);
  field.forEach((value, k) => {
    pixels.data.set([12, 116, 150, Number.isFinite(value) ? 90 * rank(sorted, value) : 120], 4 * k);
  });
  context.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}

function rank(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

/** In each cell, segments between the edges that the level crosses. */
function isoline(field, level, px, py) {
  let path = "";
  const cross = (a, b) => (level - a) / (b - a);
  for (let j = 0; j + 1 < ROWS; j++) {
    for (let i = 0; i + 1 < COLUMNS; i++) {
      const k = j * COLUMNS + i;
      const a = field[k], b = field[k + 1], c = field[k + COLUMNS + 1], d = field[k + COLUMNS];
      if (!Number.isFinite(a + b + c + d)) continue;
      const ends = [];
      if (a < level !== b < level) ends.push([px(i + cross(a, b)), py(j)]);
      if (b < level !== c < level) ends.push([px(i + 1), py(j + cross(b, c))]);
      if (c < level !== d < level) ends.push([px(i + 1 - cross(c, d)), py(j + 1)]);
      if (d < level !== a < level) ends.push([px(i), py(j + 1 - cross(d, a))]);
      for (let e = 0; e + 1 < ends.length; e += 2) {
        path += `M${ends[e][0].toFixed(1)} ${ends[e][1].toFixed(1)}L${ends[e + 1][0].toFixed(1)} ${
          ends[e + 1][1].toFixed(1)
        }`;
      }
    }
  }
  return path;
}
