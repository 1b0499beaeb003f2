// A form made from the fields that the server declares.

import { el, icon, uniqueID } from "./dom.js";
import { rangeText } from "./openapi.js";

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
  rows(names) { return names.map((name) => this.parts.get(name)).filter(Boolean); }

  get names() { return [...this.controls.keys()]; }

  /** A value as text. */
  text(name) { return this.controls.get(name)?.read() ?? ""; }

  set(name, value) { this.controls.get(name)?.write(shown(value)); }

  /** What belongs into the address: what is not as the page starts, emptied fields too. */
  state() {
    return Object.fromEntries([...this.controls].map(([name, { read }]) => [name, read()])
      .filter(([name, value]) => value !== this.initial[name]));
  }

  /** What belongs into a query: what is not the server's own default. */
  query() {
    return this.collect((name, value, field) => value !== "" && value !== shown(field.default) && value);
  }

  /** What belongs into a JSON body, with its types. */
  body() {
    return this.collect((name, value, field) =>
      value !== "" && value !== shown(field.default) && typed(field, value));
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
    for (let folder = part.closest("details"); folder; folder = folder.parentElement.closest("details")) folder.open = true;
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
    case "number": return field.words.includes(value) ? value : plain(value);
    case "switch": return value === "true";
    case "choices": return value.split(",");
    case "list": return value.trim().startsWith("[") ? parsed(value) : value.split(",").map((one) => plain(one.trim()));
    default: return value;
  }
}

/** JSON as it was typed; what cannot be parsed goes to the server as it is, which says why. */
function parsed(text) {
  try { return JSON.parse(text); } catch { return text; }
}

function makeControl(field, value, onchange) {
  const id = uniqueID("field"), described = `${id}-hint ${id}-fault`;
  const common = { id, name: field.name, "aria-describedby": described, onchange };
  if (field.kind === "choice") {
    const target = el("select", common, field.words.map((word) =>
      el("option", { value: word, selected: word === value }, humanized(word))));
    return { target, id, read: () => target.value, write: (text) => { target.value = text; } };
  }
  if (field.kind === "switch") {
    const target = el("input", { ...common, type: "checkbox", checked: value === "true" });
    return { target, id, read: () => String(target.checked), write: (text) => { target.checked = text === "true"; } };
  }
  if (field.kind === "choices") return makeChoices(field, value, id, described, onchange);
  const list = field.words.length ? el("datalist", { id: `${id}-words` }, field.words.map((word) => el("option", { value: word }))) : null;
  const target = el("input", {
    ...common, type: "text", value, spellcheck: "false", autocomplete: "off", list: list && list.id,
    inputmode: field.kind === "number" && !field.words.length ? "decimal" : null,
  });
  const dice = field.name === "seed" && el("button", {
    type: "button", class: "quiet icon-only", "aria-label": "Another random seed", title: "Another random seed",
    onclick: () => { target.value = randomSeed(); onchange(); },
  }, icon("dice"));
  return { target, id, beside: [list, dice], read: () => target.value.trim(), write: (text) => { target.value = text; } };
}

function makeChoices(field, value, id, described, onchange) {
  const chosen = value.split(",");
  const boxes = field.items.enum.map((word) => el("input", { type: "checkbox", value: word, checked: chosen.includes(word), onchange }));
  const target = el("fieldset", { id, class: "choices", tabindex: "-1", "aria-describedby": described },
    el("legend", {}, humanized(field.name)),
    boxes.map((box) => el("label", {}, box, el("span", {}, humanized(box.value)))));
  return {
    target, id, isGroup: true,
    read: () => boxes.filter((box) => box.checked).map((box) => box.value).join(","),
    write: (text) => boxes.forEach((box) => { box.checked = text.split(",").includes(box.value); }),
  };
}

function wrap(field, { target, id, beside = [], isGroup }, label) {
  const range = rangeText(field);
  const inside = field.kind === "switch" ? "switch" : "input";
  const isShort = field.kind === "number" || field.kind === "switch";
  return el("div", { class: `field ${inside}${isShort ? " short" : ""}`, "data-field": field.name },
    isGroup ? null : el("label", { for: id, class: /^\w{1,2}$|\(/.test(label ?? field.name) ? "symbol" : null }, label ?? humanized(field.name)),
    el("div", { class: "control" }, target, beside),
    el("p", { id: `${id}-fault`, class: "fault" }),
    el("p", { id: `${id}-hint`, class: "hint" }, field.description, range && ` ${range}.`));
}

/** learning_rate → Learning rate */
export function humanized(name) {
  const words = name.replaceAll("_", " ");
  return words.length < 3 ? words : words[0].toUpperCase() + words.slice(1);
}

export const randomSeed = () => String(Math.floor(Math.random() * 1e6));
