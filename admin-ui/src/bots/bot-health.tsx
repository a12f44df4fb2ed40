import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { useHealthWords } from "../parts/health-words.ts";
import { Icon } from "../parts/icon.tsx";
import { useFormats, useNow } from "../parts/time.ts";

const LOOK_EVERY_MS = 60_000;
const LOOKS = {
  ok: ["tick", "green"],
  degraded: ["warning", "yellow"],
  down: ["warning", "red"],
  unknown: ["question", "dimmed"],
} as const;

/** What its network says of a bot that is no session, and what a person does about it. */
export default function BotHealth({ botId }: { readonly botId: string }) {
  const { t } = useTranslation();
  const words = useHealthWords();
  const formats = useFormats();
  const now = useNow(LOOK_EVERY_MS);
  const health = useQuery({
    queryKey: ["health"],
    refetchInterval: LOOK_EVERY_MS,
    queryFn: async () => (await GET("/api/v1/health")).data,
  });
  const seen = health.data?.components.find(({ kind, id }) => kind === "bot" && id === botId);
  // A web chat has no network that could be asked.
  if (seen === undefined || seen.code === "bot-unasked") return null;
  const [icon, color] = LOOKS[seen.state];
  const isWell = seen.state === "ok";
  const toDo = isWell ? undefined : words.toDo(seen);
  return (
    <div>
      <Group gap={6} mt="xs" wrap="nowrap" align="flex-start">
        <Text component="span" c={color} lh={1} mt={2}>
          <Icon name={icon} size={17} />
        </Text>
        <Text size="sm">
          {words.said(seen)}{" "}
          <Text component="span" size="xs" className="soft" title={formats.long(seen.since)}>
            {t("bots.since", { ago: formats.ago(seen.since, now) })}
          </Text>
        </Text>
      </Group>
      {toDo !== undefined && (
        <Text size="sm" fw={600} mt={4}>
          {toDo}
        </Text>
      )}
    </div>
  );
}
