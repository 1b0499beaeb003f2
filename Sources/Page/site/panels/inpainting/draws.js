// What the posterior method adds: how far the draws differ, and the draws themselves.

import { el, facts } from "../../shared/dom.js";
import { text } from "../../shared/numbers.js";
import { toBytes } from "../../pictures/pixels.js";
import { paint } from "../../pictures/raster.js";

/** How many draws are shown. */
const MOST = 8;

function picture({ rows, columns }, image, label) {
  const canvas = el("canvas", { class: "pixels", role: "img", "aria-label": label });
  const bytes = toBytes(image);
  paint(canvas, { rows, columns }, (k) => bytes[k]);
  return el("div", {}, canvas, el("p", { class: "hint" }, label));
}

/** The spread, the first draws and how far they can be trusted; nothing for an answer of another method. */
export function draws(size, answer) {
  if (!answer.samples) return [];
  // Twice as bright: what lies in 0…1 has at most a deviation of a half.
  const spread = answer.standard_deviation?.map((row) => row.map((value) => 2 * value));
  return [
    el(
      "div",
      { class: "draws" },
      ...(spread ? [picture(size, spread, "Spread")] : []),
      ...answer.samples.slice(0, MOST).map((sample, i) => picture(size, sample, `Draw ${i + 1}`)),
    ),
    facts([
      ["Draws", text(answer.draws), answer.r_hat ? `of ${answer.samples.length} chains` : "independent of each other"],
      answer.r_hat && answer.r_hat.worst_pixel !== null &&
      ["Agreement of the chains", text(answer.r_hat.worst_pixel, 3), "R̂ of the worst pixel; 1 is perfect"],
      answer.effective_sample_size && answer.effective_sample_size.median_pixel !== null &&
      ["Worth", text(answer.effective_sample_size.median_pixel, 3), "independent draws, in the pixel in the middle"],
    ]),
  ];
}
