import { Badge, Button, Code, Group, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { POST } from "../api/api.ts";
import { More } from "../parts/more.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { type Delivery, useDeliveries, useDelivery, type WebhookKind } from "./webhook-queries.ts";

const COLORS: Readonly<Record<Delivery["state"], string>> = {
  pending: "blue",
  delivered: "green",
  failed: "red",
  cancelled: "gray",
};

/** What was posted to one program, what it answered, and the way to post it again. */
export default function Deliveries({ webhookId }: { readonly webhookId: string }) {
  const { t } = useTranslation();
  const list = useDeliveries(webhookId);
  if (list.isError) return <Failure error={list.error} retry={() => list.refetch()} />;
  if (list.data === undefined) return <LoadingRows rows={2} />;
  if (list.data.length === 0) {
    return (
      <Text size="sm" className="soft" p="xs">
        {t("webhooks.noDeliveries")}
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <WideTable minWidth={520}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("webhooks.when")}</Table.Th>
              <Table.Th>{t("webhooks.event")}</Table.Th>
              <Table.Th>{t("webhooks.state")}</Table.Th>
              <Table.Th>{t("webhooks.attempts")}</Table.Th>
              <Table.Th>{t("webhooks.decide")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.data.map((delivery) => (
              <Row key={delivery.id} webhookId={webhookId} delivery={delivery} />
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <More list={list} />
    </Stack>
  );
}

function Row({ webhookId, delivery }: { readonly webhookId: string; readonly delivery: Delivery }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const { id, kind, state, attempts, happenedAt } = delivery;
  const replay = useMutation({
    mutationFn: () =>
      POST("/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay", {
        params: { path: { webhookId, deliveryId: id } },
      }),
    onError: tellFailure,
    onSuccess: () => {
      tellDone(t("webhooks.replayed"));
      return queries.invalidateQueries({ queryKey: ["webhooks", webhookId] });
    },
  });
  const button = { size: "compact-xs", variant: "default" } as const;
  return (
    <>
      <Table.Tr>
        <Table.Td className="tabular">{formats.long(happenedAt)}</Table.Td>
        <Table.Td>{t(`event.${kind as WebhookKind}`, { defaultValue: kind })}</Table.Td>
        <Table.Td>
          <Badge color={COLORS[state]} variant="light" tt="none">
            {t(`webhooks.delivery.${state}`)}
          </Badge>
        </Table.Td>
        <Table.Td className="tabular">{attempts}</Table.Td>
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <Button {...button} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {t("webhooks.log")}
            </Button>
            <Button {...button} loading={replay.isPending} onClick={() => replay.mutate()}>
              {t("webhooks.replay")}
            </Button>
          </Group>
        </Table.Td>
      </Table.Tr>
      {isOpen && (
        <Table.Tr>
          <Table.Td colSpan={5}>
            <Log webhookId={webhookId} deliveryId={id} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

/** Each attempt, and what was answered. */
function Log({
  webhookId,
  deliveryId,
}: {
  readonly webhookId: string;
  readonly deliveryId: string;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const found = useDelivery(webhookId, deliveryId);
  if (found.isError) return <Failure error={found.error} retry={() => found.refetch()} />;
  if (found.data === undefined) return <LoadingRows rows={1} />;
  if (found.data.log.length === 0) return <Text size="sm">{t("webhooks.noAttempt")}</Text>;
  return (
    <Stack gap="xs">
      {found.data.log.map(({ attempt, attemptedAt, durationMs, status, error, response }) => (
        <div key={attempt}>
          <Text size="sm" className="tabular">
            {attempt}. {formats.long(attemptedAt)} · {formats.number(durationMs)} ms ·{" "}
            {status === null ? t("webhooks.noAnswer") : `HTTP ${status}`}
          </Text>
          {(error ?? response) !== null && (
            <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {error ?? response}
            </Code>
          )}
        </div>
      ))}
    </Stack>
  );
}
