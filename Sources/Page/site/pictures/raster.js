// Pictures on canvases, as files, and out of files.

const CELL = 16;

/**
 * Paints grey values onto a canvas. `known` marks missing pixels with hatching unless `filled`, which
 * outlines them instead. `cursor` is the pixel that the keyboard is at.
 */
export function paint(canvas, { rows, columns }, value, { known, filled = false, cursor } = {}) {
  if (canvas.width !== columns * CELL || canvas.height !== rows * CELL) {
    canvas.width = columns * CELL;
    canvas.height = rows * CELL;
  }
  const context = canvas.getContext("2d");
  for (let k = 0; k < rows * columns; k++) {
    const x = k % columns * CELL, y = Math.floor(k / columns) * CELL;
    const isHole = known && !known[k] && !filled;
    context.fillStyle = isHole ? "#0d6f8f" : grey(value(k));
    context.fillRect(x, y, CELL, CELL);
    if (isHole) hatch(context, x, y);
  }
  if (known && filled) outline(context, known, rows, columns);
  if (cursor !== undefined) {
    const x = cursor % columns * CELL, y = Math.floor(cursor / columns) * CELL;
    context.lineWidth = 3;
    context.strokeStyle = "#000";
    context.strokeRect(x - 0.5, y - 0.5, CELL + 1, CELL + 1);
    context.strokeStyle = "#ffd27a";
    context.strokeRect(x + 1.5, y + 1.5, CELL - 3, CELL - 3);
  }
}

const grey = (byte) => `rgb(${byte} ${byte} ${byte})`;

function hatch(context, x, y) {
  context.strokeStyle = "rgb(255 255 255 / 0.28)";
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y + CELL);
  context.lineTo(x + CELL, y);
  context.stroke();
}

function outline(context, known, rows, columns) {
  context.strokeStyle = "#3db4d6";
  context.lineWidth = 2;
  context.beginPath();
  const isHole = (row, column) =>
    row >= 0 && column >= 0 && row < rows && column < columns && !known[row * columns + column];
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      const x = column * CELL, y = row * CELL;
      if (isHole(row, column) !== isHole(row - 1, column)) {
        context.moveTo(x, y);
        context.lineTo(x + CELL, y);
      }
      if (isHole(row, column) !== isHole(row, column - 1)) {
        context.moveTo(x, y);
        context.lineTo(x, y + CELL);
      }
    }
  }
  context.stroke();
}

/** The bytes as a PNG, each pixel `factor` wide. */
export async function pngBlob({ rows, columns }, bytes, factor = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = columns * factor;
  canvas.height = rows * factor;
  const context = canvas.getContext("2d");
  bytes.forEach((byte, k) => {
    context.fillStyle = grey(byte);
    context.fillRect(k % columns * factor, Math.floor(k / columns) * factor, factor, factor);
  });
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/** A picture file, scaled to rows × columns and turned to grey; dark ink on white paper is inverted. */
export async function readPictureFile(file, { rows, columns }) {
  const bitmap = await createImageBitmap(file, { resizeWidth: columns, resizeHeight: rows, resizeQuality: "high" });
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  context.fillStyle = "#000";
  context.fillRect(0, 0, columns, rows);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, columns, rows);
  const bytes = Uint8Array.from(
    { length: rows * columns },
    (_, k) => Math.round(0.2126 * data[4 * k] + 0.7152 * data[4 * k + 1] + 0.0722 * data[4 * k + 2]),
  );
  const edge = [...bytes.keys()].filter((k) => k < columns || k % columns === 0).map((k) => bytes[k]);
  const isPaper = edge.reduce((sum, byte) => sum + byte, 0) / edge.length > 127;
  return isPaper ? bytes.map((byte) => 255 - byte) : bytes;
}
