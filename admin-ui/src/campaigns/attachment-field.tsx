import { Alert, Button, FileInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Campaign } from "./queries.ts";
import type { CampaignRequest } from "./use-draft.ts";

export type Attachment = NonNullable<CampaignRequest["attachment"]>;

const MAX_BYTES = 512 * 1024;
/** `data:application/pdf;base64,` goes before. */
const PAYLOAD = /^[^,]*,/;

/** One file, with the text as its caption. */
export function AttachmentField({
  attachment,
  lost,
  onChange,
}: {
  readonly attachment: Attachment | undefined;
  /** The server has it and does not give it back: it is chosen again, or goes. */
  readonly lost: Campaign["attachment"];
  readonly onChange: (attachment: Attachment | undefined) => void;
}) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [isTooLarge, setTooLarge] = useState(false);
  const choose = async (chosen: File | null) => {
    const isLarge = chosen !== null && chosen.size > MAX_BYTES;
    setTooLarge(isLarge);
    if (isLarge) return;
    setFile(chosen);
    onChange(chosen === null ? undefined : await read(chosen));
  };
  return (
    <Stack gap="xs">
      {lost !== null && (
        <Alert color="yellow" variant="light">
          <Text size="sm" mb="xs">
            {t("campaigns.fileLost", { name: lost.fileName })}
          </Text>
          <Button size="xs" variant="default" onClick={() => onChange(undefined)}>
            {t("campaigns.fileRemove")}
          </Button>
        </Alert>
      )}
      <FileInput
        label={t("campaigns.file")}
        placeholder={attachment?.fileName ?? t("campaigns.fileChoose")}
        description={t("campaigns.fileHint")}
        value={file}
        onChange={(chosen) => void choose(chosen)}
        clearable
        clearButtonProps={{ "aria-label": t("campaigns.fileRemove") }}
        error={isTooLarge ? t("campaigns.fileTooLarge") : undefined}
      />
    </Stack>
  );
}

async function read(file: File): Promise<Attachment> {
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  return {
    fileName: file.name.slice(-120),
    mimeType: file.type || "application/octet-stream",
    contentBase64: address.replace(PAYLOAD, ""),
  };
}
