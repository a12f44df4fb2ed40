import { Badge, Group, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import type { Experiment } from "./experiment-queries.ts";

type Difference = Experiment["differences"][number];
type Result = Experiment["results"][number];

/** All measures are of what one wants less of. */
const COLORS: Readonly<Record<Difference["verdict"], string>> = {
  nobody: "gray",
  "may-be-chance": "gray",
  higher: "red",
  lower: "green",
};

/** What came of each version, and what may be said of the difference. */
export function ExperimentResults({ experiment }: { readonly experiment: Experiment }) {
  const { t } = useTranslation();
  return (
    <>
      <Counts experiment={experiment} />
      <Stack gap={6} component="ul" p={0} m={0} aria-label={t("experiment.differences")}>
        {experiment.differences.map((difference) => (
          <DifferenceRow
            key={difference.measure}
            difference={difference}
            live={experiment.liveRevision}
            other={experiment.otherRevision}
          />
        ))}
      </Stack>
      <Text size="xs" className="soft">
        {t("experiment.interval")}
      </Text>
    </>
  );
}

function Counts({ experiment }: { readonly experiment: Experiment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { number } = formats;
  const of = (part: number, whole: number) =>
    whole === 0 ? "–" : `${number(part)} (${formats.percent(part / whole)})`;
  const seconds = (ms: number) => `${number(Math.round(ms / 100) / 10)} s`;
  const rows: readonly (readonly [string, (result: Result) => string])[] = [
    [t("experiment.people"), ({ people }) => number(people)],
    [t("experiment.questions"), ({ questions }) => number(questions)],
    [t("experiment.answered"), ({ answered, questions }) => of(answered, questions)],
    [t("experiment.abstained"), ({ abstained, questions }) => of(abstained, questions)],
    [t("experiment.handedOver"), ({ handedOver, questions }) => of(handedOver, questions)],
    [
      t("experiment.thumbs"),
      ({ thumbsUp, thumbsDown }) => `+${number(thumbsUp)} −${number(thumbsDown)}`,
    ],
    [t("experiment.cost"), ({ costMicroUsd }) => formats.money(costMicroUsd)],
    [
      t("experiment.time"),
      ({ answerMs }) =>
        answerMs === null ? "–" : `${seconds(answerMs.p50)} · ${seconds(answerMs.p95)}`,
    ],
  ];
  return (
    <WideTable minWidth={300}>
      <Table verticalSpacing={4} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("experiment.measure")}</Table.Th>
            {experiment.results.map(({ revision }) => (
              <Table.Th key={revision} ta="right">
                {t("assistants.revision", { revision })}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, show]) => (
            <Table.Tr key={name} className="tabular">
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              {experiment.results.map((result) => (
                <Table.Td key={result.revision} ta="right">
                  {show(result)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function DifferenceRow({
  difference: { measure, verdict, ...shares },
  live,
  other,
}: {
  readonly difference: Difference;
  readonly live: number;
  readonly other: number;
}) {
  const { t } = useTranslation();
  const { percent } = useFormats();
  const shown = ({ part, of, low, high }: Difference["live"]) =>
    of === 0 ? "–" : `${percent(part / of)} (${percent(low)} – ${percent(high)})`;
  return (
    <li style={{ listStyle: "none" }}>
      <Group gap={6}>
        <Text size="sm" fw={600}>
          {t(`experiment.of.${measure}`)}
        </Text>
        <Badge size="sm" variant="light" color={COLORS[verdict]} tt="none">
          {t(`experiment.verdict.${verdict}`, { other })}
        </Badge>
      </Group>
      <Text size="xs" className="soft tabular">
        {t("experiment.shares", {
          live,
          other,
          ofLive: shown(shares.live),
          ofOther: shown(shares.other),
        })}
      </Text>
    </li>
  );
}
