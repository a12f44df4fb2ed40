import { Alert, NativeSelect, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { GET, PUT } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { type TenantEntry, usePlans } from "./queries.ts";

/** Which plan an institution has, with what was asked there today. */
export default function AssignPlan({
  tenant: { id, name },
  onClose,
}: {
  readonly tenant: Pick<TenantEntry, "id" | "name">;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const queries = useQueryClient();
  const plans = usePlans();
  const params = { path: { tenantId: id } };
  const own = useQuery({
    queryKey: ["plans", "of-tenant", id],
    queryFn: async () => (await GET("/api/v1/tenants/{tenantId}/plan", { params })).data,
  });
  const assign = useMutation({
    mutationFn: (plan: string | null) =>
      PUT("/api/v1/tenants/{tenantId}/plan", { params, body: { plan } }),
    onSuccess: async () => {
      tellDone(t("plans.assigned", { name }));
      onClose();
      await queries.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === "plans" || queryKey[0] === "own-plan",
      });
    },
  });
  const error = plans.error ?? own.error;
  return (
    <FormDialog
      title={t("plans.assignOf", { name })}
      submit={t("action.save")}
      isBusy={assign.isPending}
      isReady={own.data !== undefined && plans.data !== undefined}
      onClose={onClose}
      onSubmit={(form) => assign.mutate(textOf(form, "plan") || null)}
    >
      {assign.error !== null && (
        <Alert color="red" variant="light" role="alert">
          {assign.error.message}
        </Alert>
      )}
      {error !== null && <Failure error={error} />}
      {own.data === undefined || plans.data === undefined ? (
        error === null && <LoadingRows rows={1} />
      ) : (
        <>
          <NativeSelect
            name="plan"
            label={t("plans.title")}
            defaultValue={own.data.plan ?? ""}
            data={[
              { value: "", label: t("plans.none") },
              ...plans.data.map((plan) => ({ value: plan.name, label: plan.name })),
            ]}
          />
          {own.data.today !== null && (
            <Text size="sm" className="tabular">
              {t("plans.today")}: {formats.number(own.data.today.questions)} · {t("plans.refused")}:{" "}
              {formats.number(own.data.today.refused)}
            </Text>
          )}
        </>
      )}
    </FormDialog>
  );
}
