import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The red of the site's icon, `#9b2c1f`, at 7: light enough at 5 to be read on the dark sheet. */
const brick: MantineColorsTuple = [
  "#fdf1ee",
  "#f8ddd7",
  "#f2b9ad",
  "#ee9e8d",
  "#ea8069",
  "#d95f47",
  "#bd4130",
  "#9b2c1f",
  "#7f2117",
  "#5f1810",
];

/** Warm greys, as paper and ink are on the public pages. */
const dark: MantineColorsTuple = [
  "#efe8dc",
  "#d5ccbf",
  "#b9ae9e",
  "#94897a",
  "#4a4237",
  "#3b342a",
  "#2b261e",
  "#211d17",
  "#17140f",
  "#100e0a",
];

const gray: MantineColorsTuple = [
  "#fbf9f5",
  "#f5f1e9",
  "#ece6da",
  "#ddd4c5",
  "#c9beac",
  "#a4988a",
  "#7b7064",
  "#574e44",
  "#3a332b",
  "#201c17",
];

const SERIF =
  'Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", "Noto Serif", Georgia, serif';
const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

export const theme = createTheme({
  colors: { brick, dark, gray },
  primaryColor: "brick",
  primaryShade: 7,
  autoContrast: true,
  black: "#201c17",
  fontFamily: SANS,
  headings: { fontFamily: SERIF, fontWeight: "600" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
});
