// Line charts with bands, as SVG that is drawn anew whenever its width changes.

import { el, svg, uniqueID } from "../shared/dom.js";
import { scale } from "./scale.js";

const MARGIN = { left: 58, right: 14, top: 12, bottom: 40 };

/** An SVG that knows its width in pixels: `draw(width, height)` returns its content. */
export class Drawing {
  constructor(label, { ratio = 0.6, most = 420, least = 200 } = {}) {
    Object.assign(this, { ratio, most, least });
    this.svg = svg("svg", { role: "img", "aria-label": label });
    this.element = el("div", { class: "drawing" }, this.svg);
    new ResizeObserver(() => this.redraw()).observe(this.element);
  }

  /** Draws now, and again at every change of width. */
  show(label, draw) {
    this.svg.setAttribute("aria-label", label);
    this.draw = draw;
    this.redraw();
  }

  redraw() {
    const width = Math.floor(this.element.clientWidth);
    if (!this.draw || width < 40) return;
    const height = Math.round(Math.max(this.least, Math.min(width * this.ratio, this.most)));
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("height", height);
    this.svg.replaceChildren(...this.draw(width, height));
  }
}

/** Axes with ticks and grid lines; returns the scales and what to draw. */
export function axes(width, height, { x, y }, margin = MARGIN) {
  const left = margin.left, right = width - margin.right, top = margin.top, bottom = height - margin.bottom;
  const sx = scale(x.domain, [left, right], x.log), sy = scale(y.domain, [bottom, top], y.log);
  const marks = [
    svg("rect", {
      class: "plot",
      x: left,
      y: top,
      width: Math.max(right - left, 1),
      height: Math.max(bottom - top, 1),
    }),
  ];
  for (const { at, text } of sx.ticks(Math.max(2, (right - left) / 70))) {
    marks.push(
      svg("line", { class: "grid", x1: sx(at), x2: sx(at), y1: top, y2: bottom }),
      svg("text", { class: "tick", x: sx(at), y: bottom + 16, "text-anchor": "middle" }, text),
    );
  }
  for (const { at, text } of sy.ticks(Math.max(2, (bottom - top) / 46))) {
    marks.push(
      svg("line", { class: "grid", x1: left, x2: right, y1: sy(at), y2: sy(at) }),
      svg("text", { class: "tick", x: left - 7, y: sy(at) + 4, "text-anchor": "end" }, text),
    );
  }
  if (x.label) marks.push(svg("text", { class: "axis", x: right, y: height - 6, "text-anchor": "end" }, x.label));
  if (y.label) marks.push(svg("text", { class: "axis", x: left + 6, y: top + 15 }, y.label));
  return { sx, sy, marks, box: { left, right, top, bottom } };
}

/**
 * A chart of series: {kind: "line" | "band" | "points" | "rule", name, points, class}.
 * A point is {x, y} or, in a band, {x, low, high}; a rule is a horizontal line at `y`.
 */
export class Chart {
  constructor(label, options) {
    this.drawing = new Drawing(label, options);
    this.legend = el("ul", { class: "legend", "aria-hidden": "true" });
    this.element = el("div", { class: "chart" }, this.drawing.element, this.legend);
  }

  show({ label, x, y, series, over }) {
    this.legend.replaceChildren(
      ...series.filter(({ name }) => name).map((one) =>
        el(
          "li",
          {},
          svg(
            "svg",
            { viewBox: "0 0 22 10", width: 22, height: 10 },
            one.kind === "band"
              ? svg("rect", { class: `band ${one.class}`, width: 22, height: 10 })
              : one.kind === "points"
              ? svg("circle", { class: `points ${one.class}`, cx: 11, cy: 5, r: 3 })
              : svg("line", { class: `line ${one.class}`, x1: 0, x2: 22, y1: 5, y2: 5 }),
          ),
          one.name,
        )
      ),
    );
    this.drawing.show(label, (width, height) => {
      const frame = axes(width, height, { x, y });
      const id = uniqueID("clip"), { left, right, top, bottom } = frame.box;
      // What lies far outside the figure is clipped, and kept out of numbers too large to draw.
      const near = (value) =>
        Math.max(2 * top - bottom, Math.min(2 * bottom - top, Number.isNaN(value) ? bottom : value));
      return [
        svg("clipPath", { id }, svg("rect", { x: left, y: top, width: right - left, height: bottom - top })),
        ...frame.marks,
        svg("g", { "clip-path": `url(#${id})` }, series.map((one) => drawSeries(one, frame, near))),
        ...(over?.(frame) ?? []),
      ];
    });
  }
}

function drawSeries(one, { sx, sy, box }, near) {
  const place = (x, y) => `${sx(x).toFixed(1)},${near(sy(y)).toFixed(1)}`;
  switch (one.kind) {
    case "band": {
      const upper = one.points.map(({ x, high }) => place(x, high));
      const lower = one.points.map(({ x, low }) => place(x, low)).reverse();
      return svg("polygon", { class: `band ${one.class}`, points: [...upper, ...lower].join(" ") });
    }
    case "points":
      return svg(
        "g",
        { class: `points ${one.class}` },
        one.points.map(({ x, y }) => svg("circle", { cx: sx(x), cy: near(sy(y)), r: 3 })),
      );
    case "rule":
      return svg("line", { class: `line ${one.class}`, x1: box.left, x2: box.right, y1: sy(one.y), y2: sy(one.y) });
    default:
      return svg("polyline", {
        class: `line ${one.class}`,
        points: one.points.map(({ x, y }) => place(x, y)).join(" "),
      });
  }
}

/** Horizontal bars on a logarithmic scale: [{name, value, class, note}]. */
export function bars(rows, low) {
  const most = Math.max(...rows.map(({ value }) => value || low));
  const share = (value) => Math.max(0.01, Math.log(value / low) / Math.log(most * 1.02 / low));
  return el(
    "div",
    { class: "bars" },
    rows.map(({ name, value, class: kind, note }) =>
      el(
        "div",
        { class: "bar-row" },
        el("span", { class: "bar-name" }, name),
        svg(
          "svg",
          { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
          svg("rect", { class: kind, width: value > 0 ? share(value) * 100 : 0, height: 10, rx: 0 }),
        ),
        el("span", { class: "bar-note" }, note),
      )
    ),
  );
}
