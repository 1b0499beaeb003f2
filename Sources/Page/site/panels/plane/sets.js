// Convex sets of the plane: their numbers, their handles, their outline, and how the API calls them.

import { svg } from "../../shared/dom.js";

const round = (value) => Math.round(value * 100) / 100;
const between = (a, b) => ({ min: Math.min(a, b), max: Math.max(a, b) });

/** A handle whose coordinates are two of the numbers. */
const corner = (name, v, i, j) => ({
  name,
  x: v[i],
  y: v[j],
  move: (x, y) => {
    v[i] = x;
    v[j] = y;
  },
});

/** Each set: names and first values of its numbers `v`, and functions of them. */
export const SETS = {
  ball: {
    label: "Ball",
    numbers: { "Center x": 0, "Center y": 0, Radius: 1.5 },
    constraints: ([x, y, r]) => ({ ball: { center: [x, y], radius: r } }),
    handles: (v) => [
      corner("Center", v, 0, 1),
      {
        name: "Radius",
        x: v[0] + v[2],
        y: v[1],
        move: (x, y) => {
          v[2] = round(Math.hypot(x - v[0], y - v[1]));
        },
      },
    ],
    outline: ([x, y, r], { sx, sy }) => svg("circle", { cx: sx(x), cy: sy(y), r: Math.abs(sx(x + r) - sx(x)) }),
  },
  box: {
    label: "Box",
    numbers: { "First x": -1, "First y": -1, "Second x": 1.5, "Second y": 1 },
    constraints: ([a, b, c, d]) => [between(a, c), between(b, d)],
    handles: (v) => [corner("First corner", v, 0, 1), corner("Second corner", v, 2, 3)],
    outline: ([a, b, c, d], { sx, sy }) => polygon([[a, b], [c, b], [c, d], [a, d]], sx, sy),
  },
  segment: {
    label: "One coordinate fixed",
    numbers: { "Fixed x": 1, "Lowest y": -1, "Highest y": 1 },
    constraints: ([x, a, b]) => [{ fixed: x }, between(a, b)],
    handles: (v) => [corner("Lower end", v, 0, 1), corner("Upper end", v, 0, 2)],
    outline: ([x, a, b], { sx, sy }) => polygon([[x, a], [x, b]], sx, sy),
  },
  simplex: {
    label: "Simplex",
    numbers: { Total: 2 },
    constraints: ([total]) => ({ simplex: total }),
    handles: (v) => [{
      name: "Total",
      x: v[0],
      y: 0,
      move: (x) => {
        v[0] = x;
      },
    }],
    outline: ([total], { sx, sy }) => polygon([[total, 0], [0, total]], sx, sy),
  },
  half_space: {
    label: "Half-space",
    numbers: { "Boundary x": 0.5, "Boundary y": 0.5, "Normal x": 1, "Normal y": 0.6 },
    constraints: ([x, y, a, b]) => ({ half_space: { normal: [a, b], offset: x * a + y * b } }),
    handles: (v) => [
      corner("Boundary", v, 0, 1),
      {
        name: "Normal",
        x: v[0] + v[2],
        y: v[1] + v[3],
        move: (x, y) => {
          v[2] = round(x - v[0]);
          v[3] = round(y - v[1]);
        },
      },
    ],
    outline([x, y, a, b], { sx, sy }) {
      const far = 50 / (Math.hypot(a, b) || 1), along = [-b * far, a * far], back = [-a * far, -b * far];
      return polygon(
        [[x + along[0], y + along[1]], [x - along[0], y - along[1]], [x - along[0] + back[0], y - along[1] + back[1]], [
          x + along[0] + back[0],
          y + along[1] + back[1],
        ]],
        sx,
        sy,
      );
    },
  },
};

function polygon(corners, sx, sy) {
  return svg("polygon", { points: corners.map(([x, y]) => `${sx(x).toFixed(1)},${sy(y).toFixed(1)}`).join(" ") });
}
