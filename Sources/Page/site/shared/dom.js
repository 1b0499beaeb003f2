// Elements without a framework: el("button", {class: "primary", onclick: run}, "Run").

import { text } from "./numbers.js";

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. Attributes that begin with "on" are listeners; true and false set or omit an attribute. */
export function el(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** An SVG element, made in the same way. */
export function svg(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), attributes, children);
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

let lastID = 0;
/** An id that no other element has. */
export const uniqueID = (prefix) => `${prefix}-${++lastID}`;

// Paths on a grid of 24 × 24, drawn as strokes.
const ICONS = {
  draw: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  erase: "M8 20h12M5 15l9-10 6 5-9 10H8l-3-3z",
  hole: "M4 8V4h4M10 4h4M16 4h4v4M20 10v4M20 16v4h-4M14 20h-4M8 20H4v-4M4 14v-4",
  known: "M4 4h16v16H4zM8 12l3 3 5-6",
  undo: "M9 5L4 10l5 5M4 10h10a6 6 0 010 12h-3",
  redo: "M15 5l5 5-5 5M20 10H10a6 6 0 000 12h3",
  clear: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  dice: "M5 5h14v14H5zM9 9h.01M15 15h.01M12 12h.01M15 9h.01M9 15h.01",
  play: "M7 4l13 8-13 8z",
  pause: "M8 5v14M16 5v14",
  stop: "M6 6h12v12H6z",
  copy: "M8 8h12v12H8zM16 8V4H4v12h4",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  open: "M12 16V5M7 9l5-5 5 5M4 20h16",
  theme: "M12 4a8 8 0 100 16zM12 4a8 8 0 010 16",
  link: "M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1",
};

/** A picture that screen readers pass over: the button beside it carries the words. */
export function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[name] }),
  );
}

/** A button with a picture and words. */
export function button(label, { icon: picture, kind = "", onclick, ...attributes } = {}) {
  return el(
    "button",
    { type: "button", class: kind, onclick, ...attributes },
    picture && icon(picture),
    el("span", {}, label),
  );
}

/** A table whose columns hold the numbers of a figure, folded away until asked for. */
export function numbersTable(caption, columns, rows) {
  return el(
    "details",
    { class: "numbers" },
    el("summary", {}, "The numbers as a table"),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      el(
        "table",
        {},
        el("caption", {}, caption),
        el("thead", {}, el("tr", {}, columns.map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, text(cell)))))),
      ),
    ),
  );
}

/** A list of named figures, the first of them the most important. */
export function facts(pairs) {
  return el(
    "dl",
    { class: "facts" },
    pairs.filter(Boolean).map(([name, value, note]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, text(value), note && el("small", {}, note)))
    ),
  );
}

/** Whether the reader asked for less motion. */
export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
