// The gambler's ruin: an interval that shrinks around the exact value, and a naive one that sees nothing.

import { stream } from "../api.js";
import { Chart } from "../chart.js";
import { el, facts, numbersTable, scientific, text } from "../dom.js";
import { figure, Workbench } from "../workbench.js";

/** Naive simulation is left out where it would keep the server busy for seconds. */
const MOST_NAIVE_GAMES = 2e10;

export default {
  id: "ruin",
  short: "A rare event",
  title: "How likely is a rare event?",
  lead: "A gambler plays red at roulette, one coin a game, and stops with nothing or with twice the money. How likely is the double?",
  lesson: [
    "Naive simulation plays with the true odds. Where one gambler in 400,000 succeeds, thousands of them see no success at all: the estimate is 0, and the interval only says that the probability is small.",
    "Importance sampling plays with better odds and gives each success the weight that makes up for it. The same number of gamblers then yields an estimate within a few percent, and an interval that closes around the exact value.",
  ],
  operations: ["GET /ruin"],
  mount,
};

function mount(context) {
  const chart = new Chart("Estimate and interval against the number of gamblers", { ratio: 0.58 });
  const numbers = el("div"), table = el("div"), warning = el("p", { class: "warning" });
  const bench = new Workbench(context, {
    operation: "GET /ruin", main: ["n", "k", "p", "start", "goal", "method", "seed"], initial: { seed: 1, n: 30000 },
    labels: { n: "Gamblers n", k: "Games at most k", p: "Probability of winning a game p" },
    runLabel: "Simulate", formats: ["json", "ndjson"], run,
  });
  bench.figures.append(
    figure("Estimate and confidence interval", chart.element, "against the number of gamblers, both axes logarithmic"),
    numbers, warning, table);
  bench.start();

  async function run(signal, progress) {
    const query = bench.form.query();
    const request = { path: "/ruin", query };
    bench.command.show(request);
    const chosen = await follow(request, signal, progress);
    const rival = await follow(rivalRequest(query, chosen.answer), signal);
    show(chosen, rival);
    return `${text(chosen.answer.games_played)} games played.`;
  }

  function show(chosen, rival) {
    const { answer } = chosen;
    draw(chart, chosen, rival);
    numbers.replaceChildren(facts([
      ["Estimate", scientific(answer.estimate), `± ${scientific(answer.standard_error, 2)}`],
      ["Exact", answer.exact === null ? "not computed" : scientific(answer.exact), answer.z_score === null ? null : `${text(answer.z_score, 2)} standard errors away`],
      [`${text(answer.confidence * 100)} % interval`, `${scientific(answer.confidence_interval[0])} to ${scientific(answer.confidence_interval[1])}`],
      ["Gamblers who succeed", text(answer.hits), `of ${text(answer.n)}`],
      rival && [`The ${NAMES[rival.answer.method]} estimate`, scientific(rival.answer.estimate), `${text(rival.answer.hits)} of ${text(rival.answer.n)} succeed`],
      answer.variance_reduction !== null && ["Worth", `${text(answer.variance_reduction, 3)} ×`, "as many naive gamblers"],
    ]));
    warning.textContent = answer.warning ? `${answer.warning}.` : "";
    table.replaceChildren(numbersTable("The estimate as the gamblers become more", ["Gamblers", "Estimate", "Lower end", "Upper end"],
      chosen.points.map(({ x, y, low, high }) => [x, scientific(y), scientific(low), scientific(high)])));
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

function draw(chart, chosen, rival) {
  const exact = chosen.answer.exact, points = [...chosen.points, ...(rival?.points ?? [])];
  const positive = [...points.flatMap(({ low, high, y }) => [low, high, y]), exact].filter((value) => value > 0);
  const floor = Math.min(...[...chosen.points.map(({ low }) => low), exact].filter((value) => value > 0), Math.max(...positive) / 10);
  const domain = [floor / 2, Math.min(1, Math.max(...positive) * 1.5)];
  const gamblers = points.map(({ x }) => x);
  const series = [];
  if (rival) {
    series.push({ kind: "band", class: "rival", name: `${NAMES[rival.answer.method]} interval`, points: rival.points },
      { kind: "line", class: "rival", points: rival.points.filter(({ y }) => y > 0) });
  }
  series.push({ kind: "band", class: "main", name: `${NAMES[chosen.answer.method]} interval`, points: chosen.points },
    { kind: "line", class: "main", name: "estimate", points: chosen.points.filter(({ y }) => y > 0) });
  if (exact > 0) series.push({ kind: "rule", class: "exact", name: "exact value", y: exact });
  const [low, high] = chosen.answer.confidence_interval;
  chart.show({
    label: `After ${chosen.answer.n} gamblers the interval is ${scientific(low)} to ${scientific(high)}; the exact value is ${exact === null ? "unknown" : scientific(exact)}.`
      + (rival ? ` The ${NAMES[rival.answer.method]} interval is ${rival.answer.confidence_interval.map((end) => scientific(end)).join(" to ")}.` : ""),
    x: { domain: [Math.min(...gamblers), Math.max(...gamblers, Math.min(...gamblers) + 1)], log: true, label: "gamblers" },
    y: { domain, log: true, label: "probability" }, series,
  });
}
