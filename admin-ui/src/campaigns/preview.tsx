import { Alert, Badge, Group, Paper, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { POST } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { type Bubble, placesOf, type Run, toBubble } from "./bubbles.ts";
import classes from "./campaigns.module.css";

type Parts = readonly Readonly<Record<string, unknown>>[];

/** What each channel would show of the text as it is kept now, with values to try. */
export function Preview({
  campaignId,
  text,
  saved,
}: {
  readonly campaignId: string;
  readonly text: string;
  /** Grows with each saving, after which it is asked for again. */
  readonly saved: number;
}) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const places = placesOf(text);
  const preview = useQuery({
    queryKey: ["campaigns", "preview", campaignId, saved, values],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const params = { path: { campaignId } };
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
      const body = { values: given };
      return (await POST("/api/v1/campaigns/{campaignId}/preview", { params, body })).data;
    },
  });
  const { data } = preview;
  return (
    <Paper
      className={`sheet ${classes.preview}`}
      component="section"
      aria-label={t("campaigns.preview")}
    >
      <Stack gap="md">
        <Title order={2} size="h5">
          {t("campaigns.preview")}
        </Title>
        {places.length > 0 && (
          <Group gap="xs" grow>
            {places.map((place) => (
              <TextInput
                key={place}
                size="xs"
                label={t("campaigns.value", { place })}
                value={values[place] ?? ""}
                onChange={({ currentTarget: { value } }) =>
                  setValues({ ...values, [place]: value })
                }
              />
            ))}
          </Group>
        )}
        {preview.isError && <Failure error={preview.error} retry={() => void preview.refetch()} />}
        {preview.isPending && <Skeleton height={120} />}
        {data?.placesNeeded.length !== 0 && data !== undefined && (
          <Alert color="yellow" variant="light">
            {t("campaigns.placesNeeded", { places: data.placesNeeded.join(", ") })}
          </Alert>
        )}
        {data?.previews.map(({ bot, channel, messages, template }) => (
          <Stack key={bot} gap={6}>
            <Text size="xs" fw={600} className="soft">
              {t(`channel.${channel}`)}
            </Text>
            <Bubbles channel={channel} parts={messages} />
            {template !== null && (
              <>
                <Text size="xs" className="soft">
                  {t("campaigns.outsideWindow")}
                </Text>
                <Bubbles channel={channel} parts={template} />
              </>
            )}
          </Stack>
        ))}
      </Stack>
    </Paper>
  );
}

function Bubbles({ channel, parts }: { readonly channel: string; readonly parts: Parts | null }) {
  const { t } = useTranslation();
  if (parts === null) {
    return (
      <Text size="sm" className="soft">
        {t("campaigns.valueMissing")}
      </Text>
    );
  }
  const shown = parts.map((part, at) => ({ key: `part-${at}`, bubble: toBubble(channel, part) }));
  return (
    <>
      {shown.map(({ key, bubble }) => (
        <BubbleView key={key} bubble={bubble} />
      ))}
      {shown.length > 1 && (
        <Badge size="sm" variant="light" color="yellow" tt="none">
          {t("campaigns.messages", { count: shown.length })}
        </Badge>
      )}
    </>
  );
}

function BubbleView({ bubble }: { readonly bubble: Bubble }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { runs, fileName, length, limit } = bubble;
  const keyed = runs.map((run, at) => ({ key: `run-${at}`, run }));
  return (
    <div>
      <div className={classes.bubble}>
        {fileName !== undefined && (
          <span className={classes.file}>
            <Icon name="documents" size={17} />
            {fileName}
          </span>
        )}
        {keyed.map(({ key, run }) => (
          <RunView key={key} run={run} />
        ))}
      </div>
      {limit !== undefined && (
        <Text size="xs" className="soft tabular" mt={2}>
          {t("campaigns.length", { length: formats.number(length), limit: formats.number(limit) })}
        </Text>
      )}
    </div>
  );
}

function RunView({ run: { text, style } }: { readonly run: Run }) {
  if (style === "bold") return <strong>{text}</strong>;
  if (style === "italic") return <em>{text}</em>;
  if (style === "code") return <code>{text}</code>;
  // Not to be followed: it is what the citizen will get.
  if (style === "link") return <span className={classes.link}>{text}</span>;
  return text;
}
