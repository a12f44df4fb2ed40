import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Why somebody does it: for whoever wonders, and for the audit. */
export function ReasonField() {
  const { t } = useTranslation();
  return (
    <TextInput
      name="reason"
      label={t("reason.label")}
      description={t("reason.hint")}
      required
      minLength={3}
      maxLength={500}
      withAsterisk={false}
    />
  );
}
