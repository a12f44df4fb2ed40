import { Radio, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PUT } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { ReasonField } from "../parts/reason-field.tsx";
import { tellFailure } from "../parts/tell.ts";
import type { Shedding } from "./queries.ts";

const CHOICES = ["automatic", "0", "1", "2", "3"] as const;
type Choice = (typeof CHOICES)[number];

/** The level that a person chooses, or none: then it follows the thresholds. */
export function SheddingDialog({
  shedding,
  onClose,
}: {
  readonly shedding: Shedding;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const now: Choice = shedding.isAutomatic ? "automatic" : (`${shedding.level}` as const);
  const [choice, setChoice] = useState<Choice>(now);
  const save = useMutation({
    mutationFn: (reason: string) => {
      const level = choice === "automatic" ? shedding.level : (Number(choice) as Shedding["level"]);
      return PUT("/api/v1/shedding", {
        body: { isAutomatic: choice === "automatic", level, reason },
      });
    },
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      for (const key of ["shedding", "switches", "health"]) {
        await queries.invalidateQueries({ queryKey: [key] });
      }
    },
  });
  return (
    <FormDialog
      title={t("load.choose")}
      submit={t("load.choose")}
      isBusy={save.isPending}
      onClose={onClose}
      onSubmit={(form) => save.mutate(textOf(form, "reason"))}
    >
      <Radio.Group
        label={t("load.levels")}
        value={choice}
        onChange={(value) => setChoice(CHOICES.find((each) => each === value) ?? now)}
      >
        <Stack gap="xs" mt="xs">
          {CHOICES.map((value) => (
            <Radio
              key={value}
              value={value}
              label={
                value === "automatic" ? t("load.automatic") : t("load.level", { level: value })
              }
              description={value === "automatic" ? undefined : t(`load.sheds.${value}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <ReasonField />
    </FormDialog>
  );
}
