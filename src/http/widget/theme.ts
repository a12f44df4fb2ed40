/** What a colour of a tenant's becomes in the chat: as given where it can be read, darker or lighter where not. */
export interface Theme {
  readonly light: Shades;
  readonly dark: Shades;
}

export interface Shades {
  /** Of links, marks, buttons and what the visitor said. */
  readonly accent: string;
  /** Of text on it. */
  readonly onAccent: string;
  /** Behind small marks whose text has the accent. */
  readonly tint: string;
}

type Rgb = readonly [number, number, number];

/** WCAG 2.2, 1.4.3: text of any size. */
export const READABLE = 4.5;
const STEPS = 50;

/** The backgrounds that bots/web-chat/page/chat.css puts the accent on. */
export const BACKGROUNDS = {
  light: ["#ffffff", "#faf7f1"],
  dark: ["#231f18", "#17140f"],
} as const;
const ON_ACCENT = { light: "#ffffff", dark: "#17140f" } as const;
const TOWARDS = { light: "#000000", dark: "#ffffff" } as const;
const TINT_SHARE = { light: 0.1, dark: 0.16 } as const;

/** `colour` is `#rrggbb`. Every text in either theme then has a contrast of 4.5 to 1 or more. */
export function themeOf(colour: string): Theme {
  return { light: shadesOf(colour, "light"), dark: shadesOf(colour, "dark") };
}

function shadesOf(colour: string, mode: "light" | "dark"): Shades {
  const onAccent = ON_ACCENT[mode];
  const [sheet] = BACKGROUNDS[mode];
  let shades: Shades = { accent: colour.toLowerCase(), onAccent, tint: sheet };
  for (let step = 0; step <= STEPS; step++) {
    const accent = mix(TOWARDS[mode], colour, step / STEPS);
    const tint = mix(accent, sheet, TINT_SHARE[mode]);
    shades = { accent, onAccent, tint };
    const against = [...BACKGROUNDS[mode], onAccent, tint];
    if (against.every((other) => contrastOf(accent, other) >= READABLE)) break;
  }
  return shades;
}

/** 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrastOf(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = toRgb(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `share` of the first, the rest of the second. */
function mix(one: string, other: string, share: number): string {
  const second = toRgb(other);
  const parts = toRgb(one).map((part, index) =>
    Math.round(part * share + (second[index] ?? 0) * (1 - share)),
  );
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function toRgb(colour: string): Rgb {
  const number = Number.parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 0xff, number & 0xff];
}
