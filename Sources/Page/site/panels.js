// The panels of the page, in the order of its navigation. A new one is a module and a line here.

import convolution from "./panels/convolution.js";
import evidence from "./panels/evidence.js";
import gradients from "./panels/gradients.js";
import inpainting from "./panels/inpainting.js";
import maximization from "./panels/maximization.js";
import model from "./panels/model.js";
import photographs from "./panels/photographs.js";
import probability from "./panels/probability.js";
import projection from "./panels/projection.js";
import ruin from "./panels/ruin.js";
import walk from "./panels/walk.js";

export const panels = [
  inpainting,
  photographs,
  model,
  walk,
  ruin,
  probability,
  gradients,
  evidence,
  projection,
  maximization,
  convolution,
];
