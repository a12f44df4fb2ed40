import { bottom, type Fragment, right, verticalOverlap } from "./fragment.ts";

/** Fragments that a reader sees on one line, from left to right. */
export interface Row {
  readonly fragments: readonly Fragment[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Groups fragments whose boxes share at least half of their height. A label and its value in a form,
 * set in different sizes, make one row; two lines of set text do not.
 */
export function groupRows(fragments: readonly Fragment[]): Row[] {
  const sorted = [...fragments].sort((a, b) => middle(a) - middle(b));
  const groups: { anchor: Fragment; members: Fragment[] }[] = [];
  for (const fragment of sorted) {
    let home: { anchor: Fragment; members: Fragment[] } | undefined;
    // Only the last few groups can still overlap: middles only grow.
    for (let i = groups.length - 1; i >= 0 && i >= groups.length - 3; i--) {
      const group = groups[i];
      if (group !== undefined && verticalOverlap(group.anchor, fragment) >= 0.5) {
        home = group;
        break;
      }
    }
    if (home === undefined) groups.push({ anchor: fragment, members: [fragment] });
    else {
      home.members.push(fragment);
      if (fragment.width > home.anchor.width) home.anchor = fragment;
    }
  }
  return groups.map((group) => makeRow(group.members)).sort((a, b) => a.y - b.y);
}

export function makeRow(members: readonly Fragment[]): Row {
  const fragments = [...members].sort((a, b) => a.x - b.x);
  let x = Number.POSITIVE_INFINITY;
  let y = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  let foot = Number.NEGATIVE_INFINITY;
  for (const fragment of fragments) {
    x = Math.min(x, fragment.x);
    y = Math.min(y, fragment.y);
    end = Math.max(end, right(fragment));
    foot = Math.max(foot, bottom(fragment));
  }
  return { fragments, x, y, width: end - x, height: foot - y };
}

/** The row's text with one space where the source has one or the gap is as wide as one. */
export function rowText(row: { readonly fragments: readonly Fragment[] }): string {
  let text = "";
  let end = Number.NEGATIVE_INFINITY;
  for (const fragment of row.fragments) {
    // 0.15 em: narrower gaps are kerning and tracking; a word space is 0.2 em or more.
    const isApart = fragment.hasSpaceBefore || fragment.x - end > 0.15 * fragment.height;
    text += text !== "" && isApart ? ` ${fragment.text}` : fragment.text;
    end = right(fragment);
  }
  // Most text needs nothing replaced, and looking costs a fifth of replacing.
  return /\s\s|[^\S ]/.test(text) ? text.replace(/\s+/g, " ").trim() : text.trim();
}

/**
 * Joins neighbours on a row when the gap between them is no wider than `maxGapEm` times their height.
 * What comes out never bridges the gutter between two columns, unless a line of text truly does.
 */
export function joinRuns(fragments: readonly Fragment[], maxGapEm: number): Row[] {
  const runs: Row[] = [];
  for (const row of groupRows(fragments)) {
    let members: Fragment[] = [];
    let end = Number.NEGATIVE_INFINITY;
    for (const fragment of row.fragments) {
      if (members.length > 0 && fragment.x - end > maxGapEm * fragment.height) {
        runs.push(makeRow(members));
        members = [];
        end = Number.NEGATIVE_INFINITY;
      }
      members.push(fragment);
      end = Math.max(end, right(fragment));
    }
    if (members.length > 0) runs.push(makeRow(members));
  }
  return runs;
}

function middle(box: { readonly y: number; readonly height: number }): number {
  return box.y + box.height / 2;
}
