// What all panels share: a form on the left, figures on the right, a run that can be cancelled.

import { button, el } from "./dom.js";
import { CommandBar } from "./curl.js";
import { Form } from "./form.js";
import { fieldsOf } from "./openapi.js";

/**
 * The frame of a panel.
 *
 * `operation` names the endpoint whose fields become the form: `main` are always visible, `more` are
 * folded away (all others when left out), `fixed` are the panel's own business. `run(signal, progress)`
 * does the work and shows the result; it is called at once, after every change and by the button.
 * `state()` adds the panel's own values to the address.
 */
export class Workbench {
  constructor(
    context,
    {
      operation,
      main,
      more,
      fixed = [],
      initial = {},
      labels,
      runLabel = "Run",
      formats,
      run,
      state = () => ({}),
      runsOnChange = true,
      faultTarget = () => null,
    },
  ) {
    Object.assign(this, { context, run, extraState: state, runsOnChange, faultTarget });
    const fields = fieldsOf(context.description, operation).filter(({ name }) => !fixed.includes(name));
    this.form = new Form(fields, { given: context.values, initial, labels, onchange: () => this.changed() });
    this.runButton = button(runLabel, { icon: "play", kind: "primary", type: "submit" });
    this.cancelButton = button("Cancel", { icon: "stop", onclick: () => this.cancel(), disabled: true });
    this.bar = el("progress", { max: "1", value: "0", "aria-label": "Progress" });
    this.status = el("p", { class: "status", role: "status" });
    this.fault = el("p", { class: "problem", role: "alert" });
    this.command = new CommandBar(formats ?? ["json"], (sentence) => this.say(sentence));
    this.figures = el("div", { class: "figures" });
    const folded = more ?? this.form.names.filter((name) => !main.includes(name));
    this.tools = el("div", { class: "tools" });
    this.element = el(
      "div",
      { class: "workbench" },
      el(
        "form",
        {
          class: "controls",
          novalidate: true,
          "aria-label": "Settings",
          onsubmit: (event) => {
            event.preventDefault();
            this.start();
          },
        },
        this.tools,
        this.settings(main, folded),
        el("div", { class: "actions" }, this.runButton, this.cancelButton),
        this.bar,
        this.status,
        this.fault,
      ),
      el("div", { class: "stage" }, this.figures, this.command.element),
      el(
        "aside",
        { class: "lesson", "aria-label": "What this shows" },
        el("h2", {}, "What this shows"),
        context.lesson.map((sentence) => el("p", {}, sentence)),
      ),
    );
    context.root.append(this.element);
    context.onleave(() => this.cancel());
  }

  /** The fields; on a narrow screen they wait behind a summary, so that the figures are near. */
  settings(main, folded) {
    const more = folded.length
      ? el(
        "details",
        { class: "more" },
        el("summary", {}, "More settings"),
        el("div", { class: "fields" }, this.form.rows(folded)),
      )
      : null;
    if (!main.length) return more;
    const isNarrow = matchMedia("(max-width: 61.99rem)").matches;
    return el(
      "details",
      { class: "settings", open: !isNarrow },
      el("summary", {}, "Settings"),
      el("div", { class: "fields" }, this.form.rows(main)),
      more,
    );
  }

  changed() {
    this.context.save({ ...this.extraState(), ...this.form.state() });
    if (this.runsOnChange) this.start();
  }

  /** Runs, instead of what may still be running. */
  async start() {
    this.controller?.abort();
    const controller = this.controller = new AbortController();
    this.clearFault();
    this.context.save({ ...this.extraState(), ...this.form.state() });
    this.busy(true);
    const begin = performance.now();
    try {
      const sentence = await this.run(controller.signal, (share) => this.progress(share));
      if (this.controller !== controller) return;
      this.say(`${sentence ?? "Done."} ${elapsed(performance.now() - begin)}`);
      this.progress(1);
    } catch (error) {
      if (this.controller !== controller) return;
      if (error.name === "AbortError") this.say("Cancelled.");
      else this.showFault(error);
    }
    this.busy(false);
  }

  cancel() {
    this.controller?.abort();
  }

  busy(isBusy) {
    this.cancelButton.disabled = !isBusy;
    this.element.toggleAttribute("data-busy", isBusy);
    if (isBusy) this.progress(0);
  }

  progress(share) {
    this.bar.value = share;
  }

  say(sentence) {
    this.status.textContent = sentence;
  }

  showFault(error) {
    this.say("");
    this.progress(0);
    this.fault.textContent = error.message;
    if (error.field && this.form.mark(error.field, error.message)) return;
    const target = this.faultTarget(error);
    target?.setAttribute("aria-invalid", "true");
    target?.focus();
  }

  clearFault() {
    this.fault.textContent = "";
    this.form.clearMarks();
    this.tools.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  }
}

const elapsed = (milliseconds) =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms.` : `${(milliseconds / 1000).toFixed(1)} s.`;

/** A figure with its title and what it shows. */
export function figure(title, content, caption) {
  return el("figure", {}, el("figcaption", {}, el("strong", {}, title), caption && el("span", {}, caption)), content);
}

/** Runs `work` again after each change, one at a time, the last change last. */
export function latest(work) {
  let isRunning = false, isWanted = false;
  return async () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    while (isWanted) {
      isWanted = false;
      await work();
    }
    isRunning = false;
  };
}
