// The choice of a convex set and its numbers, beside the plane.

import { el, uniqueID } from "../../shared/dom.js";
import { SETS } from "./sets.js";

export class SetChooser {
  /** `values` come from the address; `withNone` also offers no set at all. */
  constructor(values, first, { onchange, withNone = false }) {
    this.onchange = onchange;
    this.kind = values.set in SETS || (withNone && values.set === "none") ? values.set : first;
    this.numbers = Object.fromEntries(
      Object.entries(SETS).map(([kind, { numbers }]) => [kind, Object.values(numbers)]),
    );
    const given = values.shape?.split(",").map(Number);
    if (given?.every(Number.isFinite) && given.length === this.numbers[this.kind]?.length) {
      this.numbers[this.kind] = given;
    }
    const id = uniqueID("set");
    this.select = el(
      "select",
      {
        id,
        name: "set",
        onchange: () => {
          this.kind = this.select.value;
          this.fill();
          onchange();
        },
      },
      Object.entries(SETS).map(([kind, { label }]) =>
        el("option", { value: kind, selected: kind === this.kind }, label)
      ),
      withNone ? el("option", { value: "none", selected: this.kind === "none" }, "None") : null,
    );
    this.inputs = el("div", { class: "pair" });
    this.element = el(
      "fieldset",
      { class: "group" },
      el("legend", {}, "The set"),
      el("div", { class: "field" }, el("label", { for: id }, "Kind"), el("div", { class: "control" }, this.select)),
      this.inputs,
    );
    this.fill();
  }

  get set() {
    return SETS[this.kind];
  }
  get values() {
    return this.numbers[this.kind];
  }
  get handles() {
    return this.set?.handles(this.values) ?? [];
  }
  get constraints() {
    return this.set?.constraints(this.values);
  }

  outline(frame) {
    const shape = this.set?.outline(this.values, frame);
    shape?.setAttribute("class", "set");
    return shape;
  }

  state() {
    return { set: this.kind, shape: this.values?.join(",") };
  }

  /** Inputs for the numbers of the chosen set. */
  fill() {
    this.inputs.replaceChildren(
      ...Object.keys(this.set?.numbers ?? {}).map((label, i) => {
        const id = uniqueID("number");
        return el(
          "div",
          { class: "field" },
          el("label", { for: id }, label),
          el(
            "div",
            { class: "control" },
            el("input", {
              id,
              type: "number",
              step: "0.1",
              value: this.values[i],
              oninput: (event) => {
                if (!Number.isFinite(event.target.valueAsNumber)) return;
                this.values[i] = event.target.valueAsNumber;
                this.onchange();
              },
            }),
          ),
        );
      }),
    );
  }

  /** Writes numbers that were changed by dragging into their inputs. */
  refresh() {
    this.inputs.querySelectorAll("input").forEach((input, i) => {
      if (input !== document.activeElement) input.value = this.values[i];
    });
  }
}
