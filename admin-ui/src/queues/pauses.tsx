import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { DELETE, GET } from "../api/api.ts";
import type { Queue } from "../api/types.ts";
import { Icon } from "../parts/icon.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats, useNow } from "../parts/time.ts";

/** What is paused, by whom, why, and the way to let it go on. */
export function Pauses({
  queues,
  mayLift,
}: {
  readonly queues: readonly Queue[];
  readonly mayLift: boolean;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const formats = useFormats();
  const now = useNow(60_000);
  const pauses = useQuery({
    queryKey: ["pauses"],
    queryFn: async () => (await GET("/api/v1/pauses")).data.pauses,
  });
  const lift = useMutation({
    mutationFn: (pauseId: string) =>
      DELETE("/api/v1/pauses/{pauseId}", { params: { path: { pauseId } } }),
    onError: tellFailure,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["pauses"] });
      await client.invalidateQueries({ queryKey: ["queues"] });
    },
  });
  return (
    <Stack gap="xs">
      {pauses.data?.map(({ id, botId, channel, stops, reason, since, isPlatforms }) => (
        <Alert key={id} color="yellow" variant="light" icon={<Icon name="pause" />} py="xs">
          <Group justify="space-between">
            <div>
              <Text size="sm" fw={600}>
                {queues.find((queue) => queue.botId === botId)?.name ??
                  (channel === null ? t("queues.everything") : t(`channel.${channel}`))}
                : {t(`queues.stops.${stops}`)}
              </Text>
              <Text size="sm">
                {reason} · {formats.ago(since, now)}
                {isPlatforms && ` · ${t("queues.platforms")}`}
              </Text>
            </div>
            {mayLift && (
              <Button
                size="xs"
                variant="default"
                loading={lift.isPending && lift.variables === id}
                onClick={() => lift.mutate(id)}
              >
                {t("queues.resume")}
              </Button>
            )}
          </Group>
        </Alert>
      ))}
    </Stack>
  );
}
