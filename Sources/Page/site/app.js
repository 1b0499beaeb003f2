// The page: shows the panel that the address names.
//
// A panel is a module that exports a declaration
//   { id, short, title, lead, lesson, operations, mount(context) }
// `operations` are the endpoints it speaks to; a panel whose endpoints the server does not have is left out.

import { el, icon } from "./shared/dom.js";
import { loadDescription } from "./shared/openapi.js";
import { panels } from "./panels.js";
import { readState, stateURL, writeState } from "./shared/state.js";

const main = document.getElementById("panel");
const navigation = document.getElementById("panels");
let leave = () => {};
let available = [];

async function begin() {
  setUpTheme();
  let description;
  try {
    description = await loadDescription();
  } catch (error) {
    main.replaceChildren(el("p", { class: "problem", role: "alert" }, error.message));
    return;
  }
  const has = (operation) => {
    const [method, path] = operation.split(" ");
    return description.paths[path]?.[method.toLowerCase()];
  };
  available = panels.filter(({ operations }) => operations.every(has));
  navigation.replaceChildren(
    ...available.map(({ id, short }) => el("li", {}, el("a", { href: stateURL(id), "data-panel": id }, short))),
  );
  addEventListener("hashchange", () => {
    // The skip link also changes the hash; it leads to the panel that is shown.
    if (location.hash === "#panel") return;
    show(description, true);
  });
  show(description, false);
}

/** Shows the panel in the address, or the first one. */
function show(description, moveFocus) {
  leave();
  const state = readState();
  const panel = available.find(({ id }) => id === state.panel) ?? available[0];
  const values = panel.id === state.panel ? state.values : {};
  const leaving = [];
  leave = () => leaving.splice(0).forEach((end) => end());
  const heading = el("h1", { tabindex: "-1" }, panel.title);
  const root = el(
    "article",
    { class: "panel", id: `panel-${panel.id}` },
    el(
      "header",
      {},
      el("p", { class: "kicker" }, panel.operations[0]),
      heading,
      el("p", { class: "lead" }, panel.lead),
    ),
  );
  main.replaceChildren(root);
  document.title = `${panel.title} – Riviera`;
  for (const link of navigation.querySelectorAll("a")) {
    const isCurrent = link.dataset.panel === panel.id;
    if (isCurrent) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "center" });
    } else {
      link.removeAttribute("aria-current");
    }
  }
  if (moveFocus) {
    heading.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
  let saving;
  leaving.push(() => clearTimeout(saving));
  panel.mount({
    root,
    values,
    description,
    lesson: panel.lesson,
    // Browsers refuse an address that changes with every movement of a hand.
    save: (current) => {
      clearTimeout(saving);
      saving = setTimeout(() => writeState(panel.id, current), 200);
    },
    onleave: (end) => leaving.push(end),
  });
}

/** The system's colours, or the other ones at the press of a button, which this browser remembers. */
function setUpTheme() {
  const toggle = document.getElementById("theme");
  toggle.append(icon("theme"));
  const root = document.documentElement, kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => toggle.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
  toggle.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
    label();
  });
  label();
}

begin();
