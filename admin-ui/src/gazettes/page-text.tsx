import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Empty } from "../parts/states.tsx";
import classes from "./gazettes.module.css";
import type { PageReading } from "./queries.ts";
import sheet from "./reading.module.css";

/** What was read, passage by passage, under the numbers that stand on the picture. */
export function PageText({
  page,
  language,
  active,
  onActive,
}: {
  readonly page: PageReading;
  readonly language: string;
  readonly active: string | undefined;
  readonly onActive: (passageId: string | undefined) => void;
}) {
  const { t } = useTranslation();
  if (page.passages.length === 0) {
    return page.text.trim() === "" ? (
      <Empty icon="documents" title={t("gazettes.noText")}>
        {t("gazettes.noTextHint")}
      </Empty>
    ) : (
      <Text size="sm" className="prose" lang={language}>
        {page.text}
      </Text>
    );
  }
  return (
    <ol className={classes.plain}>
      {page.passages.map(({ id, heading, lines }, at) => (
        <li
          key={id}
          id={`passage-${id}`}
          className={sheet.read}
          data-active={id === active || undefined}
          onPointerEnter={() => onActive(id)}
          onPointerLeave={() => onActive(undefined)}
        >
          <Text size="xs" className="soft" component="div" lang={language} mb={4}>
            <button
              type="button"
              className={sheet.order}
              aria-label={t("gazettes.passage", { number: at + 1 })}
              aria-pressed={id === active}
              onFocus={() => onActive(id)}
              onBlur={() => onActive(undefined)}
              onClick={() => onActive(id)}
            >
              {at + 1}
            </button>{" "}
            {heading !== page.passages[at - 1]?.heading && heading}
          </Text>
          <Text size="sm" className="prose" lang={language}>
            {lines.map(({ text }) => text).join("")}
          </Text>
        </li>
      ))}
    </ol>
  );
}
