import { Button, Code, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { QrCode } from "./totp-qr-code.tsx";

/** A second factor that is being set up: scanned, or typed into the phone, and proved by its first code. */
export function TotpForm({
  begun: { qrPng, secret },
  isBusy,
  onCode,
}: {
  readonly begun: { readonly qrPng: string; readonly secret: string };
  readonly isBusy: boolean;
  readonly onCode: (code: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onCode(String(new FormData(event.currentTarget).get("code")).trim());
      }}
    >
      <Stack>
        <Text size="sm">{t("totp.scan")}</Text>
        <QrCode png={qrPng} label={t("totp.qr")} />
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {t("totp.secret")} <Code>{secret}</Code>
        </Text>
        <CodeField />
        <Button type="submit" loading={isBusy}>
          {t("signIn.verify")}
        </Button>
      </Stack>
    </form>
  );
}

/** Six digits of the phone. */
export function CodeField() {
  const { t } = useTranslation();
  return (
    <TextInput
      name="code"
      label={t("signIn.code")}
      inputMode="numeric"
      autoComplete="one-time-code"
      required
      withAsterisk={false}
    />
  );
}
