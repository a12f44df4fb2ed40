import { Group, Paper, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** A part of a view, under a heading of its own. */
export function Section({
  title,
  lead,
  actions,
  children,
}: {
  readonly title: string;
  readonly lead?: string | undefined;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}) {
  const id = useId();
  return (
    <Paper p="md" className="sheet" component="section" aria-labelledby={id}>
      <Group
        justify="space-between"
        align="flex-start"
        mb={children === undefined ? 0 : "sm"}
        gap="sm"
      >
        <div style={{ minWidth: 0, flex: "1 1 220px" }}>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {lead !== undefined && (
            <Text size="sm" className="soft">
              {lead}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}
