import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";

/** Why something was not done, beside what was to be done. */
export function Refusal({
  error,
  stale,
}: {
  readonly error: Error | null;
  /** What is said where somebody else changed it meanwhile. */
  readonly stale?: string | undefined;
}) {
  const { t } = useTranslation();
  if (error === null) return null;
  const problem = isProblem(error) ? error : undefined;
  const fields = problem?.fields.map(({ field, problem: what }) => `${field} ${what}`) ?? [];
  const said =
    problem?.status === 0
      ? t("state.offlineHint")
      : problem?.status === 412 && stale !== undefined
        ? stale
        : [error.message, ...fields].join(" ");
  return (
    <Alert color="red" variant="light" role="alert">
      {said}
    </Alert>
  );
}
