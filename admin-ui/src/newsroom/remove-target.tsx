import { useTranslation } from "react-i18next";
import { FormDialog } from "../parts/form-dialog.tsx";
import { type Target, useTargetActions } from "./publishing-queries.ts";

/** It leaves with its history; what is posted stays where it is. */
export default function RemoveTarget({
  target,
  onClose,
}: {
  readonly target: Target;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { remove } = useTargetActions(target);
  return (
    <FormDialog
      title={t("publishing.removeOf", { name: target.name })}
      lead={t("publishing.removeHint")}
      submit={t("publishing.remove")}
      color="red"
      isBusy={remove.isPending}
      onClose={onClose}
      onSubmit={() => remove.mutate(undefined, { onSuccess: onClose })}
    />
  );
}
