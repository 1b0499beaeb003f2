// Where the picture comes from: the model, a file, or an empty page.

import { button, el, icon, uniqueID } from "../../shared/dom.js";
import { randomSeed } from "../../shared/controls.js";
import { readPictureFile } from "../../pictures/raster.js";

/** The controls that make a new picture for the view. */
export function sourceControls(view) {
  const ids = { seed: uniqueID("digit"), heat: uniqueID("heat"), file: uniqueID("file") };
  const seed = el("input", {
    id: ids.seed,
    type: "text",
    inputmode: "numeric",
    value: view.source.digit || "7",
    autocomplete: "off",
    name: "digit",
  });
  const heat = el("input", {
    id: ids.heat,
    type: "text",
    inputmode: "decimal",
    value: view.source.temperature || "0.8",
    autocomplete: "off",
    name: "temperature",
  });
  const draw = () => view.drawAnother(seed.value.trim(), heat.value.trim());
  const file = el("input", {
    id: ids.file,
    type: "file",
    accept: "image/*",
    class: "hidden",
    tabindex: "-1",
    "aria-hidden": "true",
    onchange: () => open(view, file),
  });
  return el(
    "fieldset",
    { class: "group source" },
    el("legend", {}, "A new picture"),
    el(
      "div",
      { class: "pair" },
      el(
        "div",
        { class: "field" },
        el("label", { for: ids.seed }, "Draw seed"),
        el(
          "div",
          { class: "control" },
          seed,
          el("button", {
            type: "button",
            class: "quiet icon-only",
            "aria-label": "Draw with another random seed",
            title: "Draw with another random seed",
            onclick: () => {
              seed.value = randomSeed();
              draw();
            },
          }, icon("dice")),
        ),
      ),
      el(
        "div",
        { class: "field" },
        el("label", { for: ids.heat }, "Temperature"),
        el("div", { class: "control" }, heat),
      ),
    ),
    el(
      "div",
      { class: "actions" },
      button("Let the model draw", { icon: "draw", onclick: draw }),
      button("Open a picture", { icon: "open", kind: "quiet", onclick: () => file.click() }),
    ),
    file,
  );
}

async function open(view, input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  try {
    view.replaceBytes(await readPictureFile(file, view.editor.picture));
  } catch {
    view.bench.showFault(new Error(`“${file.name}” is not a picture that this browser can read.`));
  }
}
