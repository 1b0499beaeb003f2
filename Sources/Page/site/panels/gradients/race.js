// Paths over the contours of the objective, played back or moved through by a slider.

import { axes, Drawing } from "../../figures/chart.js";
import { contours } from "../../figures/contour.js";
import { el, svg } from "../../shared/dom.js";
import { Player } from "../../shared/player.js";
import { text } from "../../shared/numbers.js";
import { compile } from "../../figures/expression.js";
import { humanized } from "../../shared/controls.js";
import { extent } from "../../figures/scale.js";

const SECONDS = 5;

export class Race {
  constructor(colours) {
    this.colours = colours;
    this.drawing = new Drawing("Paths over contours", { ratio: 0.68, most: 520, least: 260 });
    this.readout = el("output");
    this.player = new Player({
      name: "Iteration",
      again: "Play again",
      show: (index) => this.move(index),
      // Early steps are the eventful ones, so time runs slower there.
      due: (milliseconds, last) => Math.round(last * Math.min(1, milliseconds / 1000 / SECONDS) ** 2),
      readout: this.readout,
    });
    this.legend = el("ul", { class: "legend", "aria-hidden": "true" });
    this.element = el(
      "div",
      {},
      this.drawing.element,
      this.legend,
      this.player.controls,
    );
  }

  show({ estimators, optimum }, f, r) {
    this.stop();
    Object.assign(this, { estimators, optimum, objective: objective(f, r) });
    this.player.last = estimators[0].trace.iteration.length - 1;
    this.legend.replaceChildren(
      ...estimators.map(({ estimator }, i) =>
        el(
          "li",
          {},
          svg(
            "svg",
            { viewBox: "0 0 22 10", width: 22, height: 10 },
            svg("line", { class: `line ${this.colours[i]}`, x1: 0, x2: 22, y1: 5, y2: 5 }),
          ),
          humanized(estimator),
        )
      ),
      optimum.mu === null ? "" : el(
        "li",
        {},
        svg(
          "svg",
          { viewBox: "0 0 22 12", width: 22, height: 12 },
          svg("path", { class: "cross", d: "M6 1l10 10M16 1L6 11" }),
        ),
        "optimum",
      ),
    );
    const ends = estimators.map(({ estimator, final }) =>
      `${humanized(estimator)} ends at μ ${text(final.mu, 3)}, σ ${text(final.sigma, 3)}`
    ).join("; ");
    this.drawing.show(
      `${ends}; the optimum is at μ ${text(optimum.mu, 3)}, σ ${text(optimum.sigma, 3)}.`,
      (width, height) => this.draw(width, height),
    );
    this.player.play();
  }

  draw(width, height) {
    const all = (name) => [...this.estimators.flatMap(({ trace }) => trace[name]), this.optimum[name] ?? NaN];
    const frame = axes(width, height, {
      x: { domain: extent(all("mu"), 0.12), label: "μ" },
      y: { domain: positive(extent(all("sigma"), 0.12)), label: "σ" },
    });
    const { sx, sy, marks, box } = frame;
    this.place = (trace, i) => [sx(trace.mu[i]), sy(trace.sigma[i])];
    this.paths = this.estimators.map((_, i) => svg("polyline", { class: `line path ${this.colours[i]}` }));
    this.runners = this.estimators.map((_, i) => svg("circle", { class: `marker ${this.colours[i]}`, r: 6 }));
    const start = this.place(this.estimators[0].trace, 0);
    requestAnimationFrame(() => this.player.move(this.player.at));
    return [
      marks[0],
      ...(this.objective ? contours(this.objective, sx, sy, box) : []),
      ...marks.slice(1),
      ...this.paths,
      svg("circle", { class: "ring", cx: start[0], cy: start[1], r: 5 }),
      this.optimum.mu === null ? "" : svg("path", {
        class: "cross",
        d: `M${sx(this.optimum.mu) - 6} ${sy(this.optimum.sigma) - 6}l12 12m0 -12l-12 12`,
      }),
      ...this.runners,
    ];
  }

  /** Shows the paths up to a point of the trace, and says which it is. */
  move(index) {
    if (!this.paths) return "";
    this.estimators.forEach(({ trace }, k) => {
      const points = [];
      for (let i = 0; i <= Math.min(index, trace.mu.length - 1); i++) {
        points.push(this.place(trace, i).map((x) => x.toFixed(1)).join(","));
      }
      this.paths[k].setAttribute("points", points.join(" "));
      const [x, y] = points.at(-1).split(",");
      this.runners[k].setAttribute("cx", x);
      this.runners[k].setAttribute("cy", y);
    });
    const iteration = this.estimators[0].trace.iteration[index] ?? 0;
    this.readout.textContent = text(iteration);
    return `iteration ${iteration}`;
  }

  stop() {
    this.player.stop();
  }
}

const positive = ([low, high]) => [Math.max(low, high * 0.01), high];

/** J(μ, σ) by the trapezoidal rule over z; null where the text is not an expression. */
function objective(fText, rText) {
  const f = compile(fText, ["x"]), r = compile(rText, ["mu", "sigma"]);
  if (!f || !r) return null;
  const nodes = Array.from({ length: 41 }, (_, i) => (i - 20) * 0.25);
  const weights = nodes.map((z) => Math.exp(-z * z / 2)), total = weights.reduce((sum, w) => sum + w, 0);
  return (mu, sigma) => {
    let sum = 0;
    nodes.forEach((z, i) => {
      sum += weights[i] * f([mu + sigma * z]);
    });
    return sum / total + r([mu, sigma]);
  };
}
