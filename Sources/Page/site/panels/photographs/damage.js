// A picture and what is painted over in it.

import { el } from "../../shared/dom.js";

const TINT = "#1f77b4";
/** The longest side that the picture is sent with. */
const MOST = 2048;

export class Damage {
  /** `onchange` is called after each stroke. */
  constructor(picture, onchange) {
    this.onchange = onchange;
    this.size = 10;
    this.canvas = el("canvas", {
      class: "photograph editor",
      role: "img",
      "aria-label": "The picture; drag over what is damaged",
      onpointerdown: (event) => this.press(event),
      onpointermove: (event) => this.drag(event),
      onpointerup: () => this.release(),
      onpointercancel: () => this.release(),
    });
    this.open(picture);
    this.addScratches();
    this.repaint();
  }

  /** Takes another picture; `file` is sent as it is where it is a PNG that need not be made smaller. */
  open(picture, file) {
    const scale = Math.min(1, MOST / Math.max(picture.width, picture.height));
    const width = Math.max(1, Math.round(picture.width * scale)), height = Math.max(1, Math.round(picture.height * scale));
    this.file = scale === 1 && file?.type === "image/png" ? file : null;
    this.source = canvas(width, height);
    this.source.getContext("2d").drawImage(picture, 0, 0, width, height);
    Object.assign(this.canvas, { width, height });
    this.strokes = [];
    this.repaint();
  }

  get sentence() {
    return this.strokes.length ? "Repair fills what is painted over." : "Drag over what is damaged.";
  }

  scratch() {
    this.addScratches();
    this.changed();
  }

  addScratches() {
    const { width, height } = this.source;
    for (let i = 0; i < 8; i++) {
      const points = [0, 1].map(() => ({ x: Math.random() * width, y: Math.random() * height }));
      this.strokes.push({ size: 2 + Math.random() * 2, points });
    }
  }

  undo() {
    this.strokes.pop();
    this.changed();
  }

  clear() {
    this.strokes = [];
    this.changed();
  }

  changed() {
    this.repaint();
    this.onchange();
  }

  press(event) {
    if (event.button) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.stroke = { size: this.size, points: [this.place(event)] };
    this.strokes.push(this.stroke);
    this.repaint();
  }

  drag(event) {
    if (!this.stroke) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) this.stroke.points.push(this.place(one));
    this.repaint();
  }

  release() {
    if (!this.stroke) return;
    this.stroke = null;
    this.onchange();
  }

  place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return {
      x: (event.clientX - left) / width * this.source.width,
      y: (event.clientY - top) / height * this.source.height,
    };
  }

  repaint() {
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.source, 0, 0);
    this.paint(context, TINT);
  }

  paint(context, color) {
    Object.assign(context, { strokeStyle: color, lineCap: "round", lineJoin: "round" });
    for (const { size, points } of this.strokes) {
      context.lineWidth = size;
      context.beginPath();
      context.moveTo(points[0].x, points[0].y);
      for (const { x, y } of points) context.lineTo(x, y);
      context.stroke();
    }
  }

  /** The picture as a PNG. */
  picture() {
    return this.file ?? png(this.source);
  }

  /** White where something is painted over, to the last pixel that a stroke touches; black elsewhere. */
  mask() {
    const mask = canvas(this.source.width, this.source.height), context = mask.getContext("2d");
    this.paint(context, "#fff");
    const pixels = context.getImageData(0, 0, mask.width, mask.height), { data } = pixels;
    for (let k = 0; k < data.length; k += 4) {
      data[k] = data[k + 1] = data[k + 2] = data[k + 3] > 0 ? 255 : 0;
      data[k + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
    return png(mask);
  }
}

const canvas = (width, height) => Object.assign(document.createElement("canvas"), { width, height });

const png = (source) => new Promise((resolve) => source.toBlob(resolve, "image/png"));
