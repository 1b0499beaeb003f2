// A straight line between two images' latents, and the images along it.

import { getJSON } from "../shared/api.js";
import { randomSeed } from "../shared/controls.js";
import { el, facts, icon, numbersTable, svg, uniqueID } from "../shared/dom.js";
import { text } from "../shared/numbers.js";
import { Chart } from "../figures/chart.js";
import { extent } from "../figures/scale.js";
import { toBytes } from "../pictures/pixels.js";
import { paint } from "../pictures/raster.js";
import { figure, latest, Workbench } from "../shared/workbench.js";

const STOPS = 9;
const START = { from: "7", to: "90", at: "0.6" };

export default {
  id: "walk",
  short: "A walk",
  title: "A walk from one digit to another",
  lead: "Two digits become two points of noise. Every point on the line between them is an image, too: walk along it.",
  lesson: [
    "The flow turns each image into noise of the same size, its latent, without losing anything. Mixing two latents and going back gives a new image. Between a two and a three the line passes through sevens.",
    "Mixing the grey levels themselves only lays one digit over the other. The curves tell how likely the model finds both. Other seeds show that a straight line need not stay where images are likely.",
  ],
  operations: ["POST /decode", "POST /encode", "POST /likelihood", "GET /sample", "GET /model"],
  mount,
};

function mount(context) {
  const state = { ...START, ...context.values };
  const line = { key: null };
  const chart = new Chart("Log-likelihood along the line", { ratio: 0.42, most: 280 });
  const strip = el("div", { class: "strip", "aria-hidden": "true" });
  const walked = picture("The image on the line"), blended = picture("The blend of grey levels");
  const numbers = el("div"), table = el("div");
  const bench = new Workbench(context, {
    operation: "GET /sample",
    main: ["temperature"],
    fixed: ["n", "seed", "scale"],
    initial: { temperature: 0.8 },
    runLabel: "Walk",
    state: () => Object.fromEntries(Object.keys(START).map((name) => [name, state[name]])),
    run,
  });
  const refresh = latest(() => bench.start());
  bench.tools.append(el("div", { class: "pair" }, seedField("from", "First seed"), seedField("to", "Second seed")));
  const slider = el("input", {
    id: uniqueID("walk"),
    type: "range",
    min: "0",
    max: "1",
    step: "0.01",
    value: state.at,
    oninput: () => {
      state.at = slider.value;
      refresh();
    },
  });
  bench.figures.append(
    figure(
      "The line",
      el("div", {}, strip, el("div", { class: "toolbar" }, el("label", { for: slider.id }, "Place"), slider)),
    ),
    el(
      "div",
      { class: "side-by-side" },
      figure("On the line of latents", walked),
      figure("Grey levels mixed", blended),
    ),
    numbers,
    figure("How likely", chart.element, "log-likelihood in nats along the line"),
    table,
  );
  refresh();

  function seedField(name, label) {
    const id = uniqueID("seed");
    const commit = () => {
      state[name] = input.value.trim();
      refresh();
    };
    const input = el("input", {
      id,
      name,
      type: "text",
      inputmode: "numeric",
      autocomplete: "off",
      value: state[name],
      onchange: commit,
    });
    const another = () => {
      input.value = randomSeed();
      commit();
    };
    const words = `Another random ${label.toLowerCase()}`;
    const dice = el("button", {
      type: "button",
      class: "quiet icon-only",
      "aria-label": words,
      title: words,
      onclick: another,
    }, icon("dice"));
    return el("div", { class: "field" }, el("label", { for: id }, label), el("div", { class: "control" }, input, dice));
  }

  async function run(signal, progress) {
    const temperature = bench.form.text("temperature"), key = [state.from, state.to, temperature].join();
    if (line.key !== key) Object.assign(line, await prepare(temperature, signal, progress), { key });
    const at = Number(state.at), request = { path: "/decode", body: { latent: mixed(line.latents, at), clamp: true } };
    bench.command.show(request);
    const image = (await getJSON({ ...request, signal })).image, blend = mixed(line.images, at);
    show(walked, image.flat());
    show(blended, blend);
    const [onLine, ofBlend] = await Promise.all([likelihood(image, signal), likelihood(blend, signal)]);
    slider.setAttribute("aria-valuetext", `${Math.round(100 * at)} percent of the way`);
    numbers.replaceChildren(facts([
      ["On the line", text(onLine, 6), "nats"],
      ["Grey levels mixed", text(ofBlend, 6), "nats"],
    ]));
    draw(at, onLine, ofBlend);
    return `${Math.round(100 * at)} percent of the way.`;
  }

  /** Both ends, the images between them, and how likely each is. */
  async function prepare(temperature, signal, progress) {
    const { architecture } = await getJSON({ path: "/model", signal });
    const ends = [];
    for (const seed of [state.from, state.to]) {
      ends.push((await getJSON({ path: "/sample", query: { n: 1, seed, temperature }, signal })).images[0]);
    }
    const latents = [];
    for (const image of ends) latents.push((await getJSON({ path: "/encode", body: { image }, signal })).latent);
    const images = ends.map((image) => image.flat()), stops = [];
    line.architecture = architecture;
    for (let i = 0; i < STOPS; i++) {
      const t = i / (STOPS - 1),
        { image } = await getJSON({ path: "/decode", body: { latent: mixed(latents, t), clamp: true }, signal });
      stops.push({
        t,
        image,
        walk: await likelihood(image, signal),
        blend: await likelihood(mixed(images, t), signal),
      });
      progress((i + 1) / STOPS);
    }
    strip.replaceChildren(...stops.map(({ image }) => show(picture(), image.flat())));
    table.replaceChildren(
      numbersTable(
        "Log-likelihood along the line",
        ["Place", "On the line", "Grey levels mixed"],
        stops.map(({ t, walk, blend }) => [t, text(walk, 6), text(blend, 6)]),
      ),
    );
    return { latents, images, stops };
  }

  function draw(at, onLine, ofBlend) {
    const { stops } = line, series = (name) => stops.map((stop) => ({ x: stop.t, y: stop[name] }));
    chart.show({
      label: `At ${Math.round(100 * at)} percent of the way the image on the line has ${
        text(onLine, 5)
      } nats, the blend ${text(ofBlend, 5)}.`,
      x: { domain: [0, 1], label: "place on the line" },
      y: { domain: extent([...stops.flatMap(({ walk, blend }) => [walk, blend]), onLine, ofBlend], 0.1) },
      series: [
        { kind: "line", class: "main", name: "on the line of latents", points: series("walk") },
        { kind: "line", class: "rival", name: "grey levels mixed", points: series("blend") },
      ],
      over: ({ sx, sy }) => [
        svg("circle", { class: "marker main", cx: sx(at), cy: sy(onLine), r: 5 }),
        svg("circle", { class: "marker rival", cx: sx(at), cy: sy(ofBlend), r: 5 }),
      ],
    });
  }

  /** Paints numbers in 0…1 onto a canvas. */
  function show(canvas, numbers) {
    const bytes = toBytes([numbers]);
    paint(canvas, line.architecture, (k) => bytes[k]);
    return canvas;
  }
}

const picture = (label) => el("canvas", { class: "pixels", ...(label ? { role: "img", "aria-label": label } : {}) });

const mixed = ([a, b], t) => a.map((x, i) => x + (b[i] - x) * t);

const likelihood = async (image, signal) =>
  (await getJSON({ path: "/likelihood", body: { image }, signal })).log_likelihood;
