import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../parts/form-dialog.tsx";
import { type Prompt, useRemovePrompt } from "./queries.ts";

/** It runs no more, and leaves the list; what it wrote stays. */
export default function RemovePrompt({
  prompt,
  onClose,
}: {
  readonly prompt: Prompt;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useRemovePrompt(prompt.id, () => void navigate({ to: "/newsroom/prompts" }));
  return (
    <FormDialog
      title={t("newsroom.removeTitle", { name: prompt.name })}
      lead={t("newsroom.removeHint")}
      submit={t("newsroom.remove")}
      color="red"
      isBusy={remove.isPending}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    />
  );
}
