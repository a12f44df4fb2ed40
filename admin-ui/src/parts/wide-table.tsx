import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A table that is pushed sideways where it does not fit, by keyboard too. */
export function WideTable({
  minWidth,
  children,
}: {
  readonly minWidth: number;
  readonly children: ReactNode;
}) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ type: "auto", viewportProps: { tabIndex: 0 } }}
    >
      {children}
    </Table.ScrollContainer>
  );
}
