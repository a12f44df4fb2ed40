/** What a spreadsheet would take for a formula, also in full width (checklist S42, ASVS 1.2.10). */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/** One line of RFC 4180, every cell quoted; what begins like a formula gets an apostrophe before it. */
export function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => {
    const safe = FORMULA.test(cell) ? `'${cell}` : cell;
    return `"${safe.replaceAll('"', '""')}"`;
  });
  return `${quoted.join(",")}\r\n`;
}
