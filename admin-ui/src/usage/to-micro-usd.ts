/** Of dollars as a field has them (`$12.50`), in millionths; undefined: it is empty, or no amount. */
export function toMicroUsd(typed: string): number | undefined {
  const text = typed.replace(/[$\s]/g, "");
  const dollars = Number(text);
  return text === "" || !Number.isFinite(dollars) ? undefined : Math.round(dollars * 1e6);
}
