import {
  Alert,
  Badge,
  Group,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { isTrouble, useHealthWords } from "../parts/health-words.ts";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import { useTenant } from "../shell/tenant.ts";
import { Announcements } from "./announcements.tsx";
import { Editions } from "./editions.tsx";
import { StartCard } from "./start-card.tsx";
import { Tiles } from "./tiles.tsx";

const DaysChart = lazy(() => import("./days-chart.tsx"));

const RANGES = [7, 30, 90] as const;
const DAY_MS = 86_400_000;

/** Today at a glance, and the days before it. */
export function Home() {
  const { t } = useTranslation();
  const { tenantId, role } = useSigned();
  const formats = useFormats();
  const { data: tenant } = useTenant();
  const readsFigures = tenantId !== undefined && role !== "agent";
  return (
    <Page
      title={t("home.title")}
      lead={formats.weekday(new Date().toISOString(), tenant?.timeZone)}
    >
      <Stack gap="lg">
        <Announcements />
        {(role === "owner" || role === "editor") && <StartCard />}
        {readsFigures && <Figures />}
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          {role !== undefined && role !== "editor" && <Waiting />}
          {role !== "agent" && role !== "viewer" && <Health />}
          {readsFigures && <Editions />}
        </SimpleGrid>
      </Stack>
    </Page>
  );
}

/** The last `count` days up to today, as the tenant's clock counts them. Sweden writes ISO 8601. */
function lastDays(count: number, timeZone: string | undefined): readonly string[] {
  const { format } = new Intl.DateTimeFormat("sv-SE", { timeZone });
  return Array.from({ length: count }, (_, at) => format(Date.now() - (count - 1 - at) * DAY_MS));
}

function Figures() {
  const { t } = useTranslation();
  const [days, setDays] = useState<number>(RANGES[0]);
  const { data: tenant } = useTenant();
  const [compareFrom, ...range] = lastDays(2 * days, tenant?.timeZone);
  const shown = range.slice(days - 1);
  const figures = useQuery({
    queryKey: ["analytics", shown[0], shown.at(-1)],
    enabled: tenant !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    queryFn: async () => {
      const query = {
        from: shown[0] ?? "",
        to: shown.at(-1) ?? "",
        by: "day" as const,
        compareFrom,
      };
      return (await GET("/api/v1/analytics", { params: { query } })).data;
    },
  });
  if (figures.isError) return <Failure error={figures.error} retry={() => figures.refetch()} />;
  if (figures.data === undefined) return <LoadingRows rows={3} height={90} />;
  const { total, before, entries } = figures.data;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("home.figures")}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t("home.range")}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          data={RANGES.map((range) => ({
            value: String(range),
            label: t("home.days", { count: range }),
          }))}
        />
      </Group>
      <Tiles total={total} before={before} />
      <Paper p="md" className="sheet">
        {total.messages === 0 ? (
          <Empty icon="inbox" title={t("home.nothing")}>
            {t("home.nothingHint")}
          </Empty>
        ) : (
          <Suspense fallback={<LoadingRows rows={1} height={240} />}>
            <DaysChart entries={entries} days={shown} />
          </Suspense>
        )}
      </Paper>
    </Stack>
  );
}

/** Who waits for a person now. */
function Waiting() {
  const { t } = useTranslation();
  const formats = useFormats();
  const waiting = useQuery({
    queryKey: ["queues", "waiting-for-person"],
    queryFn: async () => {
      const query = { state: "waiting-for-person" as const, limit: 6 };
      return (await GET("/api/v1/conversations", { params: { query } })).data.conversations;
    },
  });
  return (
    <Paper p="md" className="sheet" component="section" aria-labelledby="waiting">
      <Title order={2} size="h4" id="waiting" mb="sm">
        {t("home.waiting")}
      </Title>
      {waiting.isError && <Failure error={waiting.error} retry={() => waiting.refetch()} />}
      {waiting.isPending && <LoadingRows rows={2} />}
      {waiting.data?.length === 0 && (
        <Text size="sm" className="soft">
          {t("home.nobodyWaits")}
        </Text>
      )}
      <Stack gap={4}>
        {waiting.data?.map(({ conversationId, contact, asked, bot }) => (
          <Link
            key={conversationId}
            to="/inbox/$conversationId"
            params={{ conversationId }}
            style={{ color: "inherit" }}
          >
            <Text size="sm" component="span" fw={600}>
              {contact?.name ?? t("home.nameless")}
            </Text>{" "}
            <Text size="xs" component="span" className="soft">
              {bot.name}
              {asked !== null && ` · ${formats.ago(asked.at, Date.now())}`}
            </Text>
          </Link>
        ))}
      </Stack>
    </Paper>
  );
}

const HEALTH_COLORS = { ok: "green", degraded: "yellow", down: "red", unknown: "gray" } as const;
const SHOWN_KINDS = ["bot", "session", "provider", "queue"];

/** What is not well, and what a person does about it. */
function Health() {
  const { t } = useTranslation();
  const words = useHealthWords();
  const health = useQuery({
    queryKey: ["health"],
    refetchInterval: 30_000,
    queryFn: async () => (await GET("/api/v1/health")).data,
  });
  const shown = health.data?.components.filter(
    (component) => isTrouble(component) || SHOWN_KINDS.includes(component.kind),
  );
  const states = shown?.map(({ state }) => state) ?? [];
  // What cannot be asked is no trouble.
  const worst = states.includes("down") ? "down" : states.includes("degraded") ? "degraded" : "ok";
  return (
    <Paper p="md" className="sheet" component="section" aria-labelledby="health">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4" id="health">
          {t("home.health")}
        </Title>
        {health.data !== undefined && (
          <Badge color={HEALTH_COLORS[worst]} variant="light" tt="none">
            {t(`health.${worst}`)}
          </Badge>
        )}
      </Group>
      {health.isError && <Failure error={health.error} retry={() => health.refetch()} />}
      {health.isPending && <LoadingRows rows={3} />}
      <Stack gap="xs">
        {shown?.map((component) => {
          const { kind, id, state } = component;
          const toDo = words.toDo(component);
          return !isTrouble(component) ? (
            <Group key={`${kind} ${id}`} gap="xs" wrap="nowrap">
              <Text c={HEALTH_COLORS[state]} component="span" lh={1}>
                <Icon name={state === "ok" ? "tick" : "question"} size={16} />
              </Text>
              <Text size="sm" truncate>
                {words.name(component)}
              </Text>
              <Text size="xs" className="soft" truncate flex={1}>
                {words.said(component)}
              </Text>
            </Group>
          ) : (
            <Alert
              key={`${kind} ${id}`}
              color={HEALTH_COLORS[state]}
              variant="light"
              title={words.name(component)}
              icon={<Icon name="warning" />}
              py="xs"
            >
              <Text size="sm">{words.said(component)}</Text>
              {words.verbatim(component) !== undefined && (
                <Text size="xs" lang="en">
                  {words.verbatim(component)}
                </Text>
              )}
              {toDo !== undefined && (
                <Text size="sm" fw={600}>
                  {toDo}
                </Text>
              )}
            </Alert>
          );
        })}
      </Stack>
    </Paper>
  );
}
