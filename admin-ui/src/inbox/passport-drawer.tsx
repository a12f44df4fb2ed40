import { Badge, Code, Drawer, Group, Stack, Table, Text, Timeline } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Passport } from "../api/types.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { usePassport } from "./queries.ts";

type Event = Passport["events"][number];

/** Everything that happened to one message, from its arrival to its last tick. */
export default function PassportDrawer({
  conversationId,
  messageId,
  onClose,
}: {
  readonly conversationId: string;
  readonly messageId: string | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const passport = usePassport(conversationId, messageId);
  return (
    <Drawer
      opened={messageId !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={t("passport.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {passport.isError && <Failure error={passport.error} retry={() => passport.refetch()} />}
      {passport.isPending && <LoadingRows />}
      {passport.data !== undefined && <Timelined passport={passport.data} />}
    </Drawer>
  );
}

function Timelined({ passport }: { readonly passport: Passport }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const begun = passport.events[0]?.at;
  return (
    <Stack>
      <Group gap="xs">
        <Text size="sm" className="soft">
          {t("passport.id")}
        </Text>
        <Code>{passport.messageId}</Code>
        {passport.state !== null && (
          <Badge variant="light" tt="none">
            {t(`passport.is.${passport.state}`, { defaultValue: passport.state })}
          </Badge>
        )}
      </Group>
      <Timeline bulletSize={14} lineWidth={2} active={passport.events.length}>
        {passport.events.map((event) => (
          <Timeline.Item
            key={`${event.at} ${event.kind} ${JSON.stringify(event.detail)}`}
            title={t(`passport.event.${event.kind}`, { defaultValue: event.kind })}
          >
            <Text size="xs" className="soft tabular">
              {formats.long(event.at)}
              {begun !== undefined && ` · +${elapsed(begun, event.at)}`}
            </Text>
            <Detail event={event} />
          </Timeline.Item>
        ))}
      </Timeline>
      {passport.parts.length > 0 && (
        <Table fz="xs" aria-label={t("passport.parts")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("passport.part")}</Table.Th>
              <Table.Th>{t("passport.state")}</Table.Th>
              <Table.Th>{t("passport.attempts")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {passport.parts.map((part) => (
              <Table.Tr key={part.outboxId}>
                <Table.Td>
                  <Code>{part.outboxId.slice(-12)}</Code>
                </Table.Td>
                <Table.Td>
                  {t(`passport.is.${part.state}`, { defaultValue: part.state })}
                  {part.reason !== null && ` (${part.reason})`}
                </Table.Td>
                <Table.Td>{part.attempts}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}

interface Retrieved {
  readonly passageId: string;
  readonly page: number;
  readonly score: number;
}

function Detail({ event }: { readonly event: Event }) {
  const { t } = useTranslation();
  const say = useSayFact();
  const { passages, ...others } = event.detail;
  const found = Array.isArray(passages) ? (passages as readonly Retrieved[]) : [];
  const facts = toFacts(others);
  return (
    <>
      {facts.length > 0 && (
        <Text size="xs" component="dl" m={0}>
          {facts.map(([name, value]) => (
            <div key={name} style={{ overflowWrap: "anywhere" }}>
              <dt style={{ display: "inline" }} className="soft">
                {t(`passport.fact.${name}`, { defaultValue: name })}:{" "}
              </dt>
              <dd style={{ display: "inline", margin: 0 }}>{say(value)}</dd>
            </div>
          ))}
        </Text>
      )}
      {found.length > 0 && (
        <Table fz="xs" mt={4} aria-label={t("passport.passages")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("passport.passage")}</Table.Th>
              <Table.Th>{t("passport.page")}</Table.Th>
              <Table.Th>{t("passport.score")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map(({ passageId, page, score }) => (
              <Table.Tr key={passageId}>
                <Table.Td>
                  <Code>{passageId.slice(-12)}</Code>
                </Table.Td>
                <Table.Td>{page}</Table.Td>
                <Table.Td className="tabular">{score.toFixed(3)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}

/** Each fact by itself, those within another too. */
function toFacts(
  detail: Readonly<Record<string, unknown>>,
): readonly (readonly [string, unknown])[] {
  return Object.entries(detail).flatMap(
    ([name, value]): readonly (readonly [string, unknown])[] => {
      if (value === null || value === undefined) return [];
      if (typeof value !== "object" || Array.isArray(value)) return [[name, value]];
      return toFacts(value as Readonly<Record<string, unknown>>);
    },
  );
}

function useSayFact(): (value: unknown) => string {
  const { t } = useTranslation();
  return (value) => {
    if (typeof value === "boolean") return t(value ? "passport.yes" : "passport.no");
    if (Array.isArray(value)) return value.map(String).join(", ");
    return String(value);
  };
}

function elapsed(from: string, to: string): string {
  const ms = new Date(to).getTime() - new Date(from).getTime();
  return ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1_000)} s`;
}
