import { NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { problemAt } from "../parts/field-problem.ts";
import { SCHEDULES } from "./prompt-draft.ts";
import type { PromptFieldsProps } from "./prompt-form.tsx";
import { useNewsroomWords } from "./words.ts";

const ZONES = Intl.supportedValuesOf("timeZone");
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** What starts a prompt. */
export function ScheduleFields({ draft, problems, onChange }: PromptFieldsProps) {
  const { t } = useTranslation();
  const words = useNewsroomWords();
  const { schedule } = draft;
  return (
    <Stack gap="sm">
      <NativeSelect
        aria-label={t("newsroom.field.schedule")}
        value={schedule}
        data={SCHEDULES.map((value) => ({ value, label: t(`newsroom.scheduleChoice.${value}`) }))}
        onChange={({ currentTarget: { value } }) =>
          onChange({
            ...draft,
            schedule: SCHEDULES.find((each) => each === value) ?? "each-edition",
          })
        }
      />
      <Text size="sm" className="soft">
        {t(`newsroom.scheduleHint.${schedule}`)}
      </Text>
      {(schedule === "daily" || schedule === "weekly") && (
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
          {schedule === "weekly" && (
            <NativeSelect
              label={t("newsroom.field.weekday")}
              value={String(draft.weekday)}
              data={WEEKDAYS.map((day) => ({ value: String(day), label: words.weekdayName(day) }))}
              onChange={({ currentTarget }) =>
                onChange({ ...draft, weekday: Number(currentTarget.value) })
              }
            />
          )}
          <TextInput
            type="time"
            label={t("newsroom.field.at")}
            value={draft.at}
            error={problemAt(problems, "schedule")}
            required
            withAsterisk={false}
            onChange={({ currentTarget }) => onChange({ ...draft, at: currentTarget.value })}
          />
          <NativeSelect
            label={t("newsroom.field.timeZone")}
            value={draft.timeZone}
            data={[...new Set([draft.timeZone, ...ZONES])]}
            onChange={({ currentTarget }) => onChange({ ...draft, timeZone: currentTarget.value })}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}
