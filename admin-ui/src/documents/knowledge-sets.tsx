import {
  Alert,
  Badge,
  Button,
  Group,
  Modal,
  MultiSelect,
  Paper,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { DELETE, PUT } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useDocuments, useKnowledgeSets } from "./queries.ts";

type KnowledgeSet = Schema<"KnowledgeSet">;
const ALL = "all";

/** Named groups of gazettes and documents, which assistants answer from. */
export default function KnowledgeSets({ mayChange }: { readonly mayChange: boolean }) {
  const { t } = useTranslation();
  const sets = useKnowledgeSets();
  const [edited, setEdited] = useState<KnowledgeSet | "new">();
  if (sets.isError) return <Failure error={sets.error} retry={() => sets.refetch()} />;
  if (sets.data === undefined) return <LoadingRows rows={3} />;
  return (
    <Stack>
      {mayChange && (
        <Group justify="flex-end">
          <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setEdited("new")}>
            {t("sets.add")}
          </Button>
        </Group>
      )}
      {sets.data.length === 0 && (
        <Empty icon="documents" title={t("sets.none")}>
          {t("sets.noneHint")}
        </Empty>
      )}
      {sets.data.map((set) => (
        <SetCard key={set.name} set={set} onEdit={mayChange ? () => setEdited(set) : undefined} />
      ))}
      {edited !== undefined && (
        <SetDialog
          set={edited === "new" ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Stack>
  );
}

function SetCard({
  set,
  onEdit,
}: {
  readonly set: KnowledgeSet;
  readonly onEdit: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const { name, description, documents, gazettes, assistants } = set;
  return (
    <Paper p="md" className="sheet" component="section" aria-label={name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Title order={2} size="h5">
            {name}
          </Title>
          {description !== "" && <Text size="sm">{description}</Text>}
          <Text size="sm" className="soft">
            {documents === ALL
              ? t("sets.allDocuments")
              : t("sets.documentCount", { count: documents.length })}{" "}
            ·{" "}
            {gazettes === ALL
              ? t("sets.allGazettes")
              : t("sets.gazettes", { names: gazettes.join(", ") || "—" })}
          </Text>
          <Group gap={6} mt={4}>
            {assistants.map((assistant) => (
              <Badge key={assistant} variant="light" tt="none">
                {assistant}
              </Badge>
            ))}
          </Group>
        </div>
        {onEdit !== undefined && (
          <Button
            size="xs"
            variant="default"
            aria-label={t("sets.editOf", { name })}
            onClick={onEdit}
          >
            {t("sets.edit")}
          </Button>
        )}
      </Group>
    </Paper>
  );
}

function SetDialog({
  set,
  onClose,
}: {
  readonly set: KnowledgeSet | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const known = useDocuments();
  const [takesAll, setTakesAll] = useState(set === undefined || set.documents === ALL);
  const [documents, setDocuments] = useState<readonly string[]>(
    set === undefined || set.documents === ALL ? [] : set.documents,
  );
  const [allGazettes, setAllGazettes] = useState(set?.gazettes === ALL);
  const after = {
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["knowledge-sets"] });
    },
  };
  const save = useMutation({
    mutationFn: ({ name, body }: { name: string; body: Schema<"KnowledgeSetRequest"> }) =>
      PUT("/api/v1/knowledge-sets/{name}", {
        params: {
          path: { name },
          ...(set !== undefined && { header: { "If-Match": `"r${set.revision}"` } }),
        },
        body,
      }),
    ...after,
  });
  const remove = useMutation({
    mutationFn: (name: string) =>
      DELETE("/api/v1/knowledge-sets/{name}", { params: { path: { name } } }),
    onError: tellFailure,
    ...after,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const slugs = String(form.get("gazettes") ?? "").split(/[\s,]+/);
    save.mutate({
      name: set?.name ?? String(form.get("name")),
      body: {
        description: String(form.get("description")).trim(),
        documents: takesAll ? ALL : documents,
        gazettes: allGazettes ? ALL : slugs.filter((slug) => slug !== ""),
      },
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={set?.name ?? t("sets.add")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          {save.error !== null && (
            <Alert color="red" variant="light" role="alert">
              {save.error.message}
            </Alert>
          )}
          {set === undefined && (
            <TextInput
              name="name"
              label={t("sets.name")}
              description={t("sets.nameHint")}
              pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
              maxLength={40}
              required
              withAsterisk={false}
              autoComplete="off"
            />
          )}
          <TextInput
            name="description"
            label={t("sets.description")}
            defaultValue={set?.description ?? ""}
            maxLength={200}
          />
          <Switch
            label={t("sets.allDocuments")}
            checked={takesAll}
            onChange={(event) => setTakesAll(event.currentTarget.checked)}
          />
          {!takesAll && (
            <MultiSelect
              label={t("documents.documents")}
              data={(known.data ?? []).map(({ id, title }) => ({ value: id, label: title }))}
              value={[...documents]}
              onChange={setDocuments}
              searchable
            />
          )}
          <Switch
            label={t("sets.allGazettes")}
            checked={allGazettes}
            onChange={(event) => setAllGazettes(event.currentTarget.checked)}
          />
          {!allGazettes && (
            <TextInput
              name="gazettes"
              label={t("sets.gazetteSlugs")}
              description={t("sets.gazetteSlugsHint")}
              defaultValue={
                set === undefined || set.gazettes === ALL ? "" : set.gazettes.join(", ")
              }
            />
          )}
          <Group justify="space-between">
            {set === undefined ? (
              <span />
            ) : (
              <Button
                variant="subtle"
                color="red"
                loading={remove.isPending}
                onClick={() => remove.mutate(set.name)}
              >
                {t("documents.remove")}
              </Button>
            )}
            <Button type="submit" loading={save.isPending}>
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
