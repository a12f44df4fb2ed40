import { Button, Center, Code, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { Icon, type IconName } from "./icon.tsx";

/** Nothing is here, and what a person may do about it. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <Center p="xl" mih={220}>
      <Stack align="center" gap="xs" maw={420} ta="center">
        <Text c="brick" component="span">
          <Icon name={icon} size={36} />
        </Text>
        <Title order={2} size="h4">
          {title}
        </Title>
        {children !== undefined && (
          <Text size="sm" className="soft">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

/** What failed, in the reader's words, with the id by which an operator finds it. */
export function Failure({
  error,
  retry,
}: {
  readonly error: unknown;
  readonly retry?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const problem = isProblem(error) ? error : undefined;
  const isOffline = problem?.status === 0;
  const isRefused = problem?.status === 403;
  return (
    <Center p="xl" mih={220} role="alert">
      <Stack align="center" gap="xs" maw={460} ta="center">
        <Text c="brick" component="span">
          <Icon name={isOffline ? "offline" : "warning"} size={36} />
        </Text>
        <Title order={2} size="h4">
          {t(isOffline ? "state.offline" : isRefused ? "state.refused" : "state.failed")}
        </Title>
        <Text size="sm" className="soft">
          {isOffline ? t("state.offlineHint") : (problem?.message ?? t("state.failedHint"))}
        </Text>
        {problem?.requestId !== undefined && (
          <Text size="xs" className="soft">
            {t("state.request")} <Code>{problem.requestId}</Code>
          </Text>
        )}
        {retry !== undefined && (
          <Button variant="default" size="sm" onClick={retry}>
            {t("state.retry")}
          </Button>
        )}
      </Stack>
    </Center>
  );
}

export function LoadingRows({ rows = 6, height = 56 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  const places = Array.from({ length: rows }, (_, at) => `row-${at}`);
  return (
    <Stack gap="xs" p="md" role="status" aria-label={t("state.loading")}>
      {places.map((place) => (
        <Skeleton key={place} height={height} radius="md" />
      ))}
    </Stack>
  );
}
