import { Button, Group, Modal, NumberInput, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { GET, PUT } from "../api/api.ts";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";

const PERIODS = ["message", "contact-day", "day", "month"] as const;
type Period = (typeof PERIODS)[number];
const MICRO = 1e6;
const MOST_USD = 100_000;

/** What models may cost; past a limit, answers are quotations. */
export default function Budgets() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { role } = useSigned();
  const [edited, setEdited] = useState<Period>();
  const view = useQuery({
    queryKey: ["budgets"],
    queryFn: async () => (await GET("/api/v1/budgets")).data,
  });
  if (view.isError) return <Failure error={view.error} retry={() => view.refetch()} />;
  if (view.data === undefined) return <LoadingRows rows={2} />;
  const limitOf = (period: Period) => view.data.budgets.find((each) => each.period === period);
  return (
    <Section
      title={t("budgets.title")}
      lead={
        view.data.balanceMicroUsd === null
          ? t("budgets.lead")
          : `${t("budgets.lead")} ${t("budgets.balance", { amount: formats.money(view.data.balanceMicroUsd) })}`
      }
    >
      <Stack gap="sm">
        {PERIODS.map((period) => {
          const limit = limitOf(period);
          const name = t(`budgets.period.${period}`);
          return (
            <Group key={period} justify="space-between" wrap="nowrap" align="center">
              <div style={{ flex: 1, minWidth: 0 }}>
                <Text size="sm">{name}</Text>
                <Text size="xs" className="soft tabular">
                  {limit === undefined
                    ? t("budgets.noLimit")
                    : t("budgets.spent", {
                        spent: formats.money(limit.spentMicroUsd + limit.reservedMicroUsd),
                        limit: formats.money(limit.limitMicroUsd),
                      })}
                </Text>
                {limit !== undefined && period !== "message" && period !== "contact-day" && (
                  <Progress
                    mt={4}
                    size="sm"
                    aria-label={name}
                    value={Math.min(
                      100,
                      (100 * limit.spentMicroUsd) / Math.max(1, limit.limitMicroUsd),
                    )}
                  />
                )}
              </div>
              {role === "owner" && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={t("budgets.changeOf", { name })}
                  onClick={() => setEdited(period)}
                >
                  {t("budgets.change")}
                </Button>
              )}
            </Group>
          );
        })}
      </Stack>
      {edited !== undefined && (
        <LimitDialog
          period={edited}
          limitMicroUsd={limitOf(edited)?.limitMicroUsd}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Section>
  );
}

function LimitDialog({
  period,
  limitMicroUsd,
  onClose,
}: {
  readonly period: Period;
  readonly limitMicroUsd: number | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [usd, setUsd] = useState<number | string>(
    limitMicroUsd === undefined ? "" : limitMicroUsd / MICRO,
  );
  const save = useMutation({
    mutationFn: (limit: number | null) =>
      PUT("/api/v1/budgets/{period}", {
        params: { path: { period } },
        body: { limitMicroUsd: limit },
      }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["budgets"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(usd === "" ? null : Math.round(Number(usd) * MICRO));
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`budgets.period.${period}`)}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <NumberInput
            label={t("budgets.limit")}
            description={t("budgets.limitHint")}
            value={usd}
            onChange={setUsd}
            min={0}
            max={MOST_USD}
            decimalScale={4}
            hideControls
          />
          <Button type="submit" loading={save.isPending}>
            {t("action.save")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
