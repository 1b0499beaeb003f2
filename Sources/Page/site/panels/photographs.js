// Photographs: open a picture, paint over what is damaged, watch it being repaired.

import { getJSON, stream } from "../shared/api.js";
import { save } from "../shared/curl.js";
import { button, el, facts, uniqueID } from "../shared/dom.js";
import { text } from "../shared/numbers.js";
import { fieldsOf } from "../shared/openapi.js";
import { figure, Workbench } from "../shared/workbench.js";
import { Damage } from "./photographs/damage.js";
import { example } from "./photographs/example.js";

const OPERATION = "POST /inpaint", SHOWN = ["iterations", "seed"];

export default {
  id: "photographs",
  short: "Repair a photograph",
  title: "Repair a photograph",
  lead: "Open a picture, paint over scratches, stamps or lost corners, and watch them disappear.",
  lesson: [
    "The model knows small patches, 8 × 8 pixels, with more or less noise. A picture is good when all of its patches are likely: the missing pixels climb the mean log-likelihood over every patch that touches one.",
    "Each step moves a pixel to the mean of what the patches around it take it to be, as if it were noisy; the noise falls from step to step. Pixels that you did not paint stay exactly as they are.",
    "The start is the smoothest surface through the known pixels. The model was learned from 14 photographs; with riviera train --patches you can make one from a handful of your own.",
  ],
  operations: [OPERATION, "GET /models"],
  mount,
};

async function mount(context) {
  const damage = new Damage(example(), () => bench.say(damage.sentence));
  const result = el("img", { class: "photograph", alt: "The repaired picture" });
  const numbers = el("div");
  let model = null, address = null;
  const names = fieldsOf(context.description, OPERATION).map(({ name }) => name);
  const bench = new Workbench(context, {
    operation: OPERATION,
    main: SHOWN,
    fixed: names.filter((name) => !SHOWN.includes(name)),
    initial: { seed: 1, iterations: 100 },
    runLabel: "Repair",
    formats: [],
    runsOnChange: false,
    run,
  });
  bench.tools.append(...controls());
  bench.figures.append(
    figure("Your picture", damage.canvas, "Painted over: what is to be filled."),
    figure("Repaired", result),
    numbers,
  );
  try {
    const { models } = await getJSON({ path: "/models" });
    model = models.find(({ kind }) => kind === "patches")?.name;
    if (!model) throw new Error("This server has no model of patches. Start it with --model photographs.");
    await bench.start();
  } catch (error) {
    bench.showFault(error);
  }

  function controls() {
    const file = el("input", {
      type: "file",
      accept: "image/*",
      class: "hidden",
      tabindex: "-1",
      "aria-hidden": "true",
      onchange: () => open(file),
    });
    const size = uniqueID("brush");
    return [
      el(
        "div",
        { class: "actions" },
        button("Open a picture", { icon: "open", onclick: () => file.click() }),
        button("Scratch it", { icon: "dice", kind: "quiet", onclick: () => damage.scratch() }),
        button("Undo", { icon: "undo", kind: "quiet", onclick: () => damage.undo() }),
        button("Clear", { icon: "clear", kind: "quiet", onclick: () => damage.clear() }),
        button("Save the result", {
          icon: "download",
          kind: "quiet",
          onclick: async () => address && save(await (await fetch(address)).blob(), "repaired.png"),
        }),
      ),
      el(
        "div",
        { class: "brush" },
        el("label", { for: size }, "Brush"),
        el("input", {
          id: size,
          type: "range",
          min: "2",
          max: "40",
          value: damage.size,
          oninput: ({ target }) => damage.size = Number(target.value),
        }),
      ),
      file,
    ];
  }

  async function open(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      damage.open(await createImageBitmap(file), file);
      result.removeAttribute("src");
    } catch {
      bench.showFault(new Error(`“${file.name}” is not a picture that this browser can read.`));
    }
  }

  async function run(signal, progress) {
    const form = new FormData(), steps = Number(bench.form.text("iterations")) || 100, seed = bench.form.text("seed");
    form.set("image", await damage.picture(), "picture.png");
    form.set("mask", await damage.mask(), "mask.png");
    form.set("model", model);
    form.set("iterations", steps);
    form.set("trace_every", Math.max(1, Math.round(steps / 20)));
    if (seed) form.set("seed", seed);
    const url = new URL("../../inpaint", import.meta.url).href;
    bench.command.show(
      { path: "/inpaint" },
      () =>
        `curl '${url}' -F image=@picture.png -F mask=@mask.png -F model=${model}${seed && ` -F seed=${seed}`} -H 'Accept: image/png' -o repaired.png`,
    );
    bench.command.links.replaceChildren("The mask, white where something is missing: ", maskLink(), ".");
    const answer = await stream({ path: "/inpaint", form, signal }, ({ iteration, preview }) => {
      result.src = preview;
      progress(iteration / steps);
    });
    result.src = address = answer.image;
    numbers.replaceChildren(facts([
      ["Filled pixels", text(answer.missing_pixels)],
      ["Patches", text(answer.patches), "that touch one"],
      answer.log_likelihood.final !== null &&
      ["Log-likelihood of a patch", text(answer.log_likelihood.final, 5), `${text(answer.log_likelihood.initial, 5)} at the start`],
    ]));
    return `${text(answer.missing_pixels)} pixels filled in ${answer.iterations} iterations.`;
  }

  function maskLink() {
    return el("button", {
      type: "button",
      class: "link",
      onclick: async () => save(await damage.mask(), "mask.png"),
    }, "mask.png");
  }
}
