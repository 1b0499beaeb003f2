// An invertible 1×1 convolution: three colours mixed by one matrix, and undone.

import { getJSON } from "../shared/api.js";
import { el, facts } from "../shared/dom.js";
import { text } from "../shared/numbers.js";
import { figure, latest, Workbench } from "../shared/workbench.js";
import { ColourCube } from "./convolution/cube.js";
import { FactorControls } from "./convolution/factors.js";
import { paintColours, scenery } from "./convolution/scenery.js";

export default {
  id: "convolution",
  short: "1×1 convolution",
  title: "Mix colours, and undo it",
  lead:
    "A 1×1 convolution multiplies the channels of every pixel by one matrix. Written as P L (U + diag s), its determinant can be read off.",
  lesson: [
    "L and U are triangular with ones or zeros on the diagonal and P only reorders, so the determinant is the product of s, up to its sign. For m × n pixels, log |det| is m · n · Σ log |s|, without any elimination.",
    "The cube shows what the matrix does to all colours: its volume changes by the factor |det|. With an s of 0 it becomes flat, and nothing could undo that: the server refuses.",
  ],
  operations: ["POST /invertible-convolution"],
  mount,
};

function mount(context) {
  const input = scenery();
  const factors = new FactorControls(context.values, () => refresh());
  const bench = new Workbench(context, {
    operation: "POST /invertible-convolution",
    main: [],
    fixed: ["permutation", "lower", "upper", "scale", "input", "inverse", "conditioner"],
    runLabel: "Mix",
    state: () => factors.state(),
    run,
    faultTarget: ({ pointer }) => factors.control(pointer),
  });
  const refresh = latest(() => bench.start());
  bench.tools.append(factors.element);
  const pictures = ["Before", "Mixed", "Undone"].map((name) => ({
    name,
    canvas: el("canvas", { class: "pixels colours", role: "img", "aria-label": `${name}: a sun over the sea` }),
  }));
  const cube = new ColourCube(), numbers = el("div"), matrix = el("div");
  bench.figures.append(
    el("div", { class: "side-by-side" }, pictures.map(({ name, canvas }) => figure(name, canvas))),
    el(
      "div",
      { class: "split" },
      figure("All colours, before and after", cube.element),
      el("div", { class: "results" }, numbers, matrix),
    ),
  );
  paintColours(pictures[0].canvas, input);
  refresh();

  async function run(signal) {
    const body = { ...factors.body(), input };
    bench.command.show({ path: "/invertible-convolution", body });
    const answer = await getJSON({ path: "/invertible-convolution", body, signal });
    const undone = await getJSON({
      path: "/invertible-convolution",
      body: { ...factors.body(), input: answer.output, inverse: true },
      signal,
    });
    paintColours(pictures[1].canvas, answer.output);
    paintColours(pictures[2].canvas, undone.output);
    cube.show(answer.weight);
    const pixels = input[0].length * input[0][0].length,
      determinant = answer.sign * Math.exp(answer.log_abs_det / pixels);
    numbers.replaceChildren(facts([
      [
        "det A",
        text(determinant),
        answer.sign < 0 ? "the cube is turned inside out" : "the cube keeps its orientation",
      ],
      ["log |det| of the map", text(answer.log_abs_det, 6), `${pixels} pixels × ${text(answer.log_abs_det / pixels)}`],
      ["Error after undoing", text(largestDifference(input, undone.output), 2), "largest difference of any channel"],
    ]));
    matrix.replaceChildren(matrixTable(answer.weight));
    return `det A is ${text(determinant)}.`;
  }
}

function largestDifference(a, b) {
  const [x, y] = [a.flat(2), b.flat(2)];
  return x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i])), 0);
}

function matrixTable(rows) {
  const colours = ["Red", "Green", "Blue"];
  return el(
    "table",
    { class: "matrix" },
    el("caption", {}, "A, from the old colours to the new"),
    el("thead", {}, el("tr", {}, el("td"), colours.map((name) => el("th", { scope: "col" }, name.toLowerCase())))),
    el(
      "tbody",
      {},
      rows.map((row, i) =>
        el("tr", {}, el("th", { scope: "row" }, colours[i]), row.map((x) => el("td", {}, text(x, 3))))
      ),
    ),
  );
}
