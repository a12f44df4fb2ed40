import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../parts/form-dialog.tsx";
import { type Source, useRemoveSource } from "./queries.ts";

/** Nothing of it is looked for any more, and it leaves the list; what was collected stays. */
export default function RemoveDialog({
  source,
  onClose,
}: {
  readonly source: Source;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useRemoveSource(source, () => void navigate({ to: "/gazettes" }));
  return (
    <FormDialog
      title={t("gazettes.removeTitle", { name: source.name })}
      lead={t("gazettes.removeHint")}
      submit={t("gazettes.remove")}
      color="red"
      isBusy={remove.isPending}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    />
  );
}
