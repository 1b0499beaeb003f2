// A small picture in three channels, made by a formula: a sun over the sea.

const ROWS = 24, COLUMNS = 32, CELL = 12;

/** [channel][row][column], each in 0…1 and rounded so that a request stays short. */
export function scenery() {
  const mix = (a, b, t) => a.map((x, c) => x + (b[c] - x) * t);
  const colour = (row, column) => {
    const y = row / (ROWS - 1), x = column / (COLUMNS - 1);
    const sun = Math.hypot((x - 0.68) * COLUMNS / ROWS, y - 0.3);
    if (sun < 0.13) return [1, 0.82, 0.36];
    if (y < 0.55) return mix(mix([0.28, 0.55, 0.82], [0.98, 0.78, 0.62], y / 0.55), [1, 0.88, 0.6], Math.max(0, 0.5 - sun) * 0.9);
    if (y < 0.84) {
      const glitter = Math.abs(x - 0.68) < 0.1 && (row + column) % 3 === 0 ? 0.55 : 0;
      return mix(mix([0.1, 0.5, 0.62], [0.03, 0.32, 0.46], (y - 0.55) / 0.3), [1, 0.85, 0.55], glitter);
    }
    return mix([0.93, 0.84, 0.66], [0.8, 0.66, 0.46], (y - 0.84) / 0.16);
  };
  return [0, 1, 2].map((channel) => Array.from({ length: ROWS }, (_, row) => Array.from({ length: COLUMNS }, (_, column) =>
    Math.round(colour(row, column)[channel] * 100) / 100)));
}

/** Paints three channels as colours; what lies outside 0…1 is clamped. */
export function paintColours(canvas, [red, green, blue]) {
  const rows = red.length, columns = red[0].length, context = canvas.getContext("2d");
  canvas.width = columns * CELL;
  canvas.height = rows * CELL;
  const byte = (x) => Math.round(255 * Math.max(0, Math.min(1, x)));
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      context.fillStyle = `rgb(${byte(red[i][j])} ${byte(green[i][j])} ${byte(blue[i][j])})`;
      context.fillRect(j * CELL, i * CELL, CELL, CELL);
    }
  }
}
