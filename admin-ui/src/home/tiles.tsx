import { Paper, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { useFormats } from "../parts/time.ts";

type Figures = Schema<"AnalyticsFigures">;

/** The figures of the range, each beside those of as many days before. */
export function Tiles({
  total,
  before,
}: {
  readonly total: Figures;
  readonly before: Figures | null;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const share = (part: number, of: number) => (of === 0 ? "–" : formats.percent(part / of));
  const seconds = (ms: number | null) =>
    ms === null ? "–" : `${formats.number(Math.round(ms / 100) / 10)} s`;
  const tiles = [
    ["home.messages", formats.number(total.messages), change(total.messages, before?.messages)],
    ["home.answered", share(total.answered, total.messages), undefined],
    ["home.abstained", share(total.abstained, total.answered), undefined],
    [
      "home.handedOver",
      formats.number(total.handedOver),
      change(total.handedOver, before?.handedOver),
    ],
    ["home.answerTime", seconds(total.answerTimeP95Ms), undefined],
    [
      "home.spend",
      formats.money(total.costMicroUsd),
      change(total.costMicroUsd, before?.costMicroUsd),
    ],
  ] as const;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" component="dl" m={0}>
      {tiles.map(([name, value, difference]) => (
        <Paper key={name} p="sm" className="sheet">
          <Text size="xs" className="soft" component="dt">
            {t(name)}
          </Text>
          <Text fz={26} fw={600} className="tabular" component="dd" m={0} lh={1.3}>
            {value}
          </Text>
          <Text size="xs" className="soft tabular" component="dd" m={0}>
            {difference === undefined
              ? " "
              : t("home.change", { change: formats.percent(difference) })}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}

/** As a share of what was before; undefined: nothing was. */
function change(now: number, before: number | undefined): number | undefined {
  return before === undefined || before === 0 ? undefined : now / before - 1;
}
