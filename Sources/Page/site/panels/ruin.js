// The gambler's ruin: an interval that shrinks around the exact value, and a naive one that sees nothing.

import { stream } from "../shared/api.js";
import { Chart } from "../figures/chart.js";
import { el, facts, numbersTable } from "../shared/dom.js";
import { intervalText, scientific, text } from "../shared/numbers.js";
import { extent } from "../figures/scale.js";
import { figure, Workbench } from "../shared/workbench.js";

/** Naive simulation is left out where it would keep the server busy for seconds. */
const MOST_NAIVE_GAMES = 2e10;

export default {
  id: "ruin",
  short: "A rare event",
  title: "How likely is a rare event?",
  lead:
    "A gambler plays red at roulette, one coin a game, and stops with nothing or with twice the money. How likely is the double?",
  lesson: [
    "Naive simulation plays with the true odds. Where one gambler in 400,000 succeeds, thousands of them see no success at all: the estimate is 0, and the interval only says that the probability is small.",
    "Importance sampling plays with better odds and gives each success the weight that makes up for it. The same number of gamblers then yields a close estimate, and an interval that shrinks around the exact value.",
  ],
  operations: ["GET /ruin"],
  mount,
};

function mount(context) {
  const near = new Chart("Estimate and interval against the number of gamblers", { ratio: 0.46, most: 340 });
  const far = new Chart("The same beside another method", { ratio: 0.46, most: 340 });
  const comparison = figure("Beside the other method", far.element, "both axes logarithmic");
  const numbers = el("div"), table = el("div"), warning = el("p", { class: "warning" });
  const bench = new Workbench(context, {
    operation: "GET /ruin",
    main: ["n", "k", "start", "goal", "p", "seed", "method"],
    initial: { seed: 1, n: 30000 },
    runLabel: "Simulate",
    formats: ["json", "ndjson"],
    run,
  });
  bench.figures.append(
    figure("The interval closes in", near.element, "as the gamblers become more"),
    numbers,
    warning,
    comparison,
    table,
  );
  bench.start();

  async function run(signal, progress) {
    const query = bench.form.query();
    // A relative error takes the place of a number of gamblers.
    if (query.relative_error) delete query.n;
    const request = { path: "/ruin", query };
    bench.command.show(request);
    const chosen = await follow(request, signal, progress);
    const rival = await follow(rivalRequest(query, chosen.answer), signal);
    show(chosen, rival);
    return `${text(chosen.answer.games_played)} games played.`;
  }

  function show(chosen, rival) {
    const { answer } = chosen;
    drawNear(near, chosen);
    comparison.hidden = !rival;
    if (rival) drawFar(far, chosen, rival);
    numbers.replaceChildren(facts([
      ["Estimate", scientific(answer.estimate), `± ${scientific(answer.standard_error, 2)}`],
      [
        "Exact",
        answer.exact === null ? "not computed" : scientific(answer.exact),
        answer.z_score === null ? null : `${answer.z_score.toFixed(2).replace("-", "−")} standard errors away`,
      ],
      [`${text(answer.confidence * 100)} % interval`, intervalText(answer.confidence_interval)],
      ["Gamblers who succeed", text(answer.hits), `of ${text(answer.n)}`],
      rival &&
      [
        `The ${NAMES[rival.answer.method]} estimate`,
        scientific(rival.answer.estimate),
        `${text(rival.answer.hits)} of ${text(rival.answer.n)} succeed`,
      ],
      answer.variance_reduction !== null && answer.method !== "naive" &&
      ["Worth", `${text(answer.variance_reduction, 3)} ×`, "as many naive gamblers"],
    ]));
    warning.textContent = answer.warning?.replace(/[^.]$/, "$&.") ?? "";
    table.replaceChildren(
      numbersTable(
        "The estimate as the gamblers become more",
        ["Gamblers", "Estimate", "Lower end", "Upper end"],
        chosen.points.map(({ x, y, low, high }) => [x, scientific(y), scientific(low), scientific(high)]),
      ),
    );
  }
}

const NAMES = { naive: "naive", importance: "importance sampling", zero_variance: "zero-variance" };

/** The other method with as many gamblers; null where that is too much work. */
function rivalRequest(query, answer) {
  if (answer.n * answer.k > MOST_NAIVE_GAMES) return null;
  const { q: _, relative_error: __, shard: ___, ...rest } = query;
  const method = answer.method === "naive" ? "importance" : "naive";
  return { path: "/ruin", query: { ...rest, n: answer.n, method, seed: answer.seed } };
}

/** Runs a request; the estimate after ever more gamblers, and the answer. */
async function follow(request, signal, progress = () => {}) {
  if (!request) return null;
  const points = [];
  const answer = await stream({ ...request, signal }, (line) => {
    const [low, high] = line.confidence_interval;
    points.push({ x: line.gamblers, y: line.estimate, low: low ?? 0, high: high ?? 1 });
    if (line.of) progress(line.gamblers / line.of);
  });
  return { points, answer };
}

/** The chosen method's interval, close up. */
function drawNear(chart, { points, answer }) {
  const last = points.slice(Math.floor(points.length / 4));
  const domain = extent([...last.flatMap(({ low, high }) => [low, high]), answer.exact ?? NaN], 0.25);
  const series = seriesOf({ points, answer }, "main");
  if (answer.exact !== null) series.push(exactRule(answer.exact));
  const [low, high] = answer.confidence_interval;
  chart.show({
    label: `After ${text(answer.n)} gamblers the interval is ${intervalText([low, high])}; the exact value is ${
      answer.exact === null ? "unknown" : scientific(answer.exact)
    }.`,
    x: gamblersAxis(points),
    y: { domain: [Math.max(0, domain[0]), domain[1]], label: "probability" },
    series,
  });
}

/** Both methods, on a scale that shows how far apart they are. */
function drawFar(chart, chosen, rival) {
  const { exact } = chosen.answer, points = [...chosen.points, ...rival.points];
  const most = Math.max(...points.map(({ high }) => high));
  const least = Math.min(...[...chosen.points.map(({ low }) => low), exact].filter((value) => value > 0), most / 10);
  const series = [...seriesOf(rival, "rival", least / 10), ...seriesOf(chosen, "main", least / 10)];
  if (exact > 0) series.push(exactRule(exact));
  chart.show({
    label: `After as many gamblers the ${NAMES[rival.answer.method]} interval is ${
      intervalText(rival.answer.confidence_interval)
    }.`,
    x: gamblersAxis(points),
    y: { domain: [least / 2, Math.min(1, most * 1.5)], log: true, label: "probability" },
    series,
  });
}

function gamblersAxis(points) {
  const gamblers = points.map(({ x }) => x), least = Math.min(...gamblers);
  return { domain: [least, Math.max(...gamblers, least + 1)], log: true, label: "gamblers" };
}

/** The interval and the estimate; on a logarithmic axis a lower end of 0 is drawn at `floor`. */
function seriesOf({ points, answer }, colour, floor = 0) {
  const name = NAMES[answer.method];
  return [
    {
      kind: "band",
      class: colour,
      name: `interval, ${name}`,
      points: points.map((one) => ({ ...one, low: Math.max(one.low, floor) })),
    },
    { kind: "line", class: colour, name: `estimate, ${name}`, points: points.filter(({ y }) => y > floor) },
  ];
}

const exactRule = (y) => ({ kind: "rule", class: "exact", name: "exact value", y });
