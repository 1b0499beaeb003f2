// The tools beside the drawing area.

import { button, el, icon, uniqueID } from "../../shared/dom.js";

const TOOLS = [["draw", "Draw"], ["erase", "Erase"], ["hole", "Hole"], ["known", "Known"]];

/** Two bars for an editor: the tools; and brush, undo, redo, clear. Keys work anywhere in `scope`. */
export function toolbar(editor, scope, clear) {
  const name = uniqueID("tool"), size = uniqueID("brush");
  editor.tool = "hole";
  editor.size = 1.5;
  const tools = el(
    "fieldset",
    { class: "segmented" },
    el("legend", { class: "hidden" }, "Tool"),
    TOOLS.map(([tool, label]) =>
      el(
        "label",
        {},
        el("input", {
          type: "radio",
          name,
          value: tool,
          checked: tool === editor.tool,
          onchange: () => {
            editor.tool = tool;
          },
        }),
        el("span", {}, icon(tool), label),
      )
    ),
  );
  const brush = el(
    "div",
    { class: "brush" },
    el("label", { for: size }, "Brush"),
    el("input", {
      id: size,
      type: "range",
      min: "0.5",
      max: "4",
      step: "0.5",
      value: editor.size,
      oninput: (event) => {
        editor.size = Number(event.target.value);
      },
    }),
  );
  scope.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input[type=text]")) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) editor.undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) editor.redo();
    else return;
    event.preventDefault();
  });
  const quiet = (label, picture, onclick) =>
    button(label, { icon: picture, kind: "quiet compact", onclick, title: label });
  const undo = quiet("Undo", "undo", () => editor.undo()), redo = quiet("Redo", "redo", () => editor.redo());
  editor.onhistory = () => {
    undo.disabled = !editor.past.length;
    redo.disabled = !editor.future.length;
  };
  editor.onhistory();
  return {
    tools: el("div", { class: "toolbar" }, tools),
    steps: el(
      "div",
      { class: "toolbar steps" },
      brush,
      el("div", { class: "actions" }, undo, redo, quiet("Clear", "clear", clear)),
    ),
  };
}
