import "uplot/dist/uPlot.min.css";
import { Group, Table, Text, useComputedColorScheme, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import type { Schema } from "../../../client/index.ts";
import { useFormats } from "../parts/time.ts";

type Entry = Schema<"AnalyticsFigures"> & { readonly day: string | null };

const HEIGHT_PX = 240;
/** Okabe and Ito's: told apart also by those who see no red or no green. */
const COLORS = {
  light: {
    messages: "#0072b2",
    answered: "#00795a",
    abstained: "#b85c00",
    axis: "#574e44",
    grid: "#ece6da",
  },
  dark: {
    messages: "#56b4e9",
    answered: "#2fc9a0",
    abstained: "#e69f00",
    axis: "#b9ae9e",
    grid: "#3b342a",
  },
} as const;
const SERIES = ["messages", "answered", "abstained"] as const;

/** What came in, was answered and was not found, day by day; what lies under the pointer is told above. */
export default function DaysChart({
  entries,
  days,
}: {
  readonly entries: readonly Entry[];
  /** Each day of the range, in order: those on which nothing came are days too. */
  readonly days: readonly string[];
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const scheme = useComputedColorScheme("light");
  const box = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<number>();
  const rows = everyDay(entries, days);
  const key = JSON.stringify(rows.map((row) => SERIES.map((name) => row[name])));

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what is drawn
  useEffect(() => {
    const { current } = box;
    if (current === null) return;
    const colors = COLORS[scheme];
    const axis = {
      stroke: colors.axis,
      grid: { stroke: colors.grid, width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        width: current.clientWidth,
        height: HEIGHT_PX,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false } },
        scales: { y: { range: (_self, _low, high) => [0, Math.max(4, high * 1.1)] } },
        axes: [
          {
            ...axis,
            size: 30,
            space: 64,
            incrs: [1, 2, 7, 14, 30].map((every) => every * 86_400),
            values: (_self, splits) =>
              splits.map((at) => formats.day(new Date(at * 1_000).toISOString())),
          },
          { ...axis, values: (_self, splits) => splits.map((value) => formats.number(value)) },
        ],
        series: [
          {},
          ...SERIES.map((name) => ({
            stroke: colors[name],
            width: 2,
            ...(name === "messages" && { fill: `${colors[name]}22` }),
            points: { show: rows.length <= 31, size: 5, fill: colors[name] },
          })),
        ],
        hooks: { setCursor: [({ cursor }) => setHovered(cursor.idx ?? undefined)] },
      },
      [
        rows.map(({ day }) => new Date(`${day}T00:00:00`).getTime() / 1_000),
        ...SERIES.map((name) => rows.map((row) => row[name])),
      ],
      current,
    );
    const resize = new ResizeObserver(() =>
      plot.setSize({ width: current.clientWidth, height: HEIGHT_PX }),
    );
    resize.observe(current);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [key, scheme, formats.language]);

  const shown = rows[hovered ?? rows.length - 1];
  return (
    <figure style={{ margin: 0 }}>
      <figcaption>
        <Group gap="lg" mb="xs">
          <Text size="sm" fw={600} miw={90}>
            {shown === undefined ? "" : formats.day(`${shown.day}T12:00:00`)}
          </Text>
          {SERIES.map((name) => (
            <Group key={name} gap={6}>
              <svg width="10" height="10" aria-hidden="true">
                <circle cx="5" cy="5" r="5" fill={COLORS[scheme][name]} />
              </svg>
              <Text size="sm" className="tabular">
                {t(`home.series.${name}`)}: {formats.number(shown?.[name] ?? 0)}
              </Text>
            </Group>
          ))}
        </Group>
      </figcaption>
      <div ref={box} aria-hidden="true" />
      <VisuallyHidden>
        <Table>
          <caption>{t("home.chart")}</caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("home.day")}</Table.Th>
              {SERIES.map((name) => (
                <Table.Th key={name}>{t(`home.series.${name}`)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.day}>
                <Table.Th scope="row">{row.day}</Table.Th>
                {SERIES.map((name) => (
                  <Table.Td key={name}>{row[name]}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </VisuallyHidden>
    </figure>
  );
}

function everyDay(entries: readonly Entry[], days: readonly string[]) {
  const known = new Map(entries.map((entry) => [entry.day, entry]));
  return days.map((day) => {
    const entry = known.get(day);
    return {
      day,
      messages: entry?.messages ?? 0,
      answered: entry?.answered ?? 0,
      abstained: entry?.abstained ?? 0,
    };
  });
}
