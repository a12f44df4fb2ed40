/** One line of a table: what was promised of something, and what was seen. */
export interface Cell {
  readonly what: string;
  readonly seen: string;
  readonly promised: string;
  readonly holds: boolean;
}

export function printCells(title: string, cells: readonly Cell[]): void {
  const width = Math.max(...cells.map(({ what }) => what.length));
  console.log(`\n${title}`);
  for (const { what, seen, promised, holds } of cells) {
    console.log(
      `  ${what.padEnd(width)}  ${seen.padEnd(24)}  ${promised.padEnd(24)}  ${holds ? "" : "SHORT"}`.trimEnd(),
    );
  }
}
