import { TagsInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PUT } from "../api/api.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { tellFailure } from "../parts/tell.ts";
import { toMicroUsd } from "./to-micro-usd.ts";

const MOST = 10;

/** At which balances to tell that it is low, each once as it is crossed. */
export default function Thresholds({
  now,
  onClose,
}: {
  readonly now: readonly number[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [typed, setTyped] = useState(() => now.map((each) => String(each / 1e6)));
  const amounts = typed.map(toMicroUsd);
  const isReady = amounts.every((amount) => amount !== undefined && amount > 0);
  const save = useMutation({
    mutationFn: (thresholdsMicroUsd: number[]) =>
      PUT("/api/v1/balance/thresholds", { body: { thresholdsMicroUsd } }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["balance"] });
    },
  });
  return (
    <FormDialog
      title={t("balance.setThresholds")}
      lead={t("balance.thresholdsHint")}
      submit={t("usage.save")}
      isBusy={save.isPending}
      isReady={isReady}
      onClose={onClose}
      onSubmit={() => save.mutate([...new Set(amounts.filter((each) => each !== undefined))])}
    >
      <TagsInput
        label={t("balance.thresholdsLabel")}
        value={typed}
        onChange={setTyped}
        maxTags={MOST}
        splitChars={[" ", ";"]}
        {...(!isReady && { error: t("balance.notAmount") })}
      />
    </FormDialog>
  );
}
