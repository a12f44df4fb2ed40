import { SimpleGrid, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DAYS, type Draft } from "./draft.ts";

/** Each day by its stretches, such as `08:00-12:00, 13:00-16:00`; an empty day is closed. */
export function HoursEditor({
  draft,
  isReadOnly,
  onChange,
}: {
  readonly draft: Draft;
  readonly isReadOnly: boolean;
  readonly onChange: (patch: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <Switch
        label={t("assistants.field.hasHours")}
        description={t("assistants.hoursHint")}
        checked={draft.hasHours}
        disabled={isReadOnly}
        onChange={(event) => onChange({ hasHours: event.currentTarget.checked })}
      />
      {draft.hasHours && (
        <>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
            {DAYS.map((day) => (
              <TextInput
                key={day}
                size="xs"
                label={t(`assistants.day.${day}`)}
                placeholder={t("assistants.closed")}
                value={draft.days[day]}
                readOnly={isReadOnly}
                onChange={(event) =>
                  onChange({ days: { ...draft.days, [day]: event.currentTarget.value } })
                }
              />
            ))}
            <TextInput
              size="xs"
              label={t("assistants.field.timeZone")}
              value={draft.timeZone}
              maxLength={60}
              readOnly={isReadOnly}
              onChange={(event) => onChange({ timeZone: event.currentTarget.value })}
            />
          </SimpleGrid>
          <Textarea
            size="xs"
            label={t("assistants.field.holidays")}
            description={t("assistants.holidaysHint")}
            value={draft.holidays}
            autosize
            minRows={2}
            readOnly={isReadOnly}
            onChange={(event) => onChange({ holidays: event.currentTarget.value })}
          />
        </>
      )}
    </>
  );
}
