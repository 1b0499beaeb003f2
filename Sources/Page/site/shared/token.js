// The token of a server that wants one: asked for once, kept until the tab is closed, sent to this server only.

import { el } from "./dom.js";

const KEY = "token";
let asking = null;

/** The header that carries the token, if there is one. */
export function authorization() {
  const token = sessionStorage.getItem(KEY);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** Whether the server wants a token, as far as the page knows: links cannot carry one. */
export const hasToken = () => sessionStorage.getItem(KEY) !== null;

/**
 * Asks for a token after a request that was sent with `sent` was refused.
 * Resolves to whether there is one to try again with. Requests that are refused together ask once.
 */
export function askForToken(sent) {
  const kept = sessionStorage.getItem(KEY);
  // Another request has asked meanwhile.
  if (kept && sent.Authorization !== `Bearer ${kept}`) return Promise.resolve(true);
  sessionStorage.removeItem(KEY);
  asking ??= show(Boolean(sent.Authorization)).finally(() => asking = null);
  return asking;
}

function show(wasWrong) {
  const field = el("input", {
    type: "password",
    id: "token",
    name: "token",
    autocomplete: "off",
    required: true,
    // What the server takes as a token (RFC 6750).
    pattern: "[A-Za-z0-9._~+\\/\\-]+=*",
    "aria-describedby": "token-why",
  });
  const dialog = el(
    "dialog",
    { class: "token", "aria-labelledby": "token-title" },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: "token-title" }, wasWrong ? "That token is not taken" : "This server wants a token"),
      el(
        "p",
        { id: "token-why" },
        "Whoever runs this server can give you one. It is kept until you close this tab, and sent to no one else.",
      ),
      el("label", { for: "token" }, "Token"),
      field,
      el(
        "p",
        { class: "buttons" },
        el("button", { class: "primary", value: "use" }, "Use it"),
        el("button", { value: "cancel", formnovalidate: true }, "Cancel"),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const isGiven = dialog.returnValue === "use" && field.value !== "";
      dialog.remove();
      if (isGiven) {
        sessionStorage.setItem(KEY, field.value);
        // What was shown without one is shown anew.
        dispatchEvent(new Event("token"));
      }
      resolve(isGiven);
    });
  });
}
