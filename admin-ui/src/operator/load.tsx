import { Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats, useNow } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { type Shedding, useShedding, useSwitches } from "./queries.ts";
import { SheddingDialog } from "./shedding-dialog.tsx";
import { type Feature, SwitchDialog } from "./switch-dialog.tsx";

const FEATURES = [
  "planner",
  "models",
  "ocr",
  "media",
  "broadcasts",
  "new-conversations",
] as const satisfies readonly Feature[];

/** The reason of a level that nobody has chosen yet. */
const AS_INSTALLED = "as installed";

/** How far the line is behind, what is shed for it, and what somebody switched off. */
export default function Load() {
  const { t } = useTranslation();
  const formats = useFormats();
  const shedding = useShedding();
  const [isChoosing, setChoosing] = useState(false);
  if (shedding.isError) return <Failure error={shedding.error} retry={() => shedding.refetch()} />;
  if (shedding.data === undefined) return <LoadingRows />;
  const { isAutomatic, level, pressure, waiting, waitSeconds } = shedding.data;
  return (
    <Stack gap="lg">
      <Section
        title={t("load.level", { level })}
        lead={t(isAutomatic ? "load.automatic" : "load.byHand")}
        actions={
          <Button variant="default" onClick={() => setChoosing(true)}>
            {t("load.choose")}
          </Button>
        }
      >
        <Stack gap="sm">
          <Text size="sm">
            {t("load.behind", {
              waiting: formats.number(waiting),
              seconds: formats.number(Math.round(waitSeconds)),
              pressure,
            })}
          </Text>
          <Reason {...shedding.data} />
          <Levels shedding={shedding.data} />
        </Stack>
      </Section>
      <Switches />
      {isChoosing && <SheddingDialog shedding={shedding.data} onClose={() => setChoosing(false)} />}
    </Stack>
  );
}

function Reason({ reason, since }: { readonly reason: string; readonly since: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  return (
    <Text size="sm" className="soft">
      {reason === AS_INSTALLED ? t("load.asInstalled") : reason} ·{" "}
      <time dateTime={since}>{formats.ago(since, now)}</time>
    </Text>
  );
}

/** What each level gives up, and when it begins by itself. */
function Levels({ shedding: { level, thresholds } }: { readonly shedding: Shedding }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <WideTable minWidth={520}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("load.levels")}</Table.Th>
            <Table.Th>{t("load.sheds")}</Table.Th>
            <Table.Th>{t("load.begins")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {thresholds.map(({ waiting, waitSeconds }, at) => {
            const of = (at + 1) as 1 | 2 | 3;
            return (
              <Table.Tr key={of}>
                <Table.Th scope="row">
                  {of}{" "}
                  {level >= of && (
                    <Badge color="yellow" variant="light" tt="none" size="sm">
                      {t("load.inForce")}
                    </Badge>
                  )}
                </Table.Th>
                <Table.Td>{t(`load.sheds.${of}`)}</Table.Td>
                <Table.Td className="tabular">
                  {t("load.threshold", {
                    waiting: formats.number(waiting),
                    seconds: formats.number(waitSeconds),
                  })}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

/** Parts of the product that can be spared, for everybody. */
function Switches() {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  const queries = useQueryClient();
  const board = useSwitches();
  const [changed, setChanged] = useState<{ feature: Feature; isOn: boolean | null }>();
  if (board.isError) return <Failure error={board.error} retry={() => board.refetch()} />;
  if (board.data === undefined) return <LoadingRows rows={3} />;
  const { off, switches } = board.data;
  const button = { size: "xs", variant: "default" } as const;
  return (
    <Section title={t("load.switches")} lead={t("load.switchesLead")}>
      <WideTable minWidth={560}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("load.feature")}</Table.Th>
              <Table.Th>{t("load.standing")}</Table.Th>
              <Table.Th>{t("load.why")}</Table.Th>
              <Table.Th>{t("load.change")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {FEATURES.map((feature) => {
              const set = switches.find(
                (each) => each.feature === feature && each.tenantId === null,
              );
              const tenants = switches.filter(
                (each) => each.feature === feature && each.tenantId !== null,
              ).length;
              const isOff = off.includes(feature);
              return (
                <Table.Tr key={feature}>
                  <Table.Th scope="row">{t(`feature.${feature}`)}</Table.Th>
                  <Table.Td>
                    <Badge color={isOff ? "yellow" : "green"} variant="light" tt="none">
                      {t(isOff ? "load.off" : "load.on")}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm">
                      {set === undefined
                        ? t(isOff ? "load.byLevel" : "load.usual")
                        : `${set.reason} · ${formats.ago(set.since, now)}`}
                    </Text>
                    {tenants > 0 && (
                      <Text size="xs" className="soft">
                        {t("load.tenantsOff", { count: tenants })}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Group gap="xs" wrap="nowrap">
                      <Button
                        {...button}
                        onClick={() => setChanged({ feature, isOn: isOff })}
                        aria-label={`${t(isOff ? "load.turnOn" : "load.turnOff")}: ${t(`feature.${feature}`)}`}
                      >
                        {t(isOff ? "load.turnOn" : "load.turnOff")}
                      </Button>
                      {set !== undefined && (
                        <Button
                          {...button}
                          onClick={() => setChanged({ feature, isOn: null })}
                          aria-label={`${t("load.asUsual")}: ${t(`feature.${feature}`)}`}
                        >
                          {t("load.asUsual")}
                        </Button>
                      )}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </WideTable>
      {changed !== undefined && (
        <SwitchDialog
          {...changed}
          onClose={() => setChanged(undefined)}
          onDone={async () => {
            setChanged(undefined);
            for (const key of ["switches", "health"]) {
              await queries.invalidateQueries({ queryKey: [key] });
            }
          }}
        />
      )}
    </Section>
  );
}
