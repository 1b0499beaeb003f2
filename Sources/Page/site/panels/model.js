// What the model draws, how likely it finds each draw, and what it is.

import { address, getJSON } from "../shared/api.js";
import { curlLine } from "../shared/curl.js";
import { el, facts, numbersTable } from "../shared/dom.js";
import { text } from "../shared/numbers.js";
import { toBytes } from "../pictures/pixels.js";
import { paint } from "../pictures/raster.js";
import { stateURL } from "../shared/state.js";
import { hasToken } from "../shared/token.js";
import { figure, Workbench } from "../shared/workbench.js";

export default {
  id: "model",
  short: "The model",
  title: "What the model draws",
  lead: "Random noise, sent backwards through the network, becomes digits. Each comes with its exact log-likelihood.",
  lesson: [
    "A normalizing flow is a one-to-one map between images and noise. Read forwards it tells how likely an image is; read backwards it draws new ones.",
    "Temperature scales the noise. At 1 the draws follow the model's own distribution; below 1 they gather around its centre and look cleaner, at the price of variety.",
  ],
  operations: ["GET /sample", "GET /model", "POST /likelihood"],
  mount,
};

function mount(context) {
  const grid = el("div", { class: "draws" }),
    judged = el("div", { class: "judged", role: "status" }),
    about = el("div"),
    table = el("div");
  const bench = new Workbench(context, {
    operation: "GET /sample",
    main: ["n", "temperature", "seed"],
    fixed: ["scale"],
    initial: { n: 24, temperature: 0.8, seed: 7 },
    labels: { n: "Number of draws" },
    runLabel: "Draw",
    formats: ["json", "png"],
    run,
  });
  bench.figures.append(
    figure("Draws", grid, "choose one to see its likelihood"),
    judged,
    table,
    figure("The loaded model", about),
  );
  bench.start();

  async function run(signal) {
    const query = bench.form.query();
    bench.command.show({ path: "/sample", query, picture: { scale: 4 } });
    const [answer, model] = await Promise.all([
      getJSON({ path: "/sample", query, signal }),
      getJSON({ path: "/model", signal }),
    ]);
    describe(about, model);
    grid.replaceChildren(
      ...answer.images.map((image, i) =>
        drawButton(image, answer.log_likelihood[i], i, model, (event) => judge(event, image, i, answer))
      ),
    );
    table.replaceChildren(
      numbersTable(
        "Log-likelihood of each draw",
        ["Draw", "Log-likelihood in nats"],
        answer.log_likelihood.map((value, i) => [i + 1, text(value, 6)]),
      ),
    );
    judged.replaceChildren();
    return `${answer.images.length} draws.`;
  }

  /** The two parts of a draw's likelihood, and a way on to the hole. */
  async function judge(event, image, index, { seed, temperature }) {
    grid.querySelectorAll("[aria-pressed]").forEach((one) =>
      one.setAttribute("aria-pressed", String(one === event.currentTarget))
    );
    try {
      const parts = await getJSON({ path: "/likelihood", body: { image } });
      judged.replaceChildren(
        facts([
          [`Draw ${index + 1}`, text(parts.log_likelihood, 6), "nats"],
          ["Of its noise", text(parts.log_prior, 6), "log prior"],
          ["Of the map", text(parts.log_det_jacobian, 6), "log |det Jacobian|: how much the flow stretches here"],
          ["Bits per pixel", text(parts.bits_per_dimension)],
        ]),
        el(
          "p",
          {},
          el(
            "a",
            { href: stateURL("inpainting", { digit: seed, temperature, index: index || undefined }) },
            "Cut a hole into this draw",
          ),
        ),
      );
    } catch (error) {
      bench.showFault(error);
    }
  }
}

function drawButton(image, likelihood, index, { architecture }, onclick) {
  const canvas = el("canvas", { class: "pixels", "aria-hidden": "true" }), bytes = toBytes(image);
  paint(canvas, architecture, (k) => bytes[k]);
  return el(
    "button",
    {
      type: "button",
      class: "draw",
      "aria-pressed": "false",
      onclick,
      "aria-label": `Draw ${index + 1}, ${text(likelihood, 6)} nats`,
    },
    canvas,
    el("span", { "aria-hidden": "true" }, text(Math.round(likelihood))),
  );
}

function describe(place, model) {
  const { architecture } = model;
  place.replaceChildren(
    facts([
      ["Name", model.name, architecture.family],
      ["Image", `${architecture.rows} × ${architecture.columns}`, "pixels"],
      ["Parameters", text(model.parameters), model.precision],
      [
        "Network",
        `${architecture.couplings} couplings`,
        `${architecture.hidden_layers} hidden layers of ${architecture.width}`,
      ],
      model.test_log_likelihood !== null && ["On test images", text(model.test_log_likelihood, 6), "nats"],
    ]),
    el(
      "p",
      { class: "after" },
      // A link cannot carry a token.
      hasToken()
        ? el("code", {}, curlLine({ path: "/model" }))
        : el("a", { href: address("/model") }, "All of it as JSON"),
    ),
  );
}
