// A plane with equal units on both axes, and points in it that can be dragged.

import { axes, Drawing } from "./chart.js";
import { el, svg } from "../shared/dom.js";
import { text } from "../shared/numbers.js";

const MARGIN = { left: 34, right: 12, top: 12, bottom: 30 };
const STEP = 0.1;

/**
 * `content(frame)` returns what to draw; `handles()` returns [{name, class, x, y, move(x, y)}].
 * `onmove` is called while a handle moves, `onrest` once it stays.
 */
export class Plane {
  constructor(label, { content, handles, onmove, halfWidth = 4 }) {
    Object.assign(this, { content, handles, onmove, halfWidth });
    this.drawing = new Drawing(label, { ratio: 0.75, most: 560, least: 280 });
    // Its content can be moved, so it is not one picture.
    this.drawing.svg.setAttribute("role", "group");
    this.drawing.svg.classList.add("plane");
    this.element = el(
      "div",
      {},
      this.drawing.element,
      el(
        "p",
        { class: "hint" },
        "Drag the ringed points, or choose one with the Tab key and move it with the arrow keys.",
      ),
    );
  }

  show(label) {
    this.drawing.show(label, (width, height) => this.draw(width, height));
  }

  draw(width, height) {
    const a = this.halfWidth, b = a * (height - MARGIN.top - MARGIN.bottom) / (width - MARGIN.left - MARGIN.right);
    this.frame = axes(width, height, { x: { domain: [-a, a] }, y: { domain: [-b, b] } }, MARGIN);
    const { left, right, top, bottom } = this.frame.box;
    const focused = document.activeElement?.dataset?.handle;
    const knobs = this.handles().map((handle) => this.knob(handle));
    if (focused) requestAnimationFrame(() => this.drawing.svg.querySelector(`[data-handle="${focused}"]`)?.focus());
    return [
      svg(
        "clipPath",
        { id: "plane-clip" },
        svg("rect", { x: left, y: top, width: right - left, height: bottom - top }),
      ),
      ...this.frame.marks,
      svg("g", { "clip-path": "url(#plane-clip)" }, this.content(this.frame)),
      ...knobs,
    ];
  }

  knob(handle) {
    const { sx, sy, box } = this.frame;
    const inside = (x, low, high) => Math.max(low, Math.min(high, x));
    const x = inside(sx(handle.x), box.left, box.right), y = inside(sy(handle.y), box.top, box.bottom);
    return svg(
      "g",
      {
        class: `knob ${handle.class ?? ""}`,
        tabindex: "0",
        role: "button",
        "aria-roledescription": "movable point",
        "data-handle": handle.name,
        "aria-label": `${handle.name}: ${text(handle.x, 3)}, ${text(handle.y, 3)}`,
        onpointerdown: (event) => this.grab(event, handle),
        onkeydown: (event) => this.key(event, handle),
      },
      svg("circle", { class: "reach", cx: x, cy: y, r: 22 }),
      svg("circle", { class: "ring", cx: x, cy: y, r: 8 }),
      svg("circle", { class: "dot", cx: x, cy: y, r: 4 }),
    );
  }

  /** Follows the pointer until it is lifted. The knob is drawn anew meanwhile, so the SVG listens. */
  grab(event, { name }) {
    const surface = this.drawing.svg;
    event.preventDefault();
    surface.setPointerCapture(event.pointerId);
    this.drawing.svg.querySelector(`[data-handle="${name}"]`)?.focus();
    const follow = (move) => {
      const bounds = surface.getBoundingClientRect();
      this.moveTo(
        name,
        this.frame.sx.invert(move.clientX - bounds.left),
        this.frame.sy.invert(move.clientY - bounds.top),
      );
    };
    const end = () => {
      surface.removeEventListener("pointermove", follow);
      surface.removeEventListener("pointerup", end);
      surface.removeEventListener("pointercancel", end);
    };
    surface.addEventListener("pointermove", follow);
    surface.addEventListener("pointerup", end);
    surface.addEventListener("pointercancel", end);
  }

  key(event, handle) {
    const moves = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    if (!moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = event.shiftKey ? 10 * STEP : STEP, [dx, dy] = moves[event.key];
    this.moveTo(handle.name, handle.x + dx * step, handle.y + dy * step);
  }

  moveTo(name, x, y) {
    const round = (value) => Math.round(value * 100) / 100;
    this.handles().find((handle) => handle.name === name)?.move(round(x), round(y));
    this.onmove();
  }
}
