import { Group, Text, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import classes from "./usage.module.css";

/** Money by day; the day under the pointer is told above, and all of them to who hears the page. */
export function DayBars({
  days,
}: {
  readonly days: readonly { readonly day: string; readonly value: number }[];
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [hovered, setHovered] = useState<number>();
  const most = Math.max(1, ...days.map(({ value }) => value));
  const shown = days[hovered ?? days.length - 1];
  const dayOf = (day: string) => formats.day(`${day}T12:00:00`);
  return (
    <figure className={classes.figure}>
      <figcaption>
        <Group gap="md" mb="xs">
          <Text size="sm" fw={600} miw={70}>
            {shown === undefined ? "" : dayOf(shown.day)}
          </Text>
          <Text size="sm" className="tabular">
            {formats.money(shown?.value ?? 0)}
          </Text>
        </Group>
      </figcaption>
      <div className={classes.bars} aria-hidden="true" onPointerLeave={() => setHovered(undefined)}>
        {days.map(({ day, value }, at) => (
          <div key={day} className={classes.slot} onPointerEnter={() => setHovered(at)}>
            <div className={classes.bar} style={{ height: `${(value / most) * 100}%` }} />
          </div>
        ))}
      </div>
      <Group justify="space-between" mt={4} aria-hidden="true">
        <Text size="xs" className="soft">
          {dayOf(days[0]?.day ?? "")}
        </Text>
        <Text size="xs" className="soft">
          {dayOf(days.at(-1)?.day ?? "")}
        </Text>
      </Group>
      <VisuallyHidden>
        <table>
          <caption>{t("usage.byDay")}</caption>
          <tbody>
            {days.map(({ day, value }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                <td>{formats.money(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </figure>
  );
}
