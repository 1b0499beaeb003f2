// The nearest point of a convex set, dragged by hand.

import { getJSON } from "../shared/api.js";
import { el, facts, svg } from "../shared/dom.js";
import { pointText, text } from "../shared/numbers.js";
import { Plane } from "../figures/plane.js";
import { figure, latest, Workbench } from "../shared/workbench.js";
import { SetChooser } from "./plane/setchooser.js";

export default {
  id: "projection",
  short: "Projections",
  title: "The nearest point of a convex set",
  lead: "Drag the point or the set. The server answers every move with the point of the set that is nearest.",
  lesson: [
    "A projection is how an optimizer obeys constraints: it takes a step as if there were none, then goes to the nearest point that is allowed. For a convex set there is exactly one.",
    "Filling a hole uses the same projection in 784 dimensions: known pixels are fixed coordinates, missing ones lie between 0 and 1.",
  ],
  operations: ["POST /project"],
  mount,
};

function mount(context) {
  let answer = null;
  const chooser = new SetChooser(context.values, "ball", { onchange: () => moved() });
  const bench = new Workbench(context, {
    operation: "POST /project",
    main: ["point"],
    fixed: ["constraints"],
    initial: { point: [3, 2] },
    runLabel: "Project",
    state: () => chooser.state(),
    run,
  });
  bench.tools.append(chooser.element);
  const point = () => bench.form.text("point").split(",").map(Number);
  const plane = new Plane("The plane", {
    handles: () => [{
      name: "Point",
      class: "main",
      x: point()[0],
      y: point()[1],
      move: (x, y) => bench.form.set("point", [x, y]),
    }, ...chooser.handles],
    content: (frame) => [chooser.outline(frame), ...drawAnswer(frame)],
    onmove: () => moved(),
  });
  const numbers = el("div");
  bench.figures.append(figure("The plane", plane.element), numbers);
  const refresh = latest(() => bench.start());
  plane.show("A point and a convex set.");
  refresh();

  function moved() {
    chooser.refresh();
    plane.show(plane.drawing.svg.getAttribute("aria-label"));
    refresh();
  }

  async function run(signal) {
    const body = { ...bench.form.body(), constraints: chooser.constraints };
    bench.command.show({ path: "/project", body });
    answer = { point: body.point, ...await getJSON({ path: "/project", body, signal }) };
    const sentence = `The nearest point is ${pointText(answer.projection)}, ${text(answer.distance)} away.`;
    plane.show(sentence);
    numbers.replaceChildren(facts([
      ["Nearest point", pointText(answer.projection)],
      ["Distance", text(answer.distance), answer.distance === 0 ? "the point is in the set" : null],
    ]));
    return sentence;
  }

  function drawAnswer({ sx, sy }) {
    if (!answer || answer.projection.length !== 2) return [];
    const [x, y] = answer.projection, [a, b] = point();
    return [
      svg("line", { class: "line first dashed", x1: sx(a), y1: sy(b), x2: sx(x), y2: sy(y) }),
      svg("circle", { class: "marker second", cx: sx(x), cy: sy(y), r: 6 }),
    ];
  }
}
