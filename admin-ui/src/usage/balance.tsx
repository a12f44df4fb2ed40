import { Alert, Button, Group, Stack, Table, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { withWords } from "../i18n/i18n.ts";
import { More } from "../parts/more.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { Tile, Tiles } from "../parts/tile.tsx";
import { useFormats } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { useSigned } from "../shell/session.ts";
import { useTenant } from "../shell/tenant.ts";
import { useBalance, useTransactions } from "./queries.ts";

const TopUp = lazy(() => import("./top-up.tsx"));
const Thresholds = lazy(() => import("./thresholds.tsx"));
const Budgets = lazy(() => withWords(import("./budgets.tsx"), "budgets"));
const OwnPlan = lazy(() => withWords(import("./own-plan.tsx"), "plans"));

/** What is prepaid, what of the plan and of each budget is used, when lowness is told, and each line of the ledger. */
export default function Balance() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { role, person } = useSigned();
  const { data: tenant } = useTenant();
  const balance = useBalance();
  const [asking, setAsking] = useState<"top-up" | "thresholds">();
  const close = () => setAsking(undefined);
  const statement = useMutation({
    mutationFn: async () => {
      const { data } = await GET("/api/v1/balance/statement.csv", {
        parseAs: "blob",
        timeoutMs: 120_000,
      });
      saveFile(data, "statement.csv");
    },
    onError: tellFailure,
  });
  if (balance.isError) return <Failure error={balance.error} retry={() => balance.refetch()} />;
  if (balance.data === undefined) return <LoadingRows rows={3} />;
  const { balanceMicroUsd, reservedMicroUsd, thresholdsMicroUsd, asksModels } = balance.data;
  return (
    <Stack gap="lg">
      {!asksModels && (
        <Alert color="red" variant="light" role="alert">
          {t("balance.exhausted")}
        </Alert>
      )}
      <Tiles>
        <Tile
          name={t("balance.left")}
          value={balanceMicroUsd === null ? "–" : formats.money(balanceMicroUsd)}
          hint={balanceMicroUsd === null ? t("balance.after") : undefined}
        />
        <Tile name={t("balance.reserved")} value={formats.money(reservedMicroUsd)} />
        <Tile
          name={t("balance.thresholds")}
          value={
            thresholdsMicroUsd.length === 0 ? "–" : formats.money(Math.max(...thresholdsMicroUsd))
          }
          hint={thresholdsMicroUsd.map((each) => formats.money(each)).join(" · ")}
        />
      </Tiles>
      <Suspense fallback={<LoadingRows rows={4} />}>
        <OwnPlan />
        <Budgets />
      </Suspense>
      <Section
        title={t("balance.ledger")}
        actions={
          <Group gap="xs">
            {role === "owner" && (
              <Button variant="default" onClick={() => setAsking("thresholds")}>
                {t("balance.setThresholds")}
              </Button>
            )}
            <Button
              variant="default"
              loading={statement.isPending}
              onClick={() => statement.mutate()}
            >
              {t("balance.statement")}
            </Button>
            {person.platformRole === "platform-admin" && (
              <Button onClick={() => setAsking("top-up")}>{t("topUp.title")}</Button>
            )}
          </Group>
        }
      >
        <Ledger />
      </Section>
      <Suspense fallback={null}>
        {asking === "top-up" && tenant !== undefined && <TopUp tenant={tenant} onClose={close} />}
        {asking === "thresholds" && <Thresholds now={thresholdsMicroUsd} onClose={close} />}
      </Suspense>
    </Stack>
  );
}

function Ledger() {
  const { t } = useTranslation();
  const formats = useFormats();
  const list = useTransactions();
  if (list.isError) return <Failure error={list.error} retry={() => list.refetch()} />;
  if (list.data === undefined) return <LoadingRows />;
  if (list.data.length === 0) {
    return (
      <Empty icon="timeline" title={t("balance.none")}>
        {t("balance.noneHint")}
      </Empty>
    );
  }
  return (
    <Stack>
      <WideTable minWidth={560}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("balance.when")}</Table.Th>
              <Table.Th>{t("balance.what")}</Table.Th>
              <Table.Th ta="right">{t("balance.amount")}</Table.Th>
              <Table.Th ta="right">{t("balance.afterIt")}</Table.Th>
              <Table.Th>{t("balance.reference")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.data.map((line) => (
              <Table.Tr key={line.id}>
                <Table.Td className="tabular">{formats.long(line.happenedAt)}</Table.Td>
                <Table.Td>{t(`balance.kind.${line.kind}`)}</Table.Td>
                <Table.Td ta="right" className="tabular">
                  {formats.money(line.amountMicroUsd)}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {formats.money(line.balanceMicroUsd)}
                </Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>
                  <Text size="sm">{line.reference ?? "–"}</Text>
                  {line.note !== null && (
                    <Text size="xs" className="soft">
                      {line.note}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <More list={list} />
    </Stack>
  );
}
