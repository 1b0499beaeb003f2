// One visit of the panel: the picture, where it came from, and the last filling.

import { getJSON, stream } from "../../shared/api.js";
import { curlLine, save } from "../../shared/curl.js";
import { button, el, facts } from "../../shared/dom.js";
import { text } from "../../shared/numbers.js";
import { holeText, inkText, readHole, readInk, toBytes } from "../../pictures/pixels.js";
import { pngBlob } from "../../pictures/raster.js";
import { figure } from "../../shared/workbench.js";
import { draws } from "./draws.js";
import { Editor } from "./editor.js";
import { Likelihoods } from "./likelihoods.js";
import { Replay } from "./replay.js";
import { sourceControls } from "./source.js";
import { toolbar } from "./toolbar.js";

/** How many pictures of the ascent are shown. */
const FRAMES = 60;

/** One visit of the panel. */
export class View {
  /** conditional: names of the models that draw missing pixels in one pass. */
  constructor(bench, picture, source, conditional) {
    Object.assign(this, { bench, source, conditional });
    this.base = new Uint8Array(picture.bytes.length);
    this.live = el("p", { class: "hidden", role: "status" });
    this.editor = new Editor(picture, {
      onchange: () => this.edited(),
      announce: (sentence) => {
        this.live.textContent = sentence;
      },
    });
    this.likelihoods = new Likelihoods();
    this.replay = new Replay(picture, (frame) => this.likelihoods.mark(frame));
    this.results = el("div", { class: "results" });
    bench.tools.append(sourceControls(this));
    const { tools, steps } = toolbar(this.editor, bench.element, () => this.clear());
    bench.figures.append(
      el(
        "div",
        { class: "pictures" },
        figure("Your picture", el("div", {}, tools, this.editor.canvas, el("div", {}, steps, help()))),
        figure(
          "Filled by the model",
          el(
            "div",
            {},
            this.replay.controls,
            this.replay.canvas,
            el(
              "div",
              { class: "actions" },
              button("Save as PNG", {
                icon: "download",
                kind: "quiet compact",
                onclick: () => this.savePNG(),
              }),
            ),
          ),
        ),
      ),
      el(
        "div",
        { class: "split" },
        figure("Log-likelihood along the way", this.likelihoods.element, "in nats, higher is more likely"),
        this.results,
      ),
      this.live,
    );
  }

  /** Makes the picture that the address describes. */
  async open() {
    const picture = this.editor.picture;
    if (this.source.digit) this.base = await this.draw(this.source.digit, this.source.temperature, this.source.index);
    picture.bytes.set(this.base);
    readInk(this.source.ink ?? "", picture.bytes);
    readHole(this.source.hole, picture);
    this.editor.repaint();
    this.replay.clear(picture);
  }

  async draw(seed, temperature, index = 0) {
    // The first draws are the same however many there are.
    const { images } = await getJSON({ path: "/sample", query: { n: Number(index) + 1, seed, temperature } });
    return toBytes(images.at(-1));
  }

  /** Lets the model draw; the hole stays where it is. */
  async drawAnother(seed, temperature) {
    try {
      this.bench.clearFault();
      const bytes = await this.draw(seed, temperature);
      this.base = bytes;
      Object.assign(this.source, { digit: seed, temperature, index: 0 });
      const picture = this.editor.picture.copy();
      picture.bytes.set(bytes);
      this.editor.replace(picture);
      this.bench.start();
    } catch (error) {
      this.bench.showFault(error);
    }
  }

  /** A picture from elsewhere: none of the model's draws. */
  replaceBytes(bytes, keepHole = true) {
    this.base = new Uint8Array(bytes.length);
    this.source.digit = "";
    const picture = this.editor.picture.copy();
    picture.bytes.set(bytes);
    if (!keepHole) picture.known.fill(1);
    this.editor.replace(picture);
  }

  clear() {
    this.replaceBytes(new Uint8Array(this.base.length), false);
  }

  edited() {
    this.bench.context.save({ ...this.state(), ...this.bench.form.state() });
    this.bench.command.show(this.request(), () => this.pipeline());
    this.replay.canvas.toggleAttribute("data-stale", true);
    this.bench.say(
      this.editor.picture.missing
        ? "Press “Fill” when you are ready."
        : "Choose “Hole” and paint over the part that the model shall fill.",
    );
  }

