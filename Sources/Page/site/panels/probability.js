// A rare event of any formula: where it is, how likely it is, and what that answer rests on.

import { send, stream } from "../shared/api.js";
import { Chart } from "../figures/chart.js";
import { humanized } from "../shared/controls.js";
import { el, facts, numbersTable } from "../shared/dom.js";
import { intervalText, scientific, text } from "../shared/numbers.js";
import { extent } from "../figures/scale.js";
import { figure, Workbench } from "../shared/workbench.js";

/** A system that fails in four ways, two of them equally likely. */
const FOUR_BRANCHES =
  "min(3+0.1*(x1-x2)^2-(x1+x2)/sqrt(2), 3+0.1*(x1-x2)^2+(x1+x2)/sqrt(2), x1-x2+7/sqrt(2), x2-x1+7/sqrt(2))";

export default {
  id: "probability",
  short: "Any rare event",
  title: "How likely does a formula fall below a threshold?",
  lead:
    "Write what may go wrong as a formula g of random inputs: the event is g ≤ threshold. How likely is it, and how sure is that number?",
  lesson: [
    "A design point is where the event is nearest to the middle of all inputs: the likeliest way to fail. The classical first-order method looks no further than that. Here the system fails in four ways, and a method that knows only one of them misses more than half of the probability.",
    "Draws around all design points, each with the weight that makes up for where it was drawn, give an estimate with an error. Two methods are compared before the interval is believed; with at most two variables the exact value stands beside it.",
  ],
  operations: ["POST /probability"],
  mount,
};

function mount(context) {
  const picture = el("div", { class: "picture" }), numbers = el("div"), table = el("div");
  const warning = el("p", { class: "warning" }), reason = el("p", { class: "hint" });
  const chart = new Chart("The estimate as draws become more", { ratio: 0.4, most: 300 });
  const drawn = figure("The plane of the inputs", picture, "contours of the density, the limit state, draws, design points");
  const course = figure("The interval closes in", chart.element, "against evaluations of g");
  const bench = new Workbench(context, {
    operation: "POST /probability",
    main: ["g", "variables", "threshold", "event", "method", "seed"],
    initial: { g: FOUR_BRANCHES, variables: "x1=normal:0:1,x2=normal:0:1", seed: 1 },
    runLabel: "Estimate",
    formats: ["json", "csv", "svg", "ndjson"],
    run,
  });
  bench.figures.append(drawn, numbers, reason, warning, course, table);
  let address = null;
  context.onleave(() => address && URL.revokeObjectURL(address));
  bench.start();

  async function run(signal, progress) {
    const body = bench.form.body();
    bench.command.show({ path: "/probability", body });
    const points = [];
    const answer = await stream({ path: "/probability", body, signal }, (line) => {
      progress(Math.min(1, line.evaluations / line.of));
      if (line.stage === "sampling" && line.estimate !== null) points.push(line);
    });
    show(answer);
    drawCourse(points, answer);
    await drawPlane(body, answer, signal);
    return `${text(answer.evaluations)} evaluations of g.`;
  }

  function show(answer) {
    const [low, high] = answer.confidence_interval;
    const first = answer.design_points[0];
    numbers.replaceChildren(facts([
      [
        "Probability",
        scientific(answer.estimate),
        answer.standard_error === null ? null : `± ${scientific(answer.standard_error, 2)}`,
      ],
      low !== null && [`${text(answer.confidence * 100)} % interval`, intervalText([low, high])],
      answer.exact !== null &&
      [
        "Exact",
        scientific(answer.exact),
        answer.z_score === null ? null : `${answer.z_score.toFixed(2).replace("-", "−")} standard errors away`,
      ],
      answer.form_probability !== null && ["First-order method", scientific(answer.form_probability), "no error stated"],
      first && [
        "Reliability index",
        text(first.reliability_index),
        answer.design_points.length > 1 ? `the nearest of ${answer.design_points.length} design points` : null,
      ],
      ["Method", humanized(answer.method), `${text(answer.evaluations)} evaluations`],
      answer.variance_reduction !== null && answer.method !== "naive" &&
      ["Worth", `${text(answer.variance_reduction, 3)} ×`, "as many naive draws"],
    ]));
    reason.textContent = sentence(answer.reason);
    warning.textContent = sentence(answer.warning);
    table.replaceChildren(
      answer.design_points.length
        ? numbersTable(
          "The design points",
          ["Reliability index", ...answer.variables, ...answer.variables.map((name) => `share of ${name}`)],
          answer.design_points.map((one) => [one.reliability_index, ...one.x, ...one.importance_factors]),
        )
        : "",
    );
  }

  async function drawPlane(body, answer, signal) {
    drawn.hidden = answer.variables.length !== 2;
    if (drawn.hidden) return;
    const response = await send({ path: "/probability", body: { ...body, seed: answer.seed }, format: "svg", signal });
    if (address) URL.revokeObjectURL(address);
    address = URL.createObjectURL(await response.blob());
    const sentence = `The limit state in the plane of ${answer.variables.join(" and ")}, with ${
      text(answer.design_points.length)
    } design points and the draws of the estimate.`;
    picture.replaceChildren(el("img", { src: address, alt: sentence, width: 760, height: 580 }));
  }

  function drawCourse(points, answer) {
    course.hidden = points.length < 2;
    if (course.hidden) return;
    const shown = points.map(({ evaluations, estimate, standard_error: error }) => ({
      x: evaluations,
      y: estimate,
      low: Math.max(0, estimate - 2 * (error ?? 0)),
      high: estimate + 2 * (error ?? 0),
    }));
    const evaluations = shown.map(({ x }) => x);
    const [low, high] = extent([...shown.flatMap((one) => [one.low, one.high]), answer.exact ?? NaN], 0.2);
    chart.show({
      label: `After ${text(answer.evaluations)} evaluations the estimate is ${scientific(answer.estimate)}.`,
      x: { domain: [Math.min(...evaluations), Math.max(...evaluations)], log: true, label: "evaluations" },
      y: { domain: [Math.max(0, low), high], label: "probability" },
      series: [
        { kind: "band", class: "main", name: "two standard errors", points: shown },
        { kind: "line", class: "main", name: "estimate", points: shown },
        ...(answer.exact === null ? [] : [{ kind: "rule", class: "exact", name: "exact value", y: answer.exact }]),
      ],
    });
  }
}

/** A clause of the server's as a sentence. */
const sentence = (clause) => clause ? `${clause[0].toUpperCase()}${clause.slice(1)}`.replace(/[^.]$/, "$&.") : "";
