// Projected gradient ascent in the plane: the path of a point that climbs within a set.

import { getJSON } from "../shared/api.js";
import { contours } from "../figures/contour.js";
import { el, facts, numbersTable, svg } from "../shared/dom.js";
import { pointText, text } from "../shared/numbers.js";
import { compile } from "../figures/expression.js";
import { Plane } from "../figures/plane.js";
import { figure, latest, Workbench } from "../shared/workbench.js";
import { SetChooser } from "./plane/setchooser.js";

const VARIABLES = ["x", "y"];

export default {
  id: "maximization",
  short: "Maximization",
  title: "Climb within a convex set",
  lead:
    "Write a function of x and y, drag the start and the set, and see how projected gradient ascent finds the best point that is allowed.",
  lesson: [
    "Each step follows the gradient uphill and is then projected back onto the set. Where the path meets the boundary it slides along it.",
    "The ascent ends where the gradient has no part that points into the set: a maximum, though perhaps not the highest of several. Drag the start to find others.",
  ],
  operations: ["POST /maximize"],
  mount,
};

function mount(context) {
  let answer = null, drawn = null;
  const chooser = new SetChooser({ set: "ball", shape: "0,0,1.2", ...context.values }, "ball", {
    onchange: () => moved(),
    withNone: true,
  });
  const bench = new Workbench(context, {
    operation: "POST /maximize",
    main: ["f", "start"],
    fixed: ["variables", "constraints"],
    initial: { f: "-(1-x)^2 - 3*(y-x^2)^2", start: [-1, -0.5] },
    labels: { f: "f(x, y)" },
    runLabel: "Climb",
    formats: ["json", "csv", "svg"],
    state: () => chooser.state(),
    run,
  });
  bench.tools.append(chooser.element);
  const start = () => bench.form.text("start").split(",").map(Number);
  const plane = new Plane("The plane", {
    handles: () => [{
      name: "Start",
      class: "main",
      x: start()[0],
      y: start()[1],
      move: (x, y) => bench.form.set("start", [x, y]),
    }, ...chooser.handles],
    content: (frame) => [...background(frame), chooser.outline(frame), ...drawPath(frame)].filter(Boolean),
    onmove: () => moved(),
  });
  const numbers = el("div"), table = el("div");
  bench.figures.append(figure("Contours of f and the path", plane.element), numbers, table);
  const refresh = latest(() => bench.start());
  plane.show("A start and a convex set.");
  refresh();

  /** Contours change only with f and the figure's size. */
  function background({ sx, sy, box }) {
    const key = JSON.stringify([bench.form.text("f"), box]);
    if (drawn?.key !== key) {
      const f = compile(bench.form.text("f"), VARIABLES);
      drawn = { key, elements: f ? contours((x, y) => f([x, y]), sx, sy, box) : [] };
    }
    return drawn.elements;
  }

  function moved() {
    chooser.refresh();
    plane.show(plane.drawing.svg.getAttribute("aria-label"));
    refresh();
  }

  async function run(signal) {
    const { f, start, ...options } = bench.form.body();
    const body = { f, variables: VARIABLES, start, constraints: chooser.constraints, ...options };
    bench.command.show({ path: "/maximize", body });
    answer = await getJSON({ path: "/maximize", body, signal });
    const sentence = `f is ${text(answer.value)} at ${pointText(answer.maximizer)}.`;
    plane.show(sentence);
    numbers.replaceChildren(facts([
      ["Largest value", text(answer.value, 5)],
      ["At", pointText(answer.maximizer)],
      ["Steps", text(answer.iterations), `stopped by ${answer.stopped}`],
      ["Projected gradient", text(answer.projected_gradient_norm, 2), "0 at a maximum"],
    ]));
    const { trace } = answer, every = Math.ceil(trace.iteration.length / 20);
    table.replaceChildren(
      numbersTable(
        "The path",
        ["Step", "x", "y", "f"],
        trace.iteration.map((step, i) => [step, ...trace.point[i].map((x) => text(x)), text(trace.value[i], 5)]).filter(
          (_, i) => i % every === 0 || i === trace.iteration.length - 1,
        ),
      ),
    );
    return sentence;
  }

  function drawPath({ sx, sy }) {
    if (!answer) return [];
    const [x, y] = answer.maximizer.map((value, i) => drawable((i ? sy : sx)(value)));
    return [
      svg("polyline", {
        class: "line first path",
        points: answer.trace.point.map(([a, b]) => `${drawable(sx(a)).toFixed(1)},${drawable(sy(b)).toFixed(1)}`).join(
          " ",
        ),
      }),
      ...answer.trace.point.slice(0, 60).map(([a, b]) =>
        svg("circle", { class: "waypoint first", cx: drawable(sx(a)), cy: drawable(sy(b)), r: 3 })
      ),
      svg("path", { class: "cross", d: `M${x - 6} ${y - 6}l12 12m0 -12l-12 12` }),
    ];
  }
}

/** A place on the figure or somewhat beyond it: an ascent without bound leaves what SVG can draw. */
const drawable = (place) => Math.max(-1e4, Math.min(1e4, place));
