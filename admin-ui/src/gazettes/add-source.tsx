import { Modal, Radio, Stack, Tabs } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { useTenant } from "../shell/tenant.ts";
import { blankSource, type NewSource, requestOf, sourceOfPreset } from "./new-source.ts";
import { PresetCards } from "./preset-cards.tsx";
import { type Preset, type Source, useAddSource, usePresets, useRights } from "./queries.ts";
import { problemsOf, Refused } from "./refused.tsx";
import { SETTINGS_FIELDS } from "./source-fields.tsx";
import { IDENTITY_FIELDS, SourceForm } from "./source-form.tsx";

/** Adds a gazette that is known by name, as it is known or changed before, or one of which a form says everything. */
export default function AddSource({
  isOpen,
  known,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly known: readonly Source[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="xl"
      title={t("gazettes.add")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Adding known={known} onClose={onClose} />
    </Modal>
  );
}

function Adding({
  known,
  onClose,
}: {
  readonly known: readonly Source[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { mayOwn, mayPublic } = useRights();
  const navigate = useNavigate();
  const [tab, setTab] = useState<string | null>("presets");
  const [isPublic, setPublic] = useState(mayPublic);
  const [draft, setDraft] = useState<NewSource>();
  const add = useAddSource((source) => {
    onClose();
    void navigate({ to: "/gazettes/$sourceId", params: { sourceId: source.id }, search: {} });
  });
  const show = (value: string | null) => {
    add.reset();
    setTab(value);
  };
  const taken = known.filter((source) => source.isPublic === isPublic).map(({ slug }) => slug);
  return (
    <Stack>
      {mayOwn && mayPublic && <ForWhom isPublic={isPublic} onChange={setPublic} />}
      <Tabs value={tab} onChange={show} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="presets">{t("gazettes.presets")}</Tabs.Tab>
          <Tabs.Tab value="form">{t("gazettes.form")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="presets">
          <Known
            taken={new Set(taken)}
            error={add.error}
            busy={add.isPending ? add.variables.body.preset : undefined}
            onAdd={({ name }) => add.mutate({ body: { preset: name }, isPublic })}
            onAdjust={(preset) => {
              setDraft(sourceOfPreset(preset, Date.now()));
              show("form");
            }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="form">
          <ByForm
            draft={draft}
            error={add.error}
            isBusy={add.isPending}
            onChange={setDraft}
            onSubmit={(source) => add.mutate({ body: requestOf(source), isPublic })}
          />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function ForWhom({
  isPublic,
  onChange,
}: {
  readonly isPublic: boolean;
  readonly onChange: (isPublic: boolean) => void;
}) {
  const { t } = useTranslation();
  const { data: tenant } = useTenant();
  return (
    <Radio.Group
      label={t("gazettes.forWhom")}
      value={isPublic ? "public" : "own"}
      onChange={(value) => onChange(value === "public")}
    >
      <Stack gap={6} mt={6}>
        <Radio value="public" label={t("gazettes.forAll")} />
        <Radio value="own" label={t("gazettes.forOwn", { name: tenant?.name ?? "" })} />
      </Stack>
    </Radio.Group>
  );
}

function Known({
  error,
  ...cards
}: {
  readonly taken: ReadonlySet<string>;
  readonly error: Error | null;
  readonly busy: string | undefined;
  readonly onAdd: (preset: Preset) => void;
  readonly onAdjust: (preset: Preset) => void;
}) {
  const presets = usePresets();
  if (presets.isError)
    return <Failure error={presets.error} retry={() => void presets.refetch()} />;
  if (presets.data === undefined) return <LoadingRows rows={3} height={90} />;
  return (
    <Stack>
      <Refused error={error} problems={problemsOf(error)} fields={[]} />
      <PresetCards presets={presets.data} {...cards} />
    </Stack>
  );
}

function ByForm({
  draft,
  error,
  isBusy,
  onChange,
  onSubmit,
}: {
  /** Undefined: nothing was written yet. */
  readonly draft: NewSource | undefined;
  readonly error: Error | null;
  readonly isBusy: boolean;
  readonly onChange: (draft: NewSource | undefined) => void;
  readonly onSubmit: (source: NewSource) => void;
}) {
  const { t } = useTranslation();
  const { data: tenant } = useTenant();
  const timeZone = tenant?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const source = draft ?? blankSource(timeZone, Date.now());
  const isTaken = isProblem(error, "source-exists");
  const problems = isTaken
    ? [{ field: "source.slug", problem: t("gazettes.exists") }]
    : problemsOf(error);
  // Of one that is known by name, the form asks no name.
  const fields = source.preset === undefined ? IDENTITY_FIELDS : ["since"];
  return (
    <Stack>
      <Refused error={error} problems={problems} fields={[...fields, ...SETTINGS_FIELDS]} />
      <SourceForm
        source={source}
        problems={problems}
        isBusy={isBusy}
        onChange={onChange}
        onAnew={() => onChange(undefined)}
        onSubmit={onSubmit}
      />
    </Stack>
  );
}
