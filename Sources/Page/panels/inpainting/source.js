// Where the picture comes from: the model, a file, or an empty page.

import { button, el, icon, uniqueID } from "../../shared/dom.js";
import { randomSeed } from "../../shared/controls.js";
import { readPictureFile } from "../../pictures/raster.js";

/** The controls that make a new picture for the session. */
export function sourceControls(session) {
  const ids = { seed: uniqueID("digit"), heat: uniqueID("heat"), file: uniqueID("file") };
  const seed = el("input", {
    id: ids.seed,
    type: "text",
    inputmode: "numeric",
    value: session.source.digit || "7",
    autocomplete: "off",
    name: "digit",
  });
  const heat = el("input", {
    id: ids.heat,
    type: "text",
    inputmode: "decimal",
    value: session.source.temperature || "0.8",
    autocomplete: "off",
    name: "temperature",
  });
  const draw = () => session.drawAnother(seed.value.trim(), heat.value.trim());
  const file = el("input", {
    id: ids.file,
    type: "file",
    accept: "image/*",
    class: "hidden",
    tabindex: "-1",
    "aria-hidden": "true",
    onchange: () => open(session, file),
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

async function open(session, input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  try {
    session.replaceBytes(await readPictureFile(file, session.editor.picture));
  } catch {
    session.bench.showFault(new Error(`“${file.name}” is not a picture that this browser can read.`));
  }
}
