// Two gradient estimators race from the same start with the same draws.

import { stream } from "../shared/api.js";
import { bars, Chart } from "../figures/chart.js";
import { el, facts, numbersTable } from "../shared/dom.js";
import { pointText, text } from "../shared/numbers.js";
import { humanized } from "../shared/controls.js";
import { extent } from "../figures/scale.js";
import { figure, Workbench } from "../shared/workbench.js";
import { Race } from "./gradients/race.js";

export default {
  id: "gradients",
  short: "Gradients",
  title: "Two gradient estimators, one race",
  lead:
    "Both descend the same objective from the same start with the same random draws. Only the way they estimate the gradient differs.",
  lesson: [
    "The objective is J(μ, σ) = E[f(x)] + r(μ, σ), with x normal. The log-derivative trick weighs f(x) by the score of the density; reparameterization writes x = μ + σε and differentiates f itself.",
    "Both are right on average. What differs is the variance of a single draw, and it decides how much a path trembles: here reparameterization needs several times fewer draws for the same steadiness.",
  ],
  operations: ["GET /gradients"],
  mount,
};

/** One class of colour for each estimator, by its place in the request. */
const COLOURS = ["first", "second", "third", "fourth"];

function mount(context) {
  const race = new Race(COLOURS);
  const variances = el("div"), numbers = el("div"), table = el("div");
  const chart = new Chart("Variance along the paths", { ratio: 0.45, most: 280 });
  const bench = new Workbench(context, {
    operation: "GET /gradients",
    main: ["f", "r", "estimators", "iterations", "batch", "learning_rate", "seed"],
    initial: { seed: 1, iterations: 1500, batch: 10, every: 5 },
    labels: { f: "f(x)", r: "r(mu, sigma)" },
    runLabel: "Race",
    formats: ["json", "csv", "svg", "ndjson"],
    run,
  });
  bench.figures.append(
    figure("The paths over the contours of J", race.element, "drag the slider to move through the race"),
    figure("Variance of a single draw at the optimum", variances, "logarithmic; less is better"),
    numbers,
    figure("Variance of a single draw along the paths", chart.element, "a moving average over a twentieth of the path"),
    table,
  );
  context.onleave(() => race.stop());
  bench.start();

  async function run(signal, progress) {
    const query = bench.form.query();
    bench.command.show({ path: "/gradients", query });
    const total = Number(bench.form.text("iterations")) || 10_000;
    const answer = await stream({ path: "/gradients", query, signal }, ({ iteration }) => progress(iteration / total));
    race.show(answer, bench.form.text("f"), bench.form.text("r"));
    const atOptimum = answer.estimators.every((one) => one.at_optimum);
    variances.replaceChildren(varianceBars(answer.estimators, atOptimum ? "at_optimum" : "at_start"));
    numbers.replaceChildren(facts([
      [
        "Optimum",
        answer.optimum.mu === null ? "none" : pointText([answer.optimum.mu, answer.optimum.sigma]),
        answer.optimum.reason ?? "(μ, σ) by quadrature",
      ],
      ...answer.estimators.map((
        { estimator, final },
      ) => [humanized(estimator), pointText([final.mu, final.sigma]), "where its path ends"]),
    ]));
    drawVariances(chart, answer.estimators);
    table.replaceChildren(
      numbersTable(
        "The paths",
        ["Estimator", "Iteration", "μ", "σ"],
        answer.estimators.flatMap(({ estimator, trace }) =>
          trace.iteration.filter((_, i) =>
            i % Math.ceil(trace.iteration.length / 20) === 0 || i === trace.iteration.length - 1
          )
            .map((
              iteration,
            ) => [
              humanized(estimator),
              iteration,
              ...(([i]) => [text(trace.mu[i]), text(trace.sigma[i])])([trace.iteration.indexOf(iteration)]),
            ])
        ),
      ),
    );
    return `${text(answer.estimators[0].trace.iteration.at(-1))} steps for each estimator.`;
  }
}

function varianceBars(estimators, place) {
  const rows = ["mu", "tau"].flatMap((component) =>
    estimators.map((one, i) => {
      const { variance, variance_ratio: ratio } = one[place]?.[component] ?? {};
      return {
        name: `${component === "mu" ? "in μ" : "in log σ"}: ${humanized(one.estimator).toLowerCase()}`,
        value: variance ?? 0,
        class: COLOURS[i],
        note: `${text(variance, 3)}${ratio > 1.005 ? `, ${text(ratio, 3)} times the best` : ""}`,
      };
    })
  );
  const positive = rows.map(({ value }) => value).filter((value) => value > 0);
  return bars(rows, Math.min(...positive, 1) / 4);
}

function drawVariances(chart, estimators) {
  const series = estimators.map(({ estimator, trace }, i) => ({
    kind: "line",
    class: COLOURS[i],
    name: humanized(estimator),
    points: smoothed(trace.gradient_variance.mu).map((y, k) => ({ x: trace.iteration[k], y })).filter(({ y }) => y > 0),
  }));
  const values = series.flatMap(({ points }) => points.map(({ y }) => Math.log(y)));
  const [low, high] = extent(values);
  chart.show({
    label: "Variance of the gradient in μ along the paths, logarithmic.",
    x: { domain: [0, estimators[0].trace.iteration.at(-1) || 1], label: "iteration" },
    y: { domain: [Math.exp(low), Math.exp(high)], log: true, label: "variance in μ" },
    series,
  });
}

/** Each number's mean with its neighbours, a twentieth of the list in all. */
function smoothed(numbers) {
  const reach = Math.max(1, Math.round(numbers.length / 40));
  return numbers.map((_, k) => {
    const near = numbers.slice(Math.max(0, k - reach), k + reach + 1).filter(Number.isFinite);
    return near.reduce((sum, x) => sum + x, 0) / near.length;
  });
}
