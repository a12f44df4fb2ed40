import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { tellFailure } from "../parts/tell.ts";
import { type Source, useChangeSource } from "./queries.ts";

/** Nothing of it is looked for until somebody resumes it; one may say why. */
export default function PauseDialog({
  source,
  onClose,
}: {
  readonly source: Source;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const pause = useChangeSource(source);
  return (
    <FormDialog
      title={t("gazettes.pause")}
      lead={t("gazettes.pauseHint")}
      submit={t("gazettes.pause")}
      isBusy={pause.isPending}
      onClose={onClose}
      onSubmit={(form) => {
        const pauseReason = textOf(form, "reason");
        pause.mutate(
          { body: { isPaused: true, ...(pauseReason !== "" && { pauseReason }) } },
          { onSuccess: onClose, onError: tellFailure },
        );
      }}
    >
      <TextInput name="reason" label={t("gazettes.pauseReason")} maxLength={500} />
    </FormDialog>
  );
}
