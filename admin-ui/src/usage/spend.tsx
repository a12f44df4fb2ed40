import { Code, Progress, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { Tile, Tiles } from "../parts/tile.tsx";
import { useFormats } from "../parts/time.ts";
import { DayBars } from "./day-bars.tsx";
import { useBotNames, useUsage } from "./queries.ts";
import { lastUtcDays, sumUsage, type UsageSum } from "./sum-usage.ts";

/** What models cost: by day, by model, by bot. */
export function Spend({ days }: { readonly days: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const names = useBotNames();
  const range = lastUtcDays(days, Date.now());
  const usage = useUsage(range[0] ?? "", range.at(-1) ?? "");
  if (usage.isError) return <Failure error={usage.error} retry={() => usage.refetch()} />;
  if (usage.data === undefined) return <LoadingRows rows={4} height={90} />;
  const [total] = sumUsage(usage.data, () => "total");
  const byDay = new Map(sumUsage(usage.data, ({ day }) => day).map((sum) => [sum.key, sum]));
  return (
    <Stack gap="lg">
      {total === undefined ? (
        <Empty icon="timeline" title={t("usage.none")}>
          {t("usage.noneHint")}
        </Empty>
      ) : (
        <>
          <Tiles>
            <Tile name={t("usage.cost")} value={formats.money(total.costMicroUsd)} />
            <Tile name={t("usage.calls")} value={formats.number(total.calls)} />
            <Tile name={t("usage.tokens")} value={formats.number(total.tokens)} />
            {total.unpricedCalls > 0 && (
              <Tile
                name={t("usage.unpriced")}
                value={formats.number(total.unpricedCalls)}
                hint={t("usage.unpricedHint")}
              />
            )}
          </Tiles>
          <Section title={t("usage.byDay")} lead={t("usage.utc")}>
            <DayBars
              days={range.map((day) => ({ day, value: byDay.get(day)?.costMicroUsd ?? 0 }))}
            />
          </Section>
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
            <Sums
              title={t("usage.byModel")}
              sums={sumUsage(usage.data, ({ model }) => model)}
              nameOf={(key) => key}
              isCode
            />
            <Sums
              title={t("usage.byBot")}
              sums={sumUsage(usage.data, ({ botId }) => botId ?? "")}
              nameOf={(key) => (key === "" ? t("usage.program") : (names.get(key) ?? key))}
            />
          </SimpleGrid>
        </>
      )}
    </Stack>
  );
}

function Sums({
  title,
  sums,
  nameOf,
  isCode = false,
}: {
  readonly title: string;
  readonly sums: readonly UsageSum[];
  readonly nameOf: (key: string) => string;
  readonly isCode?: boolean;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const most = Math.max(1, ...sums.map(({ costMicroUsd }) => costMicroUsd));
  return (
    <Section title={title}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("usage.what")}</Table.Th>
            <Table.Th ta="right">{t("usage.calls")}</Table.Th>
            <Table.Th ta="right">{t("usage.cost")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sums.map(({ key, calls, costMicroUsd }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" style={{ overflowWrap: "anywhere" }}>
                {isCode ? <Code>{nameOf(key)}</Code> : <Text size="sm">{nameOf(key)}</Text>}
                <Progress value={(costMicroUsd / most) * 100} size={4} mt={4} aria-hidden="true" />
              </Table.Th>
              <Table.Td ta="right" className="tabular">
                {formats.number(calls)}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {formats.money(costMicroUsd)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
