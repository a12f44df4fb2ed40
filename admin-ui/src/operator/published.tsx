import { Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { DELETE } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { More } from "../parts/more.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats, useNow } from "../parts/time.ts";
import { type Announcement, usePublished } from "./queries.ts";

const Announce = lazy(() => import("./announce.tsx"));
const COLORS = { info: "blue", warning: "yellow", critical: "red" } as const;

/** What the installation tells its institutions' people. */
export default function Published() {
  const { t } = useTranslation();
  const list = usePublished();
  const [isWriting, setWriting] = useState(false);
  return (
    <Section
      title={t("operator.tab.announcements")}
      lead={t("announce.lead")}
      actions={
        <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setWriting(true)}>
          {t("announce.add")}
        </Button>
      }
    >
      <Stack>
        {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
        {list.isPending && <LoadingRows rows={2} />}
        {list.data?.length === 0 && (
          <Empty icon="campaigns" title={t("announce.none")}>
            {t("announce.noneHint")}
          </Empty>
        )}
        {list.data?.map((announcement) => (
          <Card key={announcement.id} announcement={announcement} />
        ))}
        <More list={list} />
      </Stack>
      <Suspense fallback={null}>
        {isWriting && <Announce onClose={() => setWriting(false)} />}
      </Suspense>
    </Section>
  );
}

function Card({ announcement }: { readonly announcement: Announcement }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  const queries = useQueryClient();
  const { id, texts, severity, from, until, tenants, withdrawnAt, readBy } = announcement;
  const text = texts[i18n.language] ?? Object.values(texts)[0];
  const isOver = withdrawnAt !== null || (until !== null && new Date(until).getTime() < now);
  const withdraw = useMutation({
    mutationFn: () =>
      DELETE("/api/v1/platform/announcements/{announcementId}", {
        params: { path: { announcementId: id } },
      }),
    onError: tellFailure,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["announcements"] }),
  });
  return (
    <Paper p="sm" withBorder>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div style={{ minWidth: 0, flex: "1 1 220px" }}>
          <Group gap="xs">
            <Title order={3} size="h6">
              {text?.title}
            </Title>
            <Badge color={isOver ? "gray" : COLORS[severity]} variant="light" tt="none" size="sm">
              {t(isOver ? "announce.over" : `announce.severity.${severity}`)}
            </Badge>
          </Group>
          <Text size="sm" className="prose">
            {text?.body}
          </Text>
          <Text size="xs" className="soft">
            {[
              formats.long(from),
              until === null ? undefined : t("announce.until", { at: formats.long(until) }),
              tenants === null
                ? t("announce.toAll")
                : t("announce.toSome", { count: tenants.length }),
              t("announce.readBy", { count: readBy }),
            ]
              .filter((part) => part !== undefined)
              .join(" · ")}
          </Text>
        </div>
        {!isOver && (
          <Button
            size="xs"
            variant="default"
            loading={withdraw.isPending}
            onClick={() => withdraw.mutate()}
          >
            {t("announce.withdraw")}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
