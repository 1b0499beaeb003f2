// A picture to begin with, drawn here: hills below an evening sky.

/** A canvas of 360 × 240 pixels. */
export function example() {
  const width = 360, height = 240;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  const sky = context.createLinearGradient(0, 0, 0, height);
  [[0, "#23395d"], [0.45, "#c86b5a"], [0.7, "#f2c078"]].forEach(([place, color]) => sky.addColorStop(place, color));
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#fbe3b0";
  context.beginPath();
  context.arc(250, 132, 24, 0, 2 * Math.PI);
  context.fill();
  const hills = [["#6b5b73", 150, 18, 0.021], ["#4a4a63", 178, 14, 0.034], ["#2c3247", 208, 9, 0.055]];
  hills.forEach(([color, top, rise, bend], number) => {
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(0, height);
    for (let x = 0; x <= width; x++) {
      context.lineTo(x, top + rise * Math.sin(bend * x + 2 * number) + rise / 3 * Math.sin(3.1 * bend * x));
    }
    context.lineTo(width, height);
    context.fill();
  });
  return canvas;
}
