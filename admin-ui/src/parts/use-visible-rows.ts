import { useCallback, useLayoutEffect, useState } from "react";

/** Rows above and below what is seen, so that a flick of a finger meets no gap. */
const MORE_ROWS = 10;
/** Before the box was measured. */
const FIRST_ROWS = 20;

interface Span {
  readonly from: number;
  /** The first that is not shown. */
  readonly until: number;
}

/**
 * Which rows of a long list there are to draw: those that its box shows, and some more. Every row is `rowPx` high, so
 * nothing is measured and ten thousand cost what the screen shows of them. `boxRef` goes to the box that scrolls.
 */
export function useVisibleRows(count: number, rowPx: number) {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const [span, setSpan] = useState<Span>({ from: 0, until: FIRST_ROWS });
  useLayoutEffect(() => {
    if (box === null) return;
    const look = () => setSpan((known) => spanOf(box, rowPx, known));
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, [box, rowPx]);
  const { from, until } = span;
  const shown = { from: Math.min(from, count), until: Math.min(until, count) };
  return {
    boxRef: setBox,
    totalPx: count * rowPx,
    rows: Array.from({ length: shown.until - shown.from }, (_, index) => ({
      index: shown.from + index,
      topPx: (shown.from + index) * rowPx,
    })),
    lastShown: Math.max(0, shown.until - 1),
    /** Into view, no farther than it needs. */
    scrollTo: useCallback(
      (index: number) => {
        if (box === null) return;
        const [top, bottom] = [index * rowPx, (index + 1) * rowPx];
        if (top < box.scrollTop) box.scrollTop = top;
        else if (bottom > box.scrollTop + box.clientHeight)
          box.scrollTop = bottom - box.clientHeight;
      },
      [box, rowPx],
    ),
  };
}

/** The same object as before while nothing else is to be drawn: most frames of a slow scroll. */
function spanOf(box: HTMLElement, rowPx: number, known: Span): Span {
  const first = Math.floor(box.scrollTop / rowPx);
  const last = Math.ceil((box.scrollTop + box.clientHeight) / rowPx);
  const isCovered = known.from <= Math.max(0, first - 2) && known.until >= last + 2;
  const isTight = known.until - known.from <= last - first + 4 * MORE_ROWS;
  if (isCovered && isTight) return known;
  return { from: Math.max(0, first - MORE_ROWS), until: last + MORE_ROWS };
}
