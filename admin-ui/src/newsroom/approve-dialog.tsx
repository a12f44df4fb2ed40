import { Alert, Checkbox, List, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { tellDone } from "../parts/tell.ts";
import { useTargets } from "./publishing-queries.ts";
import { type Run, useRunSteps } from "./queries.ts";
import { Refusal } from "./refusal.tsx";

/** Approved, a text is frozen, and goes by itself where its prompt is published. */
export default function ApproveDialog({
  run,
  etag,
  onClose,
}: {
  readonly run: Run;
  readonly etag: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { approve } = useRunSteps(run.id);
  const targets = useTargets();
  const [isConfirmed, setConfirmed] = useState(false);
  const unsupported = run.statements.filter(({ isSupported }) => !isSupported);
  const itself = targets.data?.filter(({ prompts }) => prompts.includes(run.promptId)) ?? [];
  const { error } = approve;
  const isStale = isProblem(error) && error.status === 412;
  return (
    <FormDialog
      title={t("newsroom.approveTitle")}
      lead={t("newsroom.approveHint", { count: run.statements.length })}
      submit={t("newsroom.approve")}
      isBusy={approve.isPending}
      isReady={(unsupported.length === 0 || isConfirmed) && !isStale}
      onClose={onClose}
      onSubmit={() =>
        approve.mutate(
          { etag, confirmUnsupported: isConfirmed },
          {
            onSuccess: () => {
              tellDone(t("newsroom.isApproved"));
              onClose();
            },
          },
        )
      }
    >
      <Refusal error={error} stale={t("newsroom.staleReview")} />
      {itself.length > 0 && (
        <Text size="sm">
          {t("newsroom.goesTo", { targets: itself.map(({ name }) => name).join(", ") })}
        </Text>
      )}
      {unsupported.length > 0 && (
        <Alert color="yellow" variant="light" title={t("newsroom.unsupportedTitle")}>
          <List size="sm" mb="sm">
            {unsupported.map(({ text }) => (
              <List.Item key={text}>{text}</List.Item>
            ))}
          </List>
          <Checkbox
            label={t("newsroom.confirmUnsupported")}
            checked={isConfirmed}
            onChange={({ currentTarget }) => setConfirmed(currentTarget.checked)}
          />
        </Alert>
      )}
    </FormDialog>
  );
}