  state() {
    const { picture } = this.editor;
    const { digit, temperature, index } = this.source;
    const ink = inkText(picture.bytes, this.base);
    if (!digit) return { hole: holeText(picture), ink: ink || "0" };
    return {
      digit,
      temperature,
      index: Number(index) ? index : undefined,
      hole: holeText(picture),
      ink: ink || undefined,
    };
  }

  get isConditional() {
    return this.conditional.has(this.bench.form.text("model"));
  }

  /** The most iterations, or draws, whether or not the form says the server's default. */
  get iterations() {
    if (this.isConditional) return Number(this.bench.form.body().samples) || 32;
    return Number(this.bench.form.text("iterations")) || 300;
  }

  request() {
    const { picture } = this.editor, options = this.bench.form.body();
    const iterations = this.iterations;
    const isGiven = options.initial === "given";
    const body = {
      image: picture.numbers(isGiven),
      ...options,
      trace_every: Math.max(1, Math.round(iterations / FRAMES)),
    };
    if (isGiven) {
      body.mask = Array.from(
        { length: picture.rows },
        (_, row) => [...picture.known.subarray(row * picture.columns, (row + 1) * picture.columns)],
      );
    }
    if (picture.bytes.some((byte, k) => byte && !picture.known[k])) body.truth = picture.numbers(true);
    return { path: "/inpaint", body, picture: { scale: 8, strip: true } };
  }

  /** Where the model drew the digit and the hole is a box, two piped curls do all of it. */
  pipeline() {
    const { picture } = this.editor, { box } = picture, { digit, temperature, index } = this.source;
    if (!digit || Number(index) || !box || inkText(picture.bytes, this.base)) return undefined;
    const draw = curlLine({ path: "/sample", query: { n: 1, seed: digit, temperature }, format: "png" }).replace(
      / -o \S+$/,
      "",
    );
    const query = { rows: box.rows.join(":"), columns: box.columns.join(":"), ...this.bench.form.query() };
    return `${draw} | ${curlLine({ path: "/inpaint", query })} -H 'Content-Type: image/png' --data-binary @-`;
  }

  async fill(signal, progress) {
    const request = this.request(), { picture } = this.editor, most = this.iterations;
    this.bench.command.show(request, () => this.pipeline());
    this.results.replaceChildren();
    this.replay.begin(picture);
    this.likelihoods.begin(most);
    const { truth, model } = request.body;
    const original = truth &&
      getJSON({
        path: "/likelihood",
        // Of missing pixels where the model is of them.
        body: this.isConditional ? { image: request.body.image, truth, model } : { image: truth, ...(model && { model }) },
        signal,
      }).catch(() => null);
    const answer = await stream({ ...request, signal }, (line) => {
      this.replay.add(line);
      this.likelihoods.add(line);
      progress(line.iteration / most);
    });
    const whole = (await original)?.log_likelihood;
    this.likelihoods.end(answer, whole);
    this.replay.end(answer);
    this.answer = answer;
    this.results.replaceChildren(
      facts([
        [
          "Log-likelihood",
          text(answer.log_likelihood.final, 6),
          answer.log_likelihood.initial === null
            ? "nats of the missing pixels, on average over the draws"
            : `nats, from ${text(answer.log_likelihood.initial, 6)}`,
        ],
        whole !== undefined && ["Of the original", text(whole, 6), "nats, as it was drawn"],
        ["Bits per pixel", text(answer.bits_per_dimension), "of 8 without a model"],
        ["Missing pixels", text(answer.missing_pixels), `of ${picture.bytes.length}`],
        answer.psnr !== undefined &&
        [
          "Likeness to the original",
          answer.psnr === null ? "exact" : `${text(answer.psnr, 3)} dB`,
          "peak signal-to-noise ratio in the hole",
        ],
      ]),
      ...draws(picture, answer),
      answer.warning ? el("p", { class: "warning" }, answer.warning) : "",
    );
    return answer.sample_log_likelihoods
      ? `Filled ${answer.missing_pixels} pixels with the mean of ${answer.draws} draws.`
      : `Filled ${answer.missing_pixels} pixels in ${answer.iterations} steps.`;
  }

  async savePNG() {
    save(await pngBlob(this.editor.picture, this.replay.bytes, 10), "filled.png");
    this.bench.say("Saved as filled.png.");
  }
}

function help() {
  return el(
    "p",
    { class: "hint", id: "editor-help" },
    "With the keyboard: arrow keys move, space paints, shift with an arrow key draws a line; Ctrl+Z undoes.",
  );
}
