import { Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import type { Run } from "./queries.ts";

/** How many of the pages that have to be read were read; the rest of the edition is blank or out of scope. */
export function Coverage({
  run: { coverage, steps },
  isBusy,
}: {
  readonly run: Pick<Run, "coverage" | "steps">;
  readonly isBusy: boolean;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { pages, wanted, read, blank, leftOut } = coverage;
  if (pages === 0) return null;
  const told = t("newsroom.coverage", {
    read: formats.number(read),
    wanted: formats.number(wanted),
  });
  const others = [
    blank > 0 && t("newsroom.blank", { count: blank }),
    leftOut > 0 && t("newsroom.leftOut", { count: leftOut }),
    isBusy &&
      steps.planned > 0 &&
      t("newsroom.steps", { done: steps.done, planned: steps.planned }),
  ];
  return (
    <div>
      <Progress
        mt="xs"
        mb={4}
        size="sm"
        color={read === wanted ? "green" : isBusy ? "blue" : "yellow"}
        value={wanted === 0 ? 100 : (100 * read) / wanted}
        animated={isBusy}
        aria-label={told}
      />
      <Text size="xs" className="tabular">
        <b>{told}</b>
        <span className="soft">
          {others
            .filter((part) => part !== false)
            .map((part) => ` · ${part}`)
            .join("")}
        </span>
      </Text>
    </div>
  );
}
