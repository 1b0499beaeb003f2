// The filling as it goes on: shown at a pace that can be watched, and again by a slider.

import { el, prefersStillness } from "../../shared/dom.js";
import { Player } from "../../shared/player.js";
import { toBytes } from "../../pictures/pixels.js";
import { paint } from "../../pictures/raster.js";

const MILLISECONDS_PER_FRAME = 28;

export class Replay {
  /** `onframe` is told which frame is shown. */
  constructor(picture, onframe) {
    Object.assign(this, { picture, onframe });
    this.frames = [];
    this.canvas = el("canvas", { class: "pixels", role: "img", "aria-label": "The filled picture" });
    this.player = new Player({
      name: "Step",
      again: "Replay",
      show: (index) => this.show(index),
      due: (milliseconds) => Math.floor(milliseconds / MILLISECONDS_PER_FRAME),
    });
    this.controls = this.player.controls;
  }

  get bytes() {
    return this.frames[this.at]?.bytes ?? this.picture.bytes;
  }

  /** The picture without a filling. */
  clear(picture) {
    this.player.stop();
    Object.assign(this, { picture, frames: [], at: 0 });
    this.draw(picture.bytes, false);
  }

  begin(picture) {
    this.clear(picture.copy());
    this.player.isComplete = false;
    this.player.last = 0;
    this.canvas.removeAttribute("data-stale");
    this.player.play();
  }

  add({ iteration, image }) {
    this.frames.push({ iteration, bytes: toBytes(image) });
    this.player.last = this.frames.length - 1;
    if (this.frames.length === 1) this.player.move(0);
  }

  end(answer) {
    this.add({ iteration: answer.iterations, image: answer.image });
    this.player.isComplete = true;
    if (prefersStillness()) this.player.play();
  }

  show(index) {
    const frame = this.frames[index];
    if (!frame) return "nothing yet";
    this.at = index;
    this.draw(frame.bytes, true);
    this.onframe(frame);
    return `after ${frame.iteration} iterations`;
  }

  draw(bytes, filled) {
    paint(this.canvas, this.picture, (k) => bytes[k], { known: this.picture.known, filled });
  }
}
