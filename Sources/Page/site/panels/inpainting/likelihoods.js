// The log-likelihood against the iteration, with a mark at the frame that is shown.

import { Chart } from "../../figures/chart.js";
import { el, numbersTable, svg } from "../../shared/dom.js";
import { text } from "../../shared/numbers.js";
import { extent } from "../../figures/scale.js";

export class Likelihoods {
  constructor() {
    this.chart = new Chart("Log-likelihood against iterations", { ratio: 0.55, most: 300 });
    this.table = el("div");
    this.element = el("div", {}, this.chart.element, this.table);
    this.begin(300);
  }

  begin(most) {
    Object.assign(this, { most, points: [], original: undefined, marked: null });
    this.table.replaceChildren();
    this.draw();
  }

  add({ iteration, log_likelihood: value }) {
    this.points.push({ x: iteration, y: value });
    this.draw();
  }

  end({ log_likelihood: { initial, final }, iterations }, original) {
    this.original = original;
    if (this.points[0]?.x !== 0 && initial !== null) this.points.unshift({ x: 0, y: initial });
    if (this.points.at(-1)?.x !== iterations) this.points.push({ x: iterations, y: final });
    this.draw();
    this.table.replaceChildren(
      numbersTable(
        "Log-likelihood by iteration",
        ["Iteration", "Log-likelihood in nats"],
        this.points.map(({ x, y }) => [x, text(y, 7)]),
      ),
    );
  }

  mark({ iteration }) {
    this.marked = iteration;
    this.draw();
  }

  draw() {
    const values = this.points.map(({ y }) => y), best = Math.max(...values, this.original ?? -Infinity);
    // The first steps may start from far below; what matters happens near the top.
    const typical = [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.05)];
    const domain = extent([typical, best], 0.1);
    const marked = this.points.findLast(({ x }) => x <= (this.marked ?? Infinity));
    const series = [{ kind: "line", name: "filling", class: "main", points: this.points }];
    if (this.original > domain[0]) {
      series.push({ kind: "rule", name: "original picture", class: "exact", y: this.original });
    }
    this.chart.show({
      label: values.length
        ? `Log-likelihood rises from ${text(values[0], 6)} to ${text(values.at(-1), 6)} nats in ${
          this.points.at(-1).x
        } iterations.`
        : "Log-likelihood, not yet known.",
      x: { domain: [0, this.most], label: "iteration" },
      y: { domain },
      series,
      over: ({ sx, sy }) =>
        marked ? [svg("circle", { class: "marker main", cx: sx(marked.x), cy: sy(marked.y), r: 5 })] : [],
    });
  }
}
