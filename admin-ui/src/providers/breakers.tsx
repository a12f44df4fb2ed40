import { Badge, Button, Code, NumberInput, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { POST } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { ReasonField } from "../parts/reason-field.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats, useNow } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { type Breaker, useBreakers } from "./queries.ts";

const COLORS = { closed: "green", "half-open": "yellow", open: "red", held: "red" } as const;
const USUAL_MINUTES = 60;
const MOST_MINUTES = 1_440;

/** Models that are left alone, why and until when; an order holds in all processes. */
export default function Breakers() {
  const { t } = useTranslation();
  const list = useBreakers();
  const [ordered, setOrdered] = useState<Breaker>();
  return (
    <Section title={t("breakers.title")} lead={t("breakers.lead")}>
      {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
      {list.isPending && <LoadingRows rows={3} />}
      {list.data?.length === 0 && (
        <Empty icon="queues" title={t("breakers.none")}>
          {t("breakers.noneHint")}
        </Empty>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <WideTable minWidth={620}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("breakers.model")}</Table.Th>
                <Table.Th>{t("breakers.state")}</Table.Th>
                <Table.Th>{t("breakers.failures")}</Table.Th>
                <Table.Th>{t("breakers.order")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.data.map((breaker) => (
                <Row key={breaker.model} breaker={breaker} onOrder={() => setOrdered(breaker)} />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {ordered !== undefined && (
        <OrderDialog breaker={ordered} onClose={() => setOrdered(undefined)} />
      )}
    </Section>
  );
}

const isResting = ({ state }: Breaker) => state === "open" || state === "held";

function Row({ breaker, onOrder }: { readonly breaker: Breaker; readonly onOrder: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(30_000);
  const { model, state, since, until, failures, failedWith, succeededAt, order } = breaker;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <Code>{model}</Code>
      </Table.Th>
      <Table.Td>
        <Badge color={COLORS[state]} variant="light" tt="none">
          {t(`breakers.state.${state}`)}
        </Badge>
        <Text size="xs" className="soft">
          {until === null
            ? formats.ago(since, now)
            : t("breakers.until", { at: formats.long(until) })}
        </Text>
        {state === "held" && order !== null && <Text size="xs">{order.reason}</Text>}
      </Table.Td>
      <Table.Td>
        <Text size="sm" className="tabular">
          {formats.number(failures)} {failedWith !== null && <Code>{failedWith}</Code>}
        </Text>
        <Text size="xs" className="soft">
          {succeededAt === null
            ? t("breakers.neverSucceeded")
            : t("breakers.succeeded", { ago: formats.ago(succeededAt, now) })}
        </Text>
      </Table.Td>
      <Table.Td>
        <Button
          size="xs"
          variant="default"
          onClick={onOrder}
          aria-label={`${t(isResting(breaker) ? "breakers.reset" : "breakers.trip")}: ${model}`}
        >
          {t(isResting(breaker) ? "breakers.reset" : "breakers.trip")}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

function OrderDialog({
  breaker,
  onClose,
}: {
  readonly breaker: Breaker;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { model } = breaker;
  const isReset = isResting(breaker);
  const order = useMutation({
    mutationFn: (body: Schema<"BreakerOrderRequest">) => POST("/api/v1/breakers/orders", { body }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      for (const key of ["breakers", "models", "health"]) {
        await queries.invalidateQueries({ queryKey: [key] });
      }
    },
  });
  const submit = (form: FormData) => {
    const reason = textOf(form, "reason");
    if (isReset) order.mutate({ order: "reset", model, reason });
    else order.mutate({ order: "trip", model, reason, minutes: Number(textOf(form, "minutes")) });
  };
  return (
    <FormDialog
      title={`${t(isReset ? "breakers.reset" : "breakers.trip")}: ${model}`}
      lead={t(isReset ? "breakers.resetHint" : "breakers.tripHint")}
      submit={t(isReset ? "breakers.reset" : "breakers.trip")}
      isBusy={order.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      {!isReset && (
        <NumberInput
          name="minutes"
          label={t("breakers.minutes")}
          defaultValue={USUAL_MINUTES}
          min={1}
          max={MOST_MINUTES}
          allowDecimal={false}
          thousandSeparator={false}
        />
      )}
      <ReasonField />
    </FormDialog>
  );
}
