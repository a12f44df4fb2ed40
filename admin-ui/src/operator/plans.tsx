import { Button, Group, Stack, Table } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { DELETE } from "../api/api.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { useSigned } from "../shell/session.ts";
import { usePlans } from "./queries.ts";

const ChangePlan = lazy(() => import("./change-plan.tsx"));

type Plan = Schema<"Plan">;

/** How many questions are answered in a day: each plan, and how many institutions have it. */
export default function Plans() {
  const { t } = useTranslation();
  const { person } = useSigned();
  const plans = usePlans();
  const [changed, setChanged] = useState<Plan | "new">();
  const [removed, setRemoved] = useState<Plan>();
  const mayChange = person.platformRole === "platform-admin";
  return (
    <Section
      title={t("plans.all")}
      lead={t("plans.allLead")}
      actions={
        mayChange && (
          <Button
            variant="default"
            leftSection={<Icon name="plus" size={17} />}
            onClick={() => setChanged("new")}
          >
            {t("plans.add")}
          </Button>
        )
      }
    >
      <Stack>
        {plans.isError && <Failure error={plans.error} retry={() => plans.refetch()} />}
        {plans.isPending && <LoadingRows rows={2} />}
        {plans.data?.length === 0 && (
          <Empty icon="usage" title={t("plans.noPlans")}>
            {t("plans.noPlansHint")}
          </Empty>
        )}
        {plans.data !== undefined && plans.data.length > 0 && (
          <WideTable minWidth={520}>
            <Table verticalSpacing="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("plans.name")}</Table.Th>
                  <Table.Th ta="right">{t("plans.perDay")}</Table.Th>
                  <Table.Th ta="right">{t("plans.perPerson")}</Table.Th>
                  <Table.Th ta="right">{t("plans.tenants")}</Table.Th>
                  {mayChange && <Table.Th>{t("plans.actions")}</Table.Th>}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {plans.data.map((plan) => (
                  <Row
                    key={plan.name}
                    plan={plan}
                    onChange={mayChange ? () => setChanged(plan) : undefined}
                    onRemove={() => setRemoved(plan)}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        )}
      </Stack>
      <Suspense fallback={null}>
        {changed !== undefined && (
          <ChangePlan
            name={changed === "new" ? undefined : changed.name}
            onClose={() => setChanged(undefined)}
          />
        )}
      </Suspense>
      {removed !== undefined && (
        <RemovePlan name={removed.name} onClose={() => setRemoved(undefined)} />
      )}
    </Section>
  );
}

function Row({
  plan: { name, questionsPerDay, questionsPerContactDay, tenants },
  onChange,
  onRemove,
}: {
  readonly plan: Plan;
  /** Undefined: whoever looks may change nothing. */
  readonly onChange: (() => void) | undefined;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const limit = (questions: number | null) =>
    questions === null ? t("plans.unlimited") : formats.number(questions);
  return (
    <Table.Tr>
      <Table.Th scope="row">{name}</Table.Th>
      <Table.Td ta="right" className="tabular">
        {limit(questionsPerDay)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {limit(questionsPerContactDay)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {formats.number(tenants)}
      </Table.Td>
      {onChange !== undefined && (
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t("plans.changeOf", { name })}
              onClick={onChange}
            >
              {t("plans.change")}
            </Button>
            {tenants === 0 && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t("plans.removeOf", { name })}
                onClick={onRemove}
              >
                {t("plans.remove")}
              </Button>
            )}
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function RemovePlan({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => DELETE("/api/v1/plans/{name}", { params: { path: { name } } }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["plans"] });
    },
  });
  return (
    <FormDialog
      title={t("plans.removeOf", { name })}
      lead={t("plans.removeHint")}
      submit={t("plans.remove")}
      color="red"
      isBusy={remove.isPending}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    />
  );
}
