// Sliders for the factors of A = P L (U + diag s), three channels.

import { el, uniqueID } from "../../shared/dom.js";
import { text } from "../../shared/numbers.js";

const START = { permutation: "0,1,2", lower: "0.1,0.4,-0.1", upper: "0.1,0.3,0.1", scale: "0.8,0.7,0.9" };
const ORDERS = ["0,1,2", "0,2,1", "1,0,2", "1,2,0", "2,0,1", "2,1,0"];
/** The places of three numbers below or above the diagonal. */
const PLACES = [[1, 0], [2, 0], [2, 1]];

export class FactorControls {
  constructor(values, onchange) {
    this.values = Object.fromEntries(
      Object.entries(START).map(([name, start]) => {
        const given = values[name]?.split(",").map(Number);
        const isValid = given?.length === 3 && given.every(Number.isFinite) &&
          (name !== "permutation" || ORDERS.includes(values[name]));
        return [name, isValid ? given : start.split(",").map(Number)];
      }),
    );
    const id = uniqueID("order"), names = ["red", "green", "blue"];
    this.sliders = {};
    const group = (name, label, symbol) =>
      el(
        "fieldset",
        { class: "group sliders" },
        el("legend", {}, label),
        this.values[name].map((_, i) => this.slider(name, i, symbol(i), onchange)),
      );
    this.order = el(
      "select",
      {
        id,
        name: "permutation",
        onchange: () => {
          this.values.permutation = this.order.value.split(",").map(Number);
          onchange();
        },
      },
      ORDERS.map((order) =>
        el(
          "option",
          { value: order, selected: order === this.values.permutation.join(",") },
          order.split(",").map((i) => names[i]).join(", "),
        )
      ),
    );
    this.element = el(
      "div",
      {},
      el(
        "div",
        { class: "field" },
        el("label", { for: id }, "P: the order of the channels"),
        el("div", { class: "control" }, this.order),
      ),
      group("scale", "s: the diagonal", (i) => `s${sub(i)}`),
      group("lower", "L: below the diagonal", (i) => `L${sub(PLACES[i][0])}${sub(PLACES[i][1])}`),
      group("upper", "U: above the diagonal", (i) => `U${sub(PLACES[i][1])}${sub(PLACES[i][0])}`),
    );
  }

  slider(name, i, label, onchange) {
    const id = uniqueID("factor"), readout = el("output", { for: id }, text(this.values[name][i], 3));
    const input = el("input", {
      id,
      type: "range",
      min: "-2",
      max: "2",
      step: "0.05",
      value: this.values[name][i],
      oninput: () => {
        this.values[name][i] = Number(input.value);
        readout.textContent = text(this.values[name][i], 3);
        onchange();
      },
    });
    (this.sliders[name] ??= []).push(input);
    return el("div", { class: "slider" }, el("label", { for: id }, label), input, readout);
  }

  /** The slider that a problem's pointer leads to. */
  control(pointer) {
    const [, name, i] = pointer?.split("/") ?? [];
    return this.sliders[name]?.[Number(i) || 0];
  }

  state() {
    return Object.fromEntries(
      Object.entries(this.values).map(([name, list]) => [name, list.join(",")]).filter(([name, list]) =>
        list !== START[name]
      ),
    );
  }

  body() {
    const { permutation, lower, upper, scale } = this.values;
    const L = [[1, 0, 0], [0, 1, 0], [0, 0, 1]], U = [[0, 0, 0], [0, 0, 0], [0, 0, 0]];
    PLACES.forEach(([row, column], i) => {
      L[row][column] = lower[i];
      U[column][row] = upper[i];
    });
    return { permutation, lower: L, upper: U, scale };
  }
}

const sub = (i) => "₁₂₃"[i];
