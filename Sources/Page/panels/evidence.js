// The gradient of the evidence lower bound, by several estimators.

import { getJSON } from "../api.js";
import { bars } from "../chart.js";
import { el, facts, numbersTable, text } from "../dom.js";
import { humanized } from "../form.js";
import { figure, Workbench } from "../workbench.js";

const COLOURS = ["first", "second", "third"];

export default {
  id: "evidence",
  short: "Variational inference",
  title: "The gradient of an evidence lower bound",
  lead: "Variational inference fits a normal distribution q to a density h by climbing E[log h(z) − log q(z)]. Its gradient has to be estimated, too.",
  lesson: [
    "All three estimators aim at the same gradient. “Sticking the landing” leaves out the score of q, a term whose mean is zero: where q comes close to h, its variance falls to nothing.",
    "Try mean 0,0 and log std 0,−0.3466 for the default density: q is then h itself, and the third estimator has no error left.",
  ],
  operations: ["POST /elbo-gradient"],
  mount,
};

function mount(context) {
  const variances = el("div"), numbers = el("div"), table = el("div");
  const bench = new Workbench(context, {
    operation: "POST /elbo-gradient", main: ["log_h", "mean", "log_std", "samples", "seed", "estimators"],
    initial: { log_h: "-z1^2/2-z2^2", mean: [0.5, 0], log_std: [0, -0.2], samples: 10000, seed: 1 },
    labels: { log_h: "log h", log_std: "Log standard deviation" }, runLabel: "Estimate", run,
  });
  bench.figures.append(numbers, figure("Total variance of a single draw", variances, "summed over all components, logarithmic; less is better"), table);
  bench.start();

  async function run(signal) {
    const body = bench.form.body();
    bench.command.show({ path: "/elbo-gradient", body });
    const answer = await getJSON({ path: "/elbo-gradient", body, signal });
    const { exact } = answer;
    numbers.replaceChildren(facts([
      ["Lower bound", text(answer.elbo, 5), `± ${text(answer.standard_error, 2)}`],
      ["By quadrature", exact ? text(exact.elbo, 5) : "–", exact ? "exact to its digits" : "only up to two coordinates"],
    ]));
    const rows = answer.estimators.map(({ estimator, variance }, i) => {
      const value = [...variance.mean, ...variance.log_std].reduce((sum, one) => sum + (one ?? 0), 0);
      return { name: humanized(estimator), value, class: COLOURS[i], note: text(value, 3) };
    });
    variances.replaceChildren(bars(rows, Math.min(...rows.map(({ value }) => value).filter((value) => value > 1e-12), 1) / 4));
    table.replaceChildren(componentTable(answer));
    return `${text(answer.samples)} draws.`;
  }
}

/** Each component's gradient by each estimator, beside the exact one. */
function componentTable({ estimators, exact }) {
  const components = ["mean", "log_std"].flatMap((part) => estimators[0].gradient[part].map((_, i) => ({ part, i })));
  return numbersTable("The gradient, component by component",
    ["Component", ...estimators.map(({ estimator }) => humanized(estimator)), "By quadrature"],
    components.map(({ part, i }) => [`${humanized(part)} ${i + 1}`,
      ...estimators.map((one) => `${text(one.gradient[part][i])} ± ${text(one.standard_error[part][i], 2)}`), text(exact?.[part][i] ?? null)]));
}
