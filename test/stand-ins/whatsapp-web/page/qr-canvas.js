const SIZE = 228;
const POINTS = 4;
const canvas = document.createElement("canvas");
canvas.width = SIZE;
canvas.height = SIZE;
const frame = document.createElement("div");
frame.append(canvas);
let drawn;

/** The code as a canvas that a phone could scan; nearly unseen while something lies over it. */
export function qrCanvas(ref, label, isCovered) {
  canvas.setAttribute("aria-label", label);
  canvas.setAttribute("role", "img");
  canvas.style.opacity = isCovered ? "0.04" : "1";
  if (drawn !== ref && ref !== undefined) {
    drawn = ref;
    void draw(ref);
  }
  return frame;
}

async function draw(ref) {
  const response = await fetch(`/page/qr?ref=${encodeURIComponent(ref)}`);
  if (!response.ok || drawn !== ref) return;
  const { size, modules } = await response.json();
  // Whole points for each module, shown at WhatsApp's 228: sharp enough for a camera.
  canvas.width = size * POINTS;
  canvas.height = size * POINTS;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#122e31";
  for (let at = 0; at < modules.length; at += 1) {
    if (modules[at] !== "1") continue;
    context.fillRect((at % size) * POINTS, Math.floor(at / size) * POINTS, POINTS, POINTS);
  }
}
