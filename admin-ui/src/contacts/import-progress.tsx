import { Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { GET } from "../api/api.ts";
import { useFormats } from "../parts/time.ts";

type Import = Schema<"ContactImport">;

const LOOK_EVERY_MS = 1_000;

const isUnderWay = ({ state }: Import) => state === "reading" || state === "taking";

/** How far the file is that is being taken in, also one that was sent before this page was opened. */
export function ImportProgress({ isSending }: { readonly isSending: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data } = useQuery({
    queryKey: ["contact-imports"],
    queryFn: async () =>
      (await GET("/api/v1/contacts/imports", { params: { query: { limit: 5 } } })).data.imports,
    refetchInterval: ({ state }) =>
      isSending || state.data?.some(isUnderWay) === true ? LOOK_EVERY_MS : false,
  });
  const running = data?.find(isUnderWay);
  if (!isSending && running === undefined) return null;
  const done = running === undefined ? 0 : running.created + running.updated + running.skipped;
  const all = running === undefined ? 0 : running.lines - running.badLines;
  const isTaking = running?.state === "taking";
  return (
    <Stack gap={4}>
      <Progress
        value={isTaking && all > 0 ? (100 * done) / all : 100}
        animated
        aria-label={t("contacts.importRunning")}
      />
      <Text size="sm" className="soft" role="status">
        {isTaking
          ? t("contacts.importTaken", { done: formats.number(done), all: formats.number(all) })
          : t("contacts.importRead", { lines: formats.number(running?.lines ?? 0) })}
      </Text>
    </Stack>
  );
}
