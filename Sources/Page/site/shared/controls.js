// Inputs for declared fields, one kind for each kind of field.

import { el, icon, uniqueID } from "./dom.js";
import { rangeText } from "./openapi.js";

/** An input for a declared field: its element, and how to read and write it as text. */
export function makeControl(field, value, onchange) {
  const id = uniqueID("field"), described = `${id}-hint ${id}-fault`;
  const common = { id, name: field.name, "aria-describedby": described, onchange };
  if (field.kind === "choice") {
    const target = el(
      "select",
      common,
      field.words.map((word) => el("option", { value: word, selected: word === value }, humanized(word))),
    );
    return {
      target,
      id,
      read: () => target.value,
      write: (text) => {
        target.value = text;
      },
    };
  }
  if (field.kind === "switch") {
    const target = el("input", { ...common, type: "checkbox", checked: value === "true" });
    return {
      target,
      id,
      read: () => String(target.checked),
      write: (text) => {
        target.checked = text === "true";
      },
    };
  }
  if (field.kind === "choices") return makeChoices(field, value, id, described, onchange);
  const list = field.words.length
    ? el("datalist", { id: `${id}-words` }, field.words.map((word) => el("option", { value: word })))
    : null;
  const target = el("input", {
    ...common,
    type: "text",
    value,
    spellcheck: "false",
    autocomplete: "off",
    list: list && list.id,
    inputmode: field.kind === "number" && !field.words.length ? "decimal" : null,
  });
  const dice = field.name === "seed" && el("button", {
    type: "button",
    class: "quiet icon-only",
    "aria-label": "Another random seed",
    title: "Another random seed",
    onclick: () => {
      target.value = randomSeed();
      onchange();
    },
  }, icon("dice"));
  return {
    target,
    id,
    beside: [list, dice],
    read: () => target.value.trim(),
    write: (text) => {
      target.value = text;
    },
  };
}

function makeChoices(field, value, id, described, onchange) {
  const chosen = value.split(",");
  const boxes = field.items.enum.map((word) =>
    el("input", { type: "checkbox", value: word, checked: chosen.includes(word), onchange })
  );
  const target = el(
    "fieldset",
    { id, class: "choices", tabindex: "-1", "aria-describedby": described },
    el("legend", {}, humanized(field.name)),
    boxes.map((box) => el("label", {}, box, el("span", {}, humanized(box.value)))),
  );
  return {
    target,
    id,
    isGroup: true,
    read: () => boxes.filter((box) => box.checked).map((box) => box.value).join(","),
    write: (text) =>
      boxes.forEach((box) => {
        box.checked = text.split(",").includes(box.value);
      }),
  };
}

/** A control with its label, its hint, and the place for what is wrong with it. */
export function wrap(field, { target, id, beside = [], isGroup }, label) {
  const range = rangeText(field);
  const inside = field.kind === "switch" ? "switch" : "input";
  // Words are longer than half a row.
  const isShort = field.kind === "switch" || (field.kind === "number" && !field.words.length);
  return el(
    "div",
    { class: `field ${inside}${isShort ? " short" : ""}`, "data-field": field.name },
    isGroup ? null : el(
      "label",
      { for: id, class: /^\w{1,2}$|\(/.test(label ?? field.name) ? "symbol" : null },
      label ?? humanized(field.name),
    ),
    el("div", { class: "control" }, target, beside),
    el("p", { id: `${id}-fault`, class: "fault" }),
    el("p", { id: `${id}-hint`, class: "hint" }, field.description, range && ` ${range}.`),
  );
}

/** learning_rate → Learning rate */
export function humanized(name) {
  const words = name.replaceAll("_", " ");
  return words.length < 3 ? words : words[0].toUpperCase() + words.slice(1);
}

export const randomSeed = () => String(Math.floor(Math.random() * 1e6));
