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
  operations: ["GET /sample", "GET /models", "GET /model", "POST /likelihood"],
  mount,
};

function mount(context) {
  const grid = el("div", { class: "draws" }),
    judged = el("div", { class: "judged", role: "status" }),
    about = el("div"),
    models = el("div"),
    table = el("div");
  const bench = new Workbench(context, {
    operation: "GET /sample",
    main: ["model", "n", "temperature", "seed"],
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
    figure("The model", about),
    figure("All models that are loaded", models),
  );
  bench.start();

  async function run(signal) {
    const query = bench.form.query();
    bench.command.show({ path: "/sample", query, picture: { scale: 4 } });
    const named = query.model === undefined ? {} : { model: query.model };
    const [loaded, model] = await Promise.all([
      getJSON({ path: "/models", signal }),
      getJSON({ path: "/model", query: named, signal }),
    ]);
    list(models, loaded.models);
    describe(about, model, named);
    // A model of missing pixels draws no whole images: what it is stands there all the same.
    const answer = await getJSON({ path: "/sample", query, signal });
    grid.replaceChildren(
      ...answer.images.map((image, i) =>
        drawButton(image, answer.log_likelihood[i], i, model, (event) => judge(event, image, i, answer, named))
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
  async function judge(event, image, index, { seed, temperature }, named) {
    grid.querySelectorAll("[aria-pressed]").forEach((one) =>
      one.setAttribute("aria-pressed", String(one === event.currentTarget))
    );
    try {
      const parts = await getJSON({ path: "/likelihood", body: { image, ...named } });
      judged.replaceChildren(
        facts([
          [`Draw ${index + 1}`, text(parts.log_likelihood, 6), "nats"],
          ["Of its noise", text(parts.log_prior, 6), "log prior"],
          ["Of the map", text(parts.log_det_jacobian, 6), "log |det Jacobian|: how much the flow stretches here"],
          ["Bits per pixel", text(parts.bits_per_dimension)],
        ]),
        // The other panel's pictures are the default model's.
        ...(named.model === undefined ? [wayOn({ digit: seed, temperature, index: index || undefined })] : []),
      );
    } catch (error) {
      bench.showFault(error);
    }
  }
}

function wayOn(state) {
  return el("p", {}, el("a", { href: stateURL("inpainting", state) }, "Cut a hole into this draw"));
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

function describe(place, model, named) {
  const { architecture } = model;
  place.replaceChildren(
    facts([
      ["Name", model.name, architecture.family],
      ["Image", `${architecture.rows} × ${architecture.columns}`, "pixels"],
      ["Parameters", text(model.parameters), model.precision],
      architecture.couplings === undefined
        ? ["Network", `${architecture.steps} steps`, `hidden layers of ${architecture.hidden} channels`]
        : [
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
        ? el("code", {}, curlLine({ path: "/model", query: named }))
        : el("a", { href: address("/model", named) }, "All of it as JSON"),
    ),
  );
}

function list(place, models) {
  place.replaceChildren(
    facts(models.map((model) => [model.name, model.kind, `${model.purpose} ${text(model.parameters)} parameters.`])),
  );
}
