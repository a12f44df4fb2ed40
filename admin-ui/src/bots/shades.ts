/** As the chat shows a colour; the server computes the same (`shades.test.ts`). */
export interface Shades {
  readonly accent: string;
  readonly onAccent: string;
  readonly tint: string;
}

export type Mode = "light" | "dark";

/** WCAG 2.2, 1.4.3: text of any size. */
const READABLE = 4.5;
const STEPS = 50;

/** Of the chat's page. */
export const SHEET = { light: "#ffffff", dark: "#231f18" } as const;
export const PAPER = { light: "#faf7f1", dark: "#17140f" } as const;
const ON_ACCENT = { light: "#ffffff", dark: "#17140f" } as const;
const TOWARDS = { light: "#000000", dark: "#ffffff" } as const;
const TINT_SHARE = { light: 0.1, dark: 0.16 } as const;
const OURS = {
  light: { accent: "#9b2c1f", onAccent: "#ffffff", tint: "#f6e7e1" },
  dark: { accent: "#f0907c", onAccent: "#2a0d07", tint: "#3a231d" },
} as const;

/** `colour` is `#rrggbb`; undefined: ours. Darker or lighter than it, as little as lets text be read. */
export function shadesOf(colour: string | undefined, mode: Mode): Shades {
  if (colour === undefined) return OURS[mode];
  const onAccent = ON_ACCENT[mode];
  const shades = (step: number): Shades => {
    const accent = mix(TOWARDS[mode], colour, step / STEPS);
    return { accent, onAccent, tint: mix(accent, SHEET[mode], TINT_SHARE[mode]) };
  };
  for (let step = 0; step < STEPS; step++) {
    const { accent, tint } = shades(step);
    const against = [SHEET[mode], PAPER[mode], onAccent, tint];
    if (against.every((other) => contrastOf(accent, other) >= READABLE)) return shades(step);
  }
  return shades(STEPS);
}

function contrastOf(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = partsOf(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `share` of the first, the rest of the second. */
function mix(one: string, other: string, share: number): string {
  const second = partsOf(other);
  const parts = partsOf(one).map((part, at) =>
    Math.round(part * share + (second[at] ?? 0) * (1 - share)),
  );
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function partsOf(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
