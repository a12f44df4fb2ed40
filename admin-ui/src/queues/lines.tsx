import { Badge, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import type { Queue } from "../api/types.ts";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats, useNow } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import { Pauses } from "./pauses.tsx";

const PauseDialog = lazy(() => import("./pause-dialog.tsx"));

/** A message waits this long at most when all is well. */
const LATE_MS = 60_000;

/** The line of each bot: what came in, is being answered, goes out. */
export function Lines({ onLetters }: { readonly onLetters: (() => void) | undefined }) {
  const { t } = useTranslation();
  const { role, person } = useSigned();
  const [paused, setPaused] = useState<Queue>();
  const mayPause = role === "owner" || role === "editor" || person.platformRole !== null;
  const queues = useQuery({
    queryKey: ["queues"],
    refetchInterval: 10_000,
    queryFn: async () => (await GET("/api/v1/queues")).data.queues,
  });
  if (queues.isError) return <Failure error={queues.error} retry={() => queues.refetch()} />;
  if (queues.data === undefined) return <LoadingRows height={130} rows={3} />;
  if (queues.data.length === 0) {
    return (
      <Empty icon="queues" title={t("queues.noBots")}>
        {t("queues.noBotsHint")}
      </Empty>
    );
  }
  return (
    <>
      <Pauses queues={queues.data} mayLift={mayPause} />
      {queues.data.map((queue) => (
        <Line
          key={queue.botId}
          queue={queue}
          onPause={mayPause ? () => setPaused(queue) : undefined}
          onLetters={onLetters}
        />
      ))}
      <Suspense fallback={null}>
        {paused !== undefined && (
          <PauseDialog queue={paused} onClose={() => setPaused(undefined)} />
        )}
      </Suspense>
    </>
  );
}

function Line({
  queue,
  onPause,
  onLetters,
}: {
  readonly queue: Queue;
  readonly onPause: (() => void) | undefined;
  readonly onLetters: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { inbox, outbox, perMinute, held } = queue;
  const backlogs = [
    ["queues.inbox", inbox],
    ["queues.person", outbox.person],
    ["queues.reply", outbox.reply],
    ["queues.broadcast", outbox.broadcast],
  ] as const;
  return (
    <Paper p="md" className="sheet" component="section" aria-label={queue.name}>
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={2} size="h5">
            {queue.name}
          </Title>
          <Text size="xs" className="soft">
            {t(`channel.${queue.channel}`)} ·{" "}
            {t("queues.rates", {
              received: formats.number(perMinute.received),
              answered: formats.number(perMinute.answered),
              sent: formats.number(perMinute.sent),
            })}
          </Text>
        </div>
        <Group gap="xs">
          {held.map((hold) => (
            <Badge key={hold.kind} color="yellow" variant="light" tt="none">
              {t(`queues.held.${hold.kind}`, { defaultValue: hold.kind })}
            </Badge>
          ))}
          {queue.deadLetters + queue.unknown > 0 && onLetters !== undefined && (
            <Button size="xs" color="red" variant="light" onClick={onLetters}>
              {t("queues.undecided", { count: queue.deadLetters + queue.unknown })}
            </Button>
          )}
          {onPause !== undefined && (
            <Button size="xs" variant="default" onClick={onPause}>
              {t("queues.pause")}
            </Button>
          )}
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm" component="dl" m={0}>
        {backlogs.map(([name, backlog]) => (
          <Backlog key={name} name={t(name)} {...backlog} />
        ))}
      </SimpleGrid>
    </Paper>
  );
}

function Backlog({
  name,
  count,
  oldestAt,
}: {
  readonly name: string;
  readonly count: number;
  readonly oldestAt: string | null;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(10_000);
  const isLate = oldestAt !== null && now - new Date(oldestAt).getTime() > LATE_MS;
  return (
    <Stack gap={0}>
      <Text size="xs" className="soft" component="dt">
        {name}
      </Text>
      <Text fz={22} fw={600} className="tabular" component="dd" m={0} lh={1.3}>
        {formats.number(count)}
      </Text>
      <Text size="xs" component="dd" m={0} c={isLate ? "red" : "var(--soft)"}>
        {oldestAt === null
          ? t("queues.nothing")
          : t("queues.oldest", { ago: formats.ago(oldestAt, now) })}
      </Text>
    </Stack>
  );
}
