// A canvas to draw on and to cut holes into, by mouse, finger or keyboard.

import { el } from "../../shared/dom.js";
import { paint } from "../../pictures/raster.js";

/** What each tool does to a pixel at a distance (in pixels) from the brush's centre. */
const TOOLS = {
  draw(picture, k, distance, size) {
    const ink = Math.round(255 * Math.max(0, Math.min(1, size - distance + 0.35)));
    picture.bytes[k] = Math.max(picture.bytes[k], ink);
  },
  erase(picture, k, distance, size) {
    if (distance <= size) picture.bytes[k] = 0;
  },
  hole(picture, k, distance, size) {
    if (distance <= size) picture.known[k] = 0;
  },
  known(picture, k, distance, size) {
    if (distance <= size) picture.known[k] = 1;
  },
};
const MOST_UNDO = 200;

export class Editor {
  /** `onchange` is called after each completed stroke, undo or redo. */
  constructor(picture, { onchange, announce }) {
    Object.assign(this, { picture, onchange, announce });
    this.tool = "draw";
    this.size = 1;
    this.cursor = Math.floor(picture.rows / 2) * picture.columns + Math.floor(picture.columns / 2);
    this.past = [];
    this.future = [];
    /** Called when there is more or less to undo. */
    this.onhistory = () => {};
    this.canvas = el("canvas", {
      class: "pixels editor",
      tabindex: "0",
      role: "application",
      "aria-label": `Drawing area, ${picture.rows} rows of ${picture.columns} pixels`,
      "aria-roledescription": "drawing area",
      "aria-describedby": "editor-help",
      onpointerdown: (event) => this.press(event),
      onpointermove: (event) => this.drag(event),
      onpointerup: () => this.release(),
      onpointercancel: () => this.release(),
      onkeydown: (event) => this.key(event),
      onfocus: () => this.repaint(),
      onblur: () => this.repaint(),
    });
    this.repaint();
  }

  /** Replaces the picture as one step that can be undone. */
  replace(picture) {
    this.remember();
    this.picture = picture;
    this.changed();
  }

  undo() {
    this.step(this.past, this.future, "Undone.");
  }
  redo() {
    this.step(this.future, this.past, "Done again.");
  }

  step(from, to, sentence) {
    if (!from.length) return;
    to.push(this.picture);
    this.picture = from.pop();
    this.changed();
    this.announce(sentence);
  }

  remember() {
    this.past.push(this.picture.copy());
    if (this.past.length > MOST_UNDO) this.past.shift();
    this.future = [];
  }

  changed() {
    this.repaint();
    this.onhistory();
    this.onchange();
  }

  repaint() {
    const hasCursor = document.activeElement === this.canvas && this.isByKeyboard;
    paint(this.canvas, this.picture, (k) => this.picture.bytes[k], {
      known: this.picture.known,
      cursor: hasCursor ? this.cursor : undefined,
    });
  }

  press(event) {
    if (event.button) return;
    this.isByKeyboard = false;
    this.canvas.setPointerCapture(event.pointerId);
    this.remember();
    this.last = this.place(event);
    this.stroke(this.last);
  }

  drag(event) {
    if (!this.last) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) this.stroke(this.place(one));
  }

  release() {
    if (!this.last) return;
    this.last = null;
    this.dropIfNothingChanged();
    this.onhistory();
    this.onchange();
  }

  dropIfNothingChanged() {
    if (this.past.at(-1)?.equals(this.picture)) this.past.pop();
  }

  place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return {
      x: (event.clientX - left) / width * this.picture.columns - 0.5,
      y: (event.clientY - top) / height * this.picture.rows - 0.5,
    };
  }

  /** Moves the brush from where it was last, in steps of a third of a pixel. */
  stroke({ x, y }) {
    const from = this.last, steps = Math.max(1, Math.ceil(3 * Math.hypot(x - from.x, y - from.y)));
    for (let i = 1; i <= steps; i++) this.touch(from.x + (x - from.x) * i / steps, from.y + (y - from.y) * i / steps);
    this.last = { x, y };
    this.repaint();
  }

  touch(x, y) {
    const { rows, columns } = this.picture, reach = Math.ceil(this.size + 1);
    for (let row = Math.max(0, Math.floor(y) - reach); row <= Math.min(rows - 1, Math.ceil(y) + reach); row++) {
      for (
        let column = Math.max(0, Math.floor(x) - reach);
        column <= Math.min(columns - 1, Math.ceil(x) + reach);
        column++
      ) {
        TOOLS[this.tool](this.picture, row * columns + column, Math.hypot(column - x, row - y), this.size);
      }
    }
  }

  key(event) {
    const { rows, columns } = this.picture;
    const row = Math.floor(this.cursor / columns), column = this.cursor % columns;
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    this.isByKeyboard = true;
    if (moves[event.key]) {
      const [down, right] = moves[event.key];
      const to = [Math.max(0, Math.min(rows - 1, row + down)), Math.max(0, Math.min(columns - 1, column + right))];
      this.cursor = to[0] * columns + to[1];
      if (event.shiftKey) this.dab();
      this.repaint();
      this.tell();
    } else if (event.key === " " || event.key === "Enter") {
      this.dab();
      this.tell();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** One touch of the brush at the keyboard's pixel. */
  dab() {
    this.remember();
    this.touch(this.cursor % this.picture.columns, Math.floor(this.cursor / this.picture.columns));
    this.dropIfNothingChanged();
    this.changed();
  }

  tell() {
    const { columns, known, bytes } = this.picture, k = this.cursor;
    const what = known[k] ? `grey ${Math.round(bytes[k] / 2.55)} percent` : "missing";
    this.announce(`Row ${Math.floor(k / columns)}, column ${k % columns}: ${what}.`);
  }
}
