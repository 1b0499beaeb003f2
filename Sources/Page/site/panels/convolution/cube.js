// The cube of all colours and what a 3×3 matrix makes of it, seen from a corner.

import { Drawing } from "../../figures/chart.js";
import { svg } from "../../shared/dom.js";

const CORNERS = Array.from({ length: 8 }, (_, k) => [k & 1, (k >> 1) & 1, (k >> 2) & 1]);
const EDGES = CORNERS.flatMap((_, a) => [1, 2, 4].filter((bit) => !(a & bit)).map((bit) => [a, a | bit]));

export class ColourCube {
  constructor() {
    this.drawing = new Drawing("The cube of all colours", { ratio: 0.8, most: 340 });
    this.element = this.drawing.element;
  }

  show(matrix) {
    const moved = CORNERS.map((corner) => matrix.map((row) => row.reduce((sum, x, i) => sum + x * corner[i], 0)));
    this.drawing.show(
      "The unit cube of colours, and the slanted box that the matrix makes of it.",
      (width, height) => this.draw(moved, width, height),
    );
  }

  draw(moved, width, height) {
    const before = CORNERS.map(project), after = moved.map(project), all = [...before, ...after];
    const xs = all.map(([x]) => x), ys = all.map(([, y]) => y);
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const zoom = Math.min((width - 40) / (right - left || 1), (height - 40) / (high - low || 1));
    const place = ([x, y]) => [width / 2 + (x - (left + right) / 2) * zoom, height / 2 - (y - (low + high) / 2) * zoom];
    const edges = (points, kind) =>
      EDGES.map(([a, b]) => {
        const [x1, y1] = place(points[a]), [x2, y2] = place(points[b]);
        return svg("line", { class: `edge ${kind}`, x1, y1, x2, y2 });
      });
    return [
      ...edges(before, "before"),
      ...edges(after, "after"),
      ...after.map((point, k) => {
        const [cx, cy] = place(point);
        return svg("circle", {
          class: "corner",
          cx,
          cy,
          r: 7,
          fill: `rgb(${CORNERS[k].map((x) => 40 + 215 * x).join(" ")})`,
        });
      }),
    ];
  }
}

/** Parallel projection along a direction near the grey diagonal, blue upwards. */
function project([r, g, b]) {
  return [(g - r) * 0.87 + b * 0.08, b * 0.92 - (r + g) * 0.42];
}
