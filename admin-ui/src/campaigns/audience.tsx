import {
  Badge,
  Button,
  FileInput,
  Group,
  NativeSelect,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ContactPicker } from "../contacts/contact-picker.tsx";
import { type Contact, useSegments } from "../contacts/queries.ts";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { CsvProblems } from "./csv-problems.tsx";
import { DryRun } from "./dry-run.tsx";
import { type Campaign, totalOf } from "./queries.ts";
import type { CsvOutcome, Draft } from "./use-draft.ts";

const KINDS = ["contacts", "segment", "csv"] as const;

/** To whom a draft goes. */
export function Audience({
  campaign,
  draft,
}: {
  readonly campaign: Campaign;
  readonly draft: Draft;
}) {
  const { t } = useTranslation();
  const { audience } = campaign;
  const [kind, setKind] = useState<(typeof KINDS)[number]>(audience?.kind ?? "contacts");
  const segments = useSegments();
  const set = async (call: Promise<CsvOutcome>) => {
    try {
      const outcome = await call;
      if (outcome.isSet) tellDone(t("campaigns.audienceSet"));
    } catch (error) {
      tellFailure(error);
    }
  };
  const segmentName = segments.data?.find(({ id }) => id === audience?.segment)?.name ?? "";
  return (
    <Paper className="sheet" p="md" component="section" aria-label={t("campaigns.audience")}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h5">
            {t("campaigns.audience")}
          </Title>
          <Badge variant="light" color={audience === null ? "yellow" : "green"} tt="none">
            {audience === null
              ? t("campaigns.nobody")
              : audience.kind === "segment"
                ? t("campaigns.ofSegment", { name: segmentName })
                : t("campaigns.people", { count: totalOf(campaign) })}
          </Badge>
        </Group>
        <SegmentedControl
          transitionDuration={0}
          fullWidth
          data={KINDS.map((value) => ({ value, label: t(`campaigns.kind.${value}`) }))}
          value={kind}
          onChange={(value) => setKind(KINDS.find((each) => each === value) ?? "contacts")}
          aria-label={t("campaigns.audience")}
        />
        {kind === "contacts" && (
          <Chosen
            onSet={(contacts) =>
              set(draft.setAudience({ kind: "contacts", contacts: [...contacts] }))
            }
          />
        )}
        {kind === "segment" && (
          <NativeSelect
            label={t("contacts.segment")}
            description={t("campaigns.segmentHint")}
            data={[
              { value: "", label: t("campaigns.chooseSegment") },
              ...(segments.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={audience?.segment ?? ""}
            onChange={({ currentTarget: { value } }) => {
              if (value !== "") void set(draft.setAudience({ kind: "segment", segment: value }));
            }}
          />
        )}
        {kind === "csv" && <Csv draft={draft} />}
        {audience !== null && <DryRun campaignId={campaign.id} />}
      </Stack>
    </Paper>
  );
}

function Chosen({ onSet }: { readonly onSet: (contacts: readonly string[]) => Promise<void> }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly Contact[]>([]);
  return (
    <Stack gap="sm">
      <ContactPicker
        label={t("campaigns.find")}
        without={chosen.map(({ id }) => id)}
        action={t("campaigns.add")}
        onPick={(contact) => setChosen([...chosen, contact])}
      />
      {chosen.length > 0 && (
        <>
          <Group gap={6}>
            {chosen.map((contact) => {
              const name = contact.name ?? t("contacts.nameless");
              return (
                <Button
                  key={contact.id}
                  size="compact-sm"
                  variant="default"
                  aria-label={t("campaigns.takeOff", { name })}
                  onClick={() => setChosen(chosen.filter(({ id }) => id !== contact.id))}
                >
                  {name} ×
                </Button>
              );
            })}
          </Group>
          <Group justify="flex-end">
            <Button size="sm" onClick={() => void onSet(chosen.map(({ id }) => id))}>
              {t("campaigns.setContacts", { count: chosen.length })}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

function Csv({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [outcome, setOutcome] = useState<CsvOutcome>();
  const send = async (problems: "refuse" | "skip") => {
    if (file === null) return;
    try {
      const said = await draft.setCsv(file, problems);
      setOutcome(said);
      if (said.isSet) tellDone(t("campaigns.audienceSet"));
    } catch (error) {
      tellFailure(error);
    }
  };
  const hasProblems = outcome !== undefined && outcome.problems.length > 0;
  return (
    <Stack gap="sm">
      <FileInput
        label={t("campaigns.csv")}
        description={t("campaigns.csvHint")}
        placeholder={t("campaigns.fileChoose")}
        accept=".csv,.txt,text/csv"
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          setOutcome(undefined);
        }}
        clearable
        clearButtonProps={{ "aria-label": t("campaigns.fileRemove") }}
      />
      {hasProblems && <CsvProblems problems={outcome.problems} />}
      <Group justify="flex-end">
        {hasProblems && !outcome.isSet && (
          <Button
            size="sm"
            variant="default"
            loading={draft.isSaving}
            onClick={() => void send("skip")}
          >
            {t("campaigns.csvSkip")}
          </Button>
        )}
        <Button
          size="sm"
          disabled={file === null}
          loading={draft.isSaving}
          onClick={() => void send("refuse")}
        >
          {t("campaigns.csvTake")}
        </Button>
      </Group>
      {outcome?.isSet === false && !hasProblems && (
        <Text size="sm" role="alert">
          {t("campaigns.csvEmpty")}
        </Text>
      )}
    </Stack>
  );
}
