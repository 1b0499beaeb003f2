// Steps that are played back, or moved through by a slider.

import { button, el, prefersStillness, uniqueID } from "./dom.js";

export class Player {
  /**
   * `show(index)` shows a step and returns the words for it. `due(milliseconds, last)` is the step to show when it
   * has played for so long; one beyond `last` has not come yet, and the clock stands until it has.
   */
  constructor({ name, again, show, due, readout }) {
    Object.assign(this, { show, due, isComplete: true });
    const id = uniqueID("step");
    this.slider = el("input", {
      id,
      type: "range",
      min: "0",
      max: "0",
      value: "0",
      oninput: () => {
        this.stop();
        this.move(this.at);
      },
    });
    readout?.setAttribute("for", id);
    this.controls = el(
      "div",
      { class: "toolbar replay" },
      el("label", { for: id }, name),
      this.slider,
      readout,
      button(again, { icon: "play", kind: "quiet compact", onclick: () => this.play() }),
    );
  }

  get at() {
    return Number(this.slider.value);
  }

  get last() {
    return Number(this.slider.max);
  }

  set last(index) {
    this.slider.max = index;
  }

  move(index) {
    this.slider.value = index;
    this.slider.setAttribute("aria-valuetext", this.show(index));
  }

  /** From the first step on; those that arrive meanwhile follow. Whoever prefers stillness sees the last one. */
  play() {
    this.stop();
    if (prefersStillness()) return this.move(this.last);
    this.move(0);
    let played = 0, before = performance.now();
    const advance = (now) => {
      const index = this.due(played + Math.max(0, now - before), this.last);
      if (index <= this.last) played += Math.max(0, now - before);
      before = now;
      const step = Math.min(index, this.last);
      if (step !== this.at) this.move(step);
      if (!this.isComplete || this.at < this.last) this.frame = requestAnimationFrame(advance);
    };
    this.frame = requestAnimationFrame(advance);
  }

  stop() {
    cancelAnimationFrame(this.frame);
  }
}
