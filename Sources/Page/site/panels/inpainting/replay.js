// The filling as it goes on: shown at a pace that can be watched, and again by a slider.

import { button, el, prefersStillness, uniqueID } from "../../shared/dom.js";
import { toBytes } from "../../pictures/pixels.js";
import { paint } from "../../pictures/raster.js";

const MILLISECONDS_PER_FRAME = 28;

export class Replay {
  /** `onframe` is told which frame is shown. */
  constructor(picture, onframe) {
    Object.assign(this, { picture, onframe });
    this.frames = [];
    this.canvas = el("canvas", { class: "pixels", role: "img", "aria-label": "The filled picture" });
    const id = uniqueID("frame");
    this.slider = el("input", {
      id,
      type: "range",
      min: "0",
      max: "0",
      value: "0",
      oninput: () => {
        this.stop();
        this.show(Number(this.slider.value));
      },
    });
    this.again = button("Replay", { icon: "play", kind: "quiet compact", onclick: () => this.play() });
    this.controls = el("div", { class: "toolbar replay" }, el("label", { for: id }, "Step"), this.slider, this.again);
  }

  get bytes() {
    return this.frames[this.at]?.bytes ?? this.picture.bytes;
  }

  /** The picture without a filling. */
  clear(picture) {
    this.stop();
    Object.assign(this, { picture, frames: [], at: 0 });
    this.draw(picture.bytes, false);
  }

  begin(picture) {
    this.clear(picture.copy());
    this.isComplete = false;
    this.canvas.removeAttribute("data-stale");
    this.play();
  }

  add({ iteration, image }) {
    this.frames.push({ iteration, bytes: toBytes(image) });
    this.slider.max = this.frames.length - 1;
  }

  end(answer) {
    this.add({ iteration: answer.iterations, image: answer.image });
    this.isComplete = true;
    if (!prefersStillness()) return;
    this.stop();
    this.show(this.frames.length - 1);
  }

  /** From the first frame on; frames that arrive meanwhile follow. */
  play() {
    this.stop();
    if (prefersStillness()) return this.show(this.frames.length - 1);
    this.show(0);
    let next = 0;
    this.timer = setInterval(() => {
      if (next < this.frames.length) this.show(next++);
      else if (this.isComplete) this.stop();
    }, MILLISECONDS_PER_FRAME);
  }

  stop() {
    clearInterval(this.timer);
  }

  show(index) {
    const frame = this.frames[index];
    if (!frame) return;
    this.at = index;
    this.slider.value = index;
    this.slider.setAttribute("aria-valuetext", `after ${frame.iteration} iterations`);
    this.draw(frame.bytes, true);
    this.onframe(frame);
  }

  draw(bytes, filled) {
    paint(this.canvas, this.picture, (k) => bytes[k], { known: this.picture.known, filled });
  }
}
