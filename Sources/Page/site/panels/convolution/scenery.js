// A small picture in three channels, made by a formula: a sun over the sea.

const ROWS = 36, COLUMNS = 48, CELL = 8;
const HORIZON = 0.56, BEACH = 0.86, SUN = { x: 0.66, y: 0.3, radius: 0.13 };

/** [channel][row][column], each in 0…1 and rounded so that a request stays short. */
export function scenery() {
  return [0, 1, 2].map((channel) =>
    Array.from(
      { length: ROWS },
      (_, row) =>
        Array.from({ length: COLUMNS }, (_, column) =>
          Math.round(colour(column / (COLUMNS - 1), row / (ROWS - 1), row, column)[channel] * 100) / 100),
    )
  );
}

const mix = (a, b, t) => a.map((x, c) => x + (b[c] - x) * Math.max(0, Math.min(1, t)));

function colour(x, y, row, column) {
  if (y < HORIZON) {
    const distance = Math.hypot((x - SUN.x) * COLUMNS / ROWS, y - SUN.y);
    const sky = mix([0.3, 0.57, 0.83], [0.99, 0.79, 0.62], y / HORIZON);
    const glow = mix(sky, [1, 0.9, 0.62], 0.55 * (1 - distance / 0.5));
    return mix(glow, [1, 0.8, 0.33], (SUN.radius - distance) * ROWS / 1.5 + 0.5);
  }
  if (y < BEACH) {
    const depth = (y - HORIZON) / (BEACH - HORIZON), sea = mix([0.13, 0.53, 0.64], [0.03, 0.33, 0.47], depth);
    const isGlitter = row % 2 === 0 && Math.abs(x - SUN.x) < 0.04 + 0.09 * depth && (column + row) % 4 !== 0;
    return mix(sea, [1, 0.84, 0.55], isGlitter ? 0.6 : 0);
  }
  return mix([0.95, 0.87, 0.7], [0.82, 0.68, 0.48], (y - BEACH) / (1 - BEACH));
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
