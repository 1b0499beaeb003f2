// What a panel shows so that its result can be had without the page: a curl line, and links.

import { address, MEDIA_TYPES, send } from "./api.js";
import { button, el } from "./dom.js";
import { hasToken } from "./token.js";

const LONGEST_BODY = 1200;

/** The curl line of a request, as a shell takes it. */
export function curlLine({ path, query = {}, body, format = "json" }) {
  const parts = ["curl", quoted(address(path, format === "json" ? query : { ...query, format }))];
  if (hasToken()) parts.push('-H "Authorization: Bearer $TOKEN"');
  if (body !== undefined) {
    const text = JSON.stringify(body);
    parts.push("--json", text.length <= LONGEST_BODY ? quoted(text) : "@request.json");
  }
  if (format === "png" || format === "svg") parts.push("-o", `result.${format}`);
  return parts.join(" ");
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The bar under a result: the curl line and the same result in other forms. */
export class CommandBar {
  constructor(formats, announce) {
    this.formats = formats;
    this.announce = announce;
    this.line = el("code", { tabindex: "0" });
    this.shown = null;
    addEventListener("token", () => this.shown && this.show(...this.shown));
    this.links = el("p");
    this.element = el(
      "section",
      { class: "command", "aria-label": "The same from a terminal" },
      el("h2", {}, "The same from a terminal"),
      el(
        "div",
        { class: "line" },
        this.line,
        button("Copy", { icon: "copy", kind: "quiet compact", onclick: () => this.copy(this.line.textContent) }),
      ),
      el(
        "div",
        { class: "links" },
        this.links,
        button("Copy a link to this view", {
          icon: "link",
          kind: "quiet compact",
          onclick: () => this.copy(location.href),
        }),
      ),
    );
  }

  /**
   * Shows the request that the result came from. `line` makes what replaces the plain curl line; `request.picture`
   * are options that go with a PNG.
   */
  show(request, line = () => undefined) {
    this.shown = [request, line];
    this.line.textContent = line() ?? curlLine(request);
    const { path, query = {}, body } = request;
    // A link cannot carry a token.
    const isLink = body === undefined && !hasToken();
    const intro = isLink ? "Open this result as " : "Download this result as ";
    const items = this.formats.map((format) =>
      isLink
        ? el("a", {
          href: address(path, { ...query, ...(format === "png" ? request.picture : {}), format }),
          "data-format": format,
        }, format.toUpperCase())
        : el("button", {
          type: "button",
          class: "link",
          "data-format": format,
          onclick: () => this.download(request, format),
        }, format.toUpperCase())
    );
    const extra = body !== undefined && this.line.textContent.includes("@request.json")
      ? [
        " The request itself: ",
        el("button", {
          type: "button",
          class: "link",
          onclick: () => save(new Blob([JSON.stringify(body)], { type: MEDIA_TYPES.json }), "request.json"),
        }, "request.json"),
      ]
      : [];
    this.links.replaceChildren(intro, ...items.flatMap((item, i) => i ? [" · ", item] : [item]), ".", ...extra);
  }

  async download(request, format) {
    try {
      const response = await send({
        ...request,
        query: format === "png" ? { ...request.query, ...request.picture } : request.query,
        format,
      });
      save(await response.blob(), `riviera.${format}`);
      this.announce(`Saved as riviera.${format}.`);
    } catch (error) {
      this.announce(error.message);
    }
  }

  async copy(what) {
    try {
      await navigator.clipboard.writeText(what);
      this.announce("Copied.");
    } catch {
      this.announce(`This browser does not let the page copy. Copy it by hand: ${what}`);
    }
  }
}

/** Saves a blob as a file. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
