import { createRequire } from "node:module";
import path from "node:path";
import { createCanvas, GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";

/** X shows pictures of 16:9 whole. */
const WIDTH = 1_200;
const HEIGHT = 675;
const MARGIN = 80;
const TITLE_SIZES = [76, 64, 54, 46] as const;
const MAX_LINES = 6;
const LINE_HEIGHT = 1.2;
const BOLD = "Pregonero Card Bold";
const REGULAR = "Pregonero Card";
const PAPER = "#fbf8f1";
const INK = "#1d2733";
const QUIET = "#566270";
const ACCENT = "#9c2f21";

export interface Card {
  readonly title: string;
  /** `La Gaceta, 14 nov 2014`. */
  readonly place: string;
  /** Host of the address that it leads to. */
  readonly host: string;
}

/** A picture of the title and the edition, PNG, in letters that come with the product. */
export async function drawCard({ title, place, host }: Card): Promise<Buffer> {
  registerFonts();
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext("2d");
  context.fillStyle = PAPER;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = ACCENT;
  context.fillRect(0, 0, 16, HEIGHT);
  context.fillRect(MARGIN, MARGIN, 96, 8);
  context.textBaseline = "top";
  const { lines, size } = fitTitle(context, title);
  context.fillStyle = INK;
  context.font = `${size}px "${BOLD}"`;
  lines.forEach((line, at) => {
    context.fillText(line, MARGIN, MARGIN + 44 + at * size * LINE_HEIGHT);
  });
  context.fillStyle = QUIET;
  context.font = `34px "${REGULAR}"`;
  context.fillText(cut(context, place, WIDTH - 2 * MARGIN), MARGIN, HEIGHT - MARGIN - 80);
  context.fillText(cut(context, host, WIDTH - 2 * MARGIN), MARGIN, HEIGHT - MARGIN - 34);
  return canvas.encode("png");
}

let areFontsRegistered = false;

function registerFonts(): void {
  if (areFontsRegistered) return;
  const folder = path.dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));
  const font = (file: string, name: string) =>
    GlobalFonts.registerFromPath(path.join(folder, "standard_fonts", file), name);
  font("LiberationSans-Bold.ttf", BOLD);
  font("LiberationSans-Regular.ttf", REGULAR);
  areFontsRegistered = true;
}

/** The largest letters in which the whole title stands; in the smallest, as much as there is room for. */
function fitTitle(
  context: SKRSContext2D,
  title: string,
): { readonly lines: readonly string[]; readonly size: number } {
  const room = HEIGHT - 2 * MARGIN - 44 - 130;
  for (const size of TITLE_SIZES) {
    context.font = `${size}px "${BOLD}"`;
    const lines = wrap(context, title);
    if (lines.length * size * LINE_HEIGHT <= room) return { lines, size };
  }
  const size = TITLE_SIZES[TITLE_SIZES.length - 1] ?? 46;
  return { lines: wrap(context, title).slice(0, MAX_LINES), size };
}

function wrap(context: SKRSContext2D, text: string): readonly string[] {
  const width = WIDTH - 2 * MARGIN;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (context.measureText(longer).width <= width) line = longer;
    else {
      if (line !== "") lines.push(line);
      line = cut(context, word, width);
    }
  }
  return line === "" ? lines : [...lines, line];
}

function cut(context: SKRSContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let shown = text;
  while (shown !== "" && context.measureText(`${shown}…`).width > width) shown = shown.slice(0, -1);
  return `${shown}…`;
}
