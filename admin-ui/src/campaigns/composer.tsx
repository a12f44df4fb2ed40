import { Alert, NumberInput, Paper, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import { type Attachment, AttachmentField } from "./attachment-field.tsx";
import { Audience } from "./audience.tsx";
import { BotChoice } from "./bot-choice.tsx";
import classes from "./campaigns.module.css";
import { Preview } from "./preview.tsx";
import { type Campaign, useLines } from "./queries.ts";
import { TemplateFields } from "./template-fields.tsx";
import type { CampaignRequest, Draft } from "./use-draft.ts";

const TYPING_PAUSE_MS = 600;
const MAX_TEXT = 10_000;
const MAX_PACE = 6_000;

interface Form {
  readonly name: string;
  readonly text: string;
  readonly bots: readonly string[];
  readonly template: Campaign["template"];
  readonly pacePerMinute: number | null;
  readonly attachment: Attachment | undefined;
}

/** Writes a draft; what is typed is kept by itself, and shown as each channel will show it. */
export default function Composer({
  campaign,
  draft,
}: {
  readonly campaign: Campaign;
  readonly draft: Draft;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const lines = useLines();
  const [saved, setSaved] = useState(0);
  // The API gives no file back: who opens a draft that has one says anew what becomes of it.
  const [isFileLost, setFileLost] = useState(campaign.attachment !== null);
  const [form, setForm] = useState<Form>({ ...campaign, attachment: undefined });
  const keep = useDebouncedCallback(
    (wanted: Form) => {
      if (!isWhole(wanted)) return;
      draft
        .write(toRequest(wanted))
        .then(() => setSaved((count) => count + 1))
        .catch(() => undefined);
    },
    { delay: TYPING_PAUSE_MS, flushOnUnmount: true },
  );
  const change = (part: Partial<Form>) => {
    const wanted = { ...form, ...part };
    setForm(wanted);
    keep(wanted);
  };
  const isCloud = lines.data?.some(
    ({ botId, channel }) => channel === "whatsapp-cloud" && form.bots.includes(botId),
  );
  return (
    <div className={classes.composer}>
      <Stack>
        <Paper className="sheet" p="md" component="section" aria-label={t("campaigns.message")}>
          <Stack>
            <TextInput
              label={t("campaigns.name")}
              description={t("campaigns.nameHint")}
              value={form.name}
              onChange={({ currentTarget }) => change({ name: currentTarget.value })}
              onBlur={() => keep.flush()}
              maxLength={200}
              readOnly={isFileLost}
              error={form.name.trim() === "" ? t("campaigns.needed") : undefined}
            />
            <Textarea
              label={t("campaigns.text")}
              description={t("campaigns.textHint")}
              value={form.text}
              onChange={({ currentTarget }) => change({ text: currentTarget.value })}
              onBlur={() => keep.flush()}
              maxLength={MAX_TEXT}
              autosize
              minRows={5}
              maxRows={18}
              readOnly={isFileLost}
              error={form.text.trim() === "" ? t("campaigns.needed") : undefined}
            />
            <Text size="xs" className="soft tabular">
              {t("campaigns.length", {
                length: formats.number(form.text.length),
                limit: formats.number(MAX_TEXT),
              })}
            </Text>
            <AttachmentField
              attachment={form.attachment}
              lost={isFileLost ? campaign.attachment : null}
              onChange={(attachment) => {
                setFileLost(false);
                change({ attachment });
              }}
            />
            <BotChoice
              bots={form.bots}
              onChange={(bots) => change({ bots })}
              isDisabled={isFileLost}
            />
            {isCloud === true && (
              <TemplateFields
                template={form.template}
                onChange={(template) => change({ template })}
                isDisabled={isFileLost}
              />
            )}
            <NumberInput
              label={t("campaigns.pace")}
              description={t("campaigns.paceHint")}
              min={1}
              max={MAX_PACE}
              allowDecimal={false}
              value={form.pacePerMinute ?? ""}
              onChange={(given) =>
                change({ pacePerMinute: typeof given === "number" ? given : null })
              }
              disabled={isFileLost}
              w={{ base: "100%", sm: 260 }}
            />
          </Stack>
        </Paper>
        <Audience campaign={campaign} draft={draft} />
      </Stack>
      <Stack className={classes.side}>
        {!isWhole(form) && (
          <Alert color="yellow" variant="light">
            {t("campaigns.notKept")}
          </Alert>
        )}
        <Preview campaignId={campaign.id} text={form.text} saved={saved} />
      </Stack>
    </div>
  );
}

function isWhole({ name, text, bots }: Form): boolean {
  return name.trim() !== "" && text.trim() !== "" && bots.length > 0;
}

function toRequest({
  name,
  text,
  bots,
  template,
  pacePerMinute,
  attachment,
}: Form): CampaignRequest {
  const isTemplate = template !== null && template.name !== "" && template.language !== "";
  return {
    name,
    text,
    bots: [...bots],
    ...(isTemplate && {
      template: {
        ...template,
        parameters: (template.parameters ?? []).filter((each) => each.trim() !== ""),
      },
    }),
    ...(pacePerMinute !== null && { pacePerMinute }),
    ...(attachment !== undefined && { attachment }),
  };
}
