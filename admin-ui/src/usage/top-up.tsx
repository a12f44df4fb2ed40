import { Alert, NumberInput, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { inTenant, POST } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { tellDone } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { toMicroUsd } from "./to-micro-usd.ts";

const KINDS = ["top-up", "adjustment"] as const;
type Kind = (typeof KINDS)[number];

/** A payment that came by another way, or a correction; the reference keeps it from being booked twice. */
export default function TopUp({
  tenant,
  onClose,
}: {
  readonly tenant: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind>("top-up");
  const book = useMutation({
    mutationFn: async (body: Schema<"BookRequest">) =>
      (await POST("/api/v1/balance/transactions", { headers: inTenant(tenant.id), body })).data,
    onSuccess: async ({ balanceMicroUsd }) => {
      tellDone(t("topUp.done", { balance: formats.money(balanceMicroUsd) }));
      onClose();
      await queries.invalidateQueries({ queryKey: ["balance"] });
    },
  });
  const submit = (form: FormData) => {
    const note = textOf(form, "note");
    book.mutate({
      kind,
      amountMicroUsd: toMicroUsd(textOf(form, "amount")) ?? 0,
      reference: textOf(form, "reference"),
      ...(note !== "" && { note }),
    });
  };
  return (
    <FormDialog
      title={t("topUp.title")}
      lead={t("topUp.lead", { name: tenant.name })}
      submit={t("topUp.book")}
      isBusy={book.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      {book.error !== null && (
        <Alert color="red" variant="light" role="alert">
          {book.error.message}
        </Alert>
      )}
      <Radio.Group
        label={t("balance.what")}
        value={kind}
        onChange={(value) => setKind(KINDS.find((each) => each === value) ?? "top-up")}
      >
        <Stack gap="xs" mt="xs">
          {KINDS.map((value) => (
            <Radio key={value} value={value} label={t(`balance.kind.${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <NumberInput
        name="amount"
        label={t("topUp.amount")}
        description={kind === "adjustment" ? t("topUp.minus") : undefined}
        min={kind === "top-up" ? 0.01 : -1_000_000}
        max={1_000_000}
        decimalScale={6}
        prefix="$"
        required
        withAsterisk={false}
      />
      <TextInput
        name="reference"
        label={t("balance.reference")}
        description={t("topUp.referenceHint")}
        pattern="[\w.:\/\-]{1,100}"
        required
        withAsterisk={false}
      />
      <TextInput name="note" label={t("topUp.note")} maxLength={200} />
    </FormDialog>
  );
}
