// A form made from the fields that the server declares.

import { makeControl, wrap } from "./controls.js";

/**
 * A form of declared fields.
 *
 * `given` are values as text, from the address; `initial` is what the page starts from where the
 * address says nothing. `onchange` is called when a value was committed.
 */
export class Form {
  constructor(fields, { given = {}, initial = {}, labels = {}, onchange = () => {} }) {
    this.initial = {};
    this.controls = new Map();
    this.parts = new Map();
    for (const field of fields) {
      this.initial[field.name] = shown(initial[field.name] ?? field.default);
      const control = makeControl(field, given[field.name] ?? this.initial[field.name], onchange);
      this.controls.set(field.name, { field, ...control });
      this.parts.set(field.name, wrap(field, control, labels[field.name]));
    }
  }

  /** The rows of these fields, in this order. */
  rows(names) {
    return names.map((name) => this.parts.get(name)).filter(Boolean);
  }

  get names() {
    return [...this.controls.keys()];
  }

  /** A value as text. */
  text(name) {
    return this.controls.get(name)?.read() ?? "";
  }

  set(name, value) {
    this.controls.get(name)?.write(shown(value));
  }

  /** What belongs into the address: what is not as the page starts, emptied fields too. */
  state() {
    return Object.fromEntries(
      [...this.controls].map(([name, { read }]) => [name, read()])
        .filter(([name, value]) => value !== this.initial[name]),
    );
  }

  /** What belongs into a query: what is not the server's own default. */
  query() {
    return this.collect((name, value, field) => value !== "" && value !== shown(field.default) && value);
  }

  /** What belongs into a JSON body, with its types. */
  body() {
    return this.collect((name, value, field) => value !== "" && value !== shown(field.default) && typed(field, value));
  }

  collect(choose) {
    const result = {};
    for (const [name, { field, read }] of this.controls) {
      const chosen = choose(name, read(), field);
      if (chosen !== false && chosen !== "") result[name] = chosen;
    }
    return result;
  }

  /** Marks the field at fault; true if it is one of this form's. */
  mark(name, sentence) {
    this.clearMarks();
    const control = this.controls.get(name);
    if (!control) return false;
    control.target.setAttribute("aria-invalid", "true");
    const part = this.parts.get(name);
    part.classList.add("at-fault");
    part.querySelector(".fault").textContent = sentence;
    for (let folder = part.closest("details"); folder; folder = folder.parentElement.closest("details")) {
      folder.open = true;
    }
    control.target.focus();
    return true;
  }

  clearMarks() {
    for (const [name, { target }] of this.controls) {
      target.removeAttribute("aria-invalid");
      this.parts.get(name).classList.remove("at-fault");
      this.parts.get(name).querySelector(".fault").textContent = "";
    }
  }
}

function shown(value) {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.some(Array.isArray) ? JSON.stringify(value) : value.join(",");
  return String(value);
}

function typed(field, value) {
  const plain = (text) => text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  switch (field.kind) {
    case "number":
      return field.words.includes(value) ? value : plain(value);
    case "switch":
      return value === "true";
    case "choices":
      return value.split(",");
    case "list":
      return value.trim().startsWith("[") ? parsed(value) : value.split(",").map((one) => plain(one.trim()));
    default:
      return value;
  }
}

/** JSON as it was typed; what cannot be parsed goes to the server as it is, which says why. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
