import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import classes from "./long-list.module.css";

const READ_AHEAD_ROWS = 20;
/** Above and below what is seen, so that a flick of a finger meets no gap. */
const MORE_ROWS = 10;

/** Of the link that fills a row, and of what stands in it. */
export const longListRow = classes.row;
export const rowParts = {
  line: classes.line,
  foot: classes.foot,
  title: classes.title,
  small: classes.small,
  smallCut: `${classes.small} ${classes.cut}`,
};

/** What is read page after page, of which only the rows exist that the screen shows; more is read ahead of the eye. */
export function LongList<Item>({
  items,
  rowPx,
  keyOf,
  selectedKey,
  more: { hasNextPage, isFetchingNextPage, fetchNextPage },
  children,
}: {
  readonly items: readonly Item[];
  readonly rowPx: number;
  readonly keyOf: (item: Item) => string;
  /** It is scrolled into view when it changes. */
  readonly selectedKey: string | undefined;
  readonly more: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly children: (item: Item) => ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: MORE_ROWS,
    getItemKey: (at) => {
      const item = items[at];
      return item === undefined ? at : keyOf(item);
    },
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= items.length - READ_AHEAD_ROWS) {
      void fetchNextPage();
    }
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const selectedAt = items.findIndex((item) => keyOf(item) === selectedKey);
  useEffect(() => {
    if (selectedAt >= 0) rows.scrollToIndex(selectedAt, { align: "auto" });
  }, [selectedAt, rows]);
  return (
    <div ref={box} className={classes.box}>
      <ul className={classes.places} style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start, key }) => {
          const item = items[index];
          return (
            item !== undefined && (
              <li
                key={key}
                className={classes.place}
                style={{ height: rowPx, transform: `translateY(${start}px)` }}
              >
                {children(item)}
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
