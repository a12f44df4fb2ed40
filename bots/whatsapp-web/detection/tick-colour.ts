/** Read ticks are rgb(0, 123, 252) in era D and were #53bdeb and #34b7f1 before; the others are grey or green. */
export function isBlue(paint: string | undefined): boolean {
  const found = /^rgba?\(\s*(\d+)[,\s]+(\d+)[,\s]+(\d+)/.exec(paint ?? "");
  if (found === null) return false;
  const [red, green, blue] = [Number(found[1]), Number(found[2]), Number(found[3])];
  return blue - red > 80 && blue - green > 30;
}
