// Inpainting: draw a digit or let the model draw one, cut a hole, watch it being filled.

import { getJSON } from "../shared/api.js";
import { Picture } from "../pictures/pixels.js";
import { Workbench } from "../shared/workbench.js";
import { View } from "./inpainting/view.js";

/** What the page opens with: a digit that the model drew, and a band across its middle. */
const EXAMPLE = { digit: "7", temperature: "0.8", index: "0", hole: "10-18x4-24", ink: "" };

export default {
  id: "inpainting",
  short: "Fill a hole",
  title: "Fill a hole in a picture",
  lead: "Draw a digit or let the model draw one, cut a hole into it, and watch the model fill the hole.",
  lesson: [
    "NICE is a normalizing flow: a neural network that gives every image an exact probability density. Filling a hole means climbing that density: the missing pixels follow the gradient of log p(x), and the known ones stay as they are.",
    "Each step is projected back onto the images that agree with the known pixels and have grey levels between 0 and 1. The curve is the log-likelihood along the way. It usually ends above the original: what is found is a most likely filling, not a typical one.",
    "With the method “posterior” the missing pixels are drawn from their distribution given the known ones, by several chains of Hamiltonian Monte Carlo. The picture is the mean of the draws, which has the smallest expected squared error; where draws differ, their spread is bright.",
    "The model “conditional” has learned the distribution of the missing pixels given the known ones, for holes of any shape, and draws from it in one pass, without chains: each draw is an answer of its own, and their mean comes nearest to the truth.",
  ],
  operations: ["POST /inpaint", "GET /sample", "POST /likelihood", "GET /model", "GET /models"],
  mount,
};

async function mount(context) {
  const source = { ...EXAMPLE, ...context.values };
  if ("ink" in context.values && !("digit" in context.values)) source.digit = "";
  const bench = new Workbench(context, {
    operation: "POST /inpaint",
    main: ["iterations", "initial", "model"],
    fixed: ["image", "mask", "missing", "truth", "trace_every"],
    initial: { seed: 1 },
    runLabel: "Fill",
    formats: ["json", "ndjson", "png"],
    runsOnChange: false,
    state: () => view?.state() ?? context.values,
    run: (signal, progress) => view?.fill(signal, progress),
  });
  let view = null;
  try {
    const [{ architecture }, { models }] = await Promise.all([getJSON({ path: "/model" }), getJSON({ path: "/models" })]);
    const conditional = new Set(models.filter(({ kind }) => kind === "conditional").map(({ name }) => name));
    view = new View(bench, new Picture(architecture.rows, architecture.columns), source, conditional);
    await view.open();
    await bench.start();
  } catch (error) {
    bench.showFault(error);
  }
}
