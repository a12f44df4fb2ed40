import { Box, Group, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

/** The frame of a view: names it for people, for the tab, and for whoever hears the page. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  useTitle(title);
  return (
    <Box p={{ base: "md", sm: "xl" }} maw={1180} mx="auto">
      <Group justify="space-between" align="flex-end" mb="lg" gap="sm">
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          {lead !== undefined && <Text className="soft">{lead}</Text>}
        </div>
        {actions}
      </Group>
      {children}
    </Box>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Pregonero`;
  }, [title]);
}
