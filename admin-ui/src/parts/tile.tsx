import { Paper, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** Figures side by side; each is a `Tile`. */
export function Tiles({ children }: { readonly children: ReactNode }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm" component="dl" m={0}>
      {children}
    </SimpleGrid>
  );
}

export function Tile({
  name,
  value,
  hint,
}: {
  readonly name: string;
  readonly value: string;
  readonly hint?: string | undefined;
}) {
  return (
    <Paper p="sm" className="sheet">
      <Text size="xs" className="soft" component="dt">
        {name}
      </Text>
      <Text fz={26} fw={600} className="tabular" component="dd" m={0} lh={1.3}>
        {value}
      </Text>
      {hint !== undefined && (
        <Text size="xs" className="soft tabular" component="dd" m={0}>
          {hint}
        </Text>
      )}
    </Paper>
  );
}
