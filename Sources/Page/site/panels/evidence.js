// The gradient of the evidence lower bound, by several estimators.

import { getJSON } from "../shared/api.js";
import { bars } from "../figures/chart.js";
import { contours } from "../figures/contour.js";
import { el, facts, numbersTable, svg } from "../shared/dom.js";
import { text } from "../shared/numbers.js";
import { compile } from "../figures/expression.js";
import { humanized } from "../shared/controls.js";
import { Plane } from "../figures/plane.js";
import { figure, latest, Workbench } from "../shared/workbench.js";

const COLOURS = ["first", "second", "third"];

export default {
  id: "evidence",
  short: "Evidence bound",
  title: "The gradient of an evidence lower bound",
  lead:
    "Variational inference fits a normal distribution q to a density h by climbing E[log h(z) − log q(z)]. Drag q and compare three ways to estimate the gradient.",
  lesson: [
    "All three estimators aim at the same gradient, drawn as an arrow at the mean of q. “Sticking the landing” leaves out the score of q, a term whose mean is zero.",
    "Where q comes close to h, its variance falls to nothing, while the others keep theirs. Try mean 0,0 and log standard deviation 0,−0.3466: for the first example q is then h itself.",
  ],
  operations: ["POST /elbo-gradient"],
  mount,
};

function mount(context) {
  let answer = null, drawn = null;
  const variances = el("div"), numbers = el("div"), table = el("div");
  const bench = new Workbench(context, {
    operation: "POST /elbo-gradient",
    main: ["log_h", "mean", "log_std", "samples", "seed", "estimators"],
    initial: { log_h: "-z1^2/2-z2^2", mean: [1.2, 0.8], log_std: [0, -0.2], samples: 10000, seed: 1 },
    labels: { log_h: "log h", log_std: "Log standard deviation" },
    runLabel: "Estimate",
    run,
  });
  const list = (name) => bench.form.text(name).split(",").map(Number);
  const refresh = latest(() => bench.start());
  const plane = new Plane("The density h and its approximation q", {
    halfWidth: 3,
    handles,
    content: (frame) => [...background(frame), ...ellipses(frame), ...arrow(frame)],
    onmove: () => {
      plane.show(plane.drawing.svg.getAttribute("aria-label"));
      refresh();
    },
  });
  const planeFigure = figure(
    "q over the contours of log h",
    plane.element,
    "ellipses at one and two standard deviations",
  );
  bench.figures.append(
    planeFigure,
    numbers,
    figure("Total variance of a single draw", variances, "summed over all components, logarithmic; less is better"),
    table,
  );
  refresh();

  /** The mean, and a point one standard deviation away in each coordinate. */
  function handles() {
    const mean = list("mean"), logStd = list("log_std");
    const spread = logStd.map((one) => Math.exp(one));
    return [
      { name: "Mean", class: "main", x: mean[0], y: mean[1], move: (x, y) => bench.form.set("mean", [x, y]) },
      {
        name: "Spread",
        x: mean[0] + spread[0],
        y: mean[1] + spread[1],
        move: (x, y) =>
          bench.form.set(
            "log_std",
            [x - mean[0], y - mean[1]].map((one) => Math.round(1e4 * Math.log(Math.max(0.05, one))) / 1e4),
          ),
      },
    ];
  }

  function background({ sx, sy, box }) {
    const key = JSON.stringify([bench.form.text("log_h"), box]);
    if (drawn?.key !== key) {
      const h = compile(bench.form.text("log_h"), ["z1", "z2"]);
      drawn = { key, elements: h ? contours((x, y) => h([x, y]), sx, sy, box) : [] };
    }
    return drawn.elements;
  }

  function ellipses({ sx, sy }) {
    const [x, y] = list("mean"), [a, b] = list("log_std").map((one) => Math.exp(one));
    return [1, 2].map((k) =>
      svg("ellipse", { class: "set", cx: sx(x), cy: sy(y), rx: sx(x + k * a) - sx(x), ry: sy(y) - sy(y + k * b) })
    );
  }

  /** The gradient in the mean, drawn half as long as it is. */
  function arrow({ sx, sy }) {
    const [gx, gy] = answer?.exact?.mean ?? answer?.estimators[0]?.gradient.mean ?? [];
    if (!Number.isFinite(gx + gy)) return [];
    const [x, y] = list("mean"),
      end = [sx(x + gx / 2), sy(y + gy / 2)],
      turn = Math.atan2(end[1] - sy(y), end[0] - sx(x));
    const barb = (angle) => `L${end[0] - 9 * Math.cos(turn + angle)} ${end[1] - 9 * Math.sin(turn + angle)}`;
    return Math.hypot(gx, gy) < 0.02 ? [] : [
      svg("path", {
        class: "line second",
        d: `M${sx(x)} ${sy(y)}L${end.join(" ")}${barb(0.5)}M${end.join(" ")}${barb(-0.5)}`,
      }),
    ];
  }

  async function run(signal) {
    const body = bench.form.body();
    bench.command.show({ path: "/elbo-gradient", body });
    answer = await getJSON({ path: "/elbo-gradient", body, signal });
    const { exact } = answer;
    planeFigure.hidden = body.mean?.length !== 2;
    plane.show(`The lower bound is ${text(answer.elbo)}.`);
    numbers.replaceChildren(facts([
      ["Lower bound", text(answer.elbo, 5), `± ${text(answer.standard_error, 2)}`],
      [
        "By quadrature",
        exact ? text(exact.elbo, 5) : "–",
        exact ? "exact to its digits" : "only up to two coordinates",
      ],
    ]));
    const rows = answer.estimators.map(({ estimator, variance }, i) => {
      const value = [...variance.mean, ...variance.log_std].reduce((sum, one) => sum + (one ?? 0), 0);
      return { name: humanized(estimator), value, class: COLOURS[i], note: text(value, 3) };
    });
    variances.replaceChildren(
      bars(rows, Math.min(...rows.map(({ value }) => value).filter((value) => value > 1e-12), 1) / 4),
    );
    table.replaceChildren(componentTable(answer));
    return `The lower bound is ${text(answer.elbo, 4)}.`;
  }
}

/** Each component's gradient by each estimator, beside the exact one. */
function componentTable({ estimators, exact }) {
  const components = ["mean", "log_std"].flatMap((part) => estimators[0].gradient[part].map((_, i) => ({ part, i })));
  return numbersTable(
    "The gradient, component by component",
    ["Component", ...estimators.map(({ estimator }) => humanized(estimator)), "By quadrature"],
    components.map(({ part, i }) => [
      `${humanized(part)} ${i + 1}`,
      ...estimators.map((one) => `${text(one.gradient[part][i])} ± ${text(one.standard_error[part][i], 2)}`),
      text(exact?.[part][i] ?? null),
    ]),
  );
}
