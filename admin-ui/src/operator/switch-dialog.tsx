import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { EVERYWHERE, PUT } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { ReasonField } from "../parts/reason-field.tsx";
import { tellFailure } from "../parts/tell.ts";

export type Feature = Schema<"Switch">["feature"];

/** Switches a part of the product for everybody; `null`: as usual again. */
export function SwitchDialog({
  feature,
  isOn,
  onClose,
  onDone,
}: {
  readonly feature: Feature;
  readonly isOn: boolean | null;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const change = useMutation({
    mutationFn: (reason: string) =>
      PUT("/api/v1/switches/{feature}", {
        params: { path: { feature } },
        headers: EVERYWHERE,
        body: { isOn, reason },
      }),
    onError: tellFailure,
    onSuccess: onDone,
  });
  const verb = t(isOn === null ? "load.asUsual" : isOn ? "load.turnOn" : "load.turnOff");
  return (
    <FormDialog
      title={`${verb}: ${t(`feature.${feature}`)}`}
      lead={t(isOn === true ? "load.onHint" : `load.offHint.${feature}`)}
      submit={verb}
      isBusy={change.isPending}
      onClose={onClose}
      onSubmit={(form) => change.mutate(textOf(form, "reason"))}
    >
      <ReasonField />
    </FormDialog>
  );
}
