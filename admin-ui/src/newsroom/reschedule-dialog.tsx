import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { usePublicationSteps } from "./publishing-queries.ts";
import { Refusal } from "./refusal.tsx";
import { useWhen, WhenFields } from "./when-fields.tsx";

/** Another time for what has not begun. */
export default function RescheduleDialog({
  publicationId,
  onClose,
}: {
  readonly publicationId: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const when = useWhen();
  const { schedule } = usePublicationSteps(publicationId);
  const { error } = schedule;
  return (
    <FormDialog
      title={t("publishing.reschedule")}
      submit={t(when.isLater ? "publishing.scheduleIt" : "publishing.publish")}
      isBusy={schedule.isPending}
      onClose={onClose}
      onSubmit={() => schedule.mutate(when.request, { onSuccess: onClose })}
    >
      {!isProblem(error, "start-time") && <Refusal error={error} />}
      <WhenFields when={when} error={error} />
    </FormDialog>
  );
}
