import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EditOutcome } from "./edit-outcome.ts";
import classes from "./run.module.css";

/** What saving did to the citations of what was changed. */
export function EditResult({
  outcomes,
  onClose,
}: {
  readonly outcomes: readonly EditOutcome[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const isWell = outcomes.every(({ kind }) => kind === "supported");
  return (
    <Alert
      color={isWell ? "green" : "yellow"}
      variant="light"
      role="status"
      title={t("newsroom.editResult")}
      withCloseButton
      closeButtonLabel={t("action.close")}
      onClose={onClose}
    >
      {outcomes.length === 0 ? (
        t("newsroom.editNothing")
      ) : (
        <ul className={classes.editions}>
          {outcomes.map(({ number, kind, citesBefore, citesAfter }) => (
            <li key={number}>
              {t(`newsroom.outcome.${kind}`, { number, before: citesBefore, after: citesAfter })}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
