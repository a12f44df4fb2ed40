import { Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { tellDone } from "../parts/tell.ts";
import { type Run, useRunSteps } from "./queries.ts";
import { Refusal } from "./refusal.tsx";

/** Nothing of it will be published; the reason is for who looks at it later. */
export default function RejectDialog({
  run,
  etag,
  onClose,
}: {
  readonly run: Run;
  readonly etag: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { reject } = useRunSteps(run.id);
  return (
    <FormDialog
      title={t("newsroom.rejectTitle")}
      lead={t("newsroom.rejectHint")}
      submit={t("newsroom.reject")}
      color="red"
      isBusy={reject.isPending}
      onClose={onClose}
      onSubmit={(form) =>
        reject.mutate(
          { etag, reason: textOf(form, "reason") },
          {
            onSuccess: () => {
              tellDone(t("newsroom.isRejected"));
              onClose();
            },
          },
        )
      }
    >
      <Refusal error={reject.error} stale={t("newsroom.staleReview")} />
      <Textarea
        name="reason"
        label={t("newsroom.rejectReason")}
        required
        withAsterisk={false}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
      />
    </FormDialog>
  );
}
