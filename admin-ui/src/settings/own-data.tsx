import { Alert, Badge, Button, Stack, Table, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { DELETE, GET, POST } from "../api/api.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { useSigned } from "../shell/session.ts";
import { useTenant } from "../shell/tenant.ts";

type Archive = Schema<"TenantExport">;

const LOOK_EVERY_MS = 4_000;
/** Of an archive of some gigabytes. */
const ARCHIVE_TIMEOUT_MS = 60 * 60_000;
const MEGABYTE = 1_000_000;
const COLORS: Readonly<Record<Archive["state"], string>> = {
  queued: "blue",
  running: "blue",
  ready: "green",
  failed: "red",
  expired: "gray",
};

/** Takes along everything that is the institution's, or lets it go. */
export default function OwnData() {
  return (
    <Stack gap="lg">
      <Archives />
      <Deletion />
    </Stack>
  );
}

function Archives() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: ["exports"],
    queryFn: async () => (await GET("/api/v1/tenant/exports")).data.exports,
    refetchInterval: ({ state: { data } }) =>
      data?.some(({ state }) => state === "queued" || state === "running") ? LOOK_EVERY_MS : false,
  });
  const ask = useMutation({
    mutationFn: () => POST("/api/v1/tenant/exports"),
    onError: tellFailure,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["exports"] }),
  });
  return (
    <Section
      title={t("exports.title")}
      lead={t("exports.lead")}
      actions={
        <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
          {t("exports.ask")}
        </Button>
      }
    >
      {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
      {list.isPending && <LoadingRows rows={1} />}
      {list.data?.length === 0 && (
        <Text size="sm" className="soft">
          {t("exports.none")}
        </Text>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <WideTable minWidth={460}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("exports.askedAt")}</Table.Th>
                <Table.Th>{t("exports.state")}</Table.Th>
                <Table.Th>{t("exports.size")}</Table.Th>
                <Table.Th>{t("exports.file")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.data.map((archive) => (
                <ArchiveRow key={archive.id} archive={archive} />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Section>
  );
}

function ArchiveRow({ archive }: { readonly archive: Archive }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { person } = useSigned();
  const { id, state, askedAt, askedBy, expiresAt, bytes, reason } = archive;
  const isMine = askedBy === person.id;
  const save = useMutation({
    mutationFn: async () => {
      const { data } = await GET("/api/v1/tenant/exports/{exportId}/archive", {
        params: { path: { exportId: id } },
        parseAs: "blob",
        timeoutMs: ARCHIVE_TIMEOUT_MS,
      });
      saveFile(data, `pregonero-${id}.zip`);
    },
    onError: tellFailure,
  });
  return (
    <Table.Tr>
      <Table.Td className="tabular">{formats.long(askedAt)}</Table.Td>
      <Table.Td>
        <Badge color={COLORS[state]} variant="light" tt="none">
          {t(`exports.state.${state}`)}
        </Badge>
        {reason !== null && <Text size="xs">{reason}</Text>}
        {state === "ready" && expiresAt !== null && (
          <Text size="xs" className="soft">
            {t("exports.until", { at: formats.long(expiresAt) })}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="tabular">
        {bytes === null ? "–" : `${formats.number(Math.ceil(bytes / MEGABYTE))} MB`}
      </Table.Td>
      <Table.Td>
        {state === "ready" && isMine && (
          <Button
            size="xs"
            variant="default"
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t("exports.download")}
          </Button>
        )}
        {state === "ready" && !isMine && <Text size="xs">{t("exports.notMine")}</Text>}
      </Table.Td>
    </Table.Tr>
  );
}

/** Seven days of grace: until then it is closed, and can be called back. */
function Deletion() {
  const { t } = useTranslation();
  const formats = useFormats();
  const queries = useQueryClient();
  const { data: tenant } = useTenant();
  const [isAsking, setAsking] = useState(false);
  const keep = useMutation({
    mutationFn: () => DELETE("/api/v1/tenant/deletion"),
    onError: tellFailure,
    onSuccess: () => {
      tellDone(t("deletion.kept"));
      return queries.invalidateQueries();
    },
  });
  const dueAt = tenant?.deletionDueAt ?? null;
  return (
    <Section title={t("deletion.title")} lead={t("deletion.lead")}>
      {dueAt === null ? (
        <Button color="red" variant="outline" onClick={() => setAsking(true)}>
          {t("deletion.ask")}
        </Button>
      ) : (
        <Alert color="red" variant="light" role="status" title={t("deletion.underWay")}>
          <Stack gap="xs">
            <Text size="sm">{t("deletion.dueAt", { at: formats.long(dueAt) })}</Text>
            <Button
              loading={keep.isPending}
              onClick={() => keep.mutate()}
              style={{ alignSelf: "flex-start" }}
            >
              {t("deletion.keep")}
            </Button>
          </Stack>
        </Alert>
      )}
      {isAsking && tenant !== undefined && (
        <DeletionDialog name={tenant.name} onClose={() => setAsking(false)} />
      )}
    </Section>
  );
}

function DeletionDialog({
  name,
  onClose,
}: {
  readonly name: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const remove = useMutation({
    mutationFn: () => POST("/api/v1/tenant/deletion", { body: { name: typed } }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["tenant"] });
    },
  });
  return (
    <FormDialog
      title={t("deletion.ask")}
      lead={t("deletion.goes")}
      submit={t("deletion.ask")}
      color="red"
      isBusy={remove.isPending}
      isReady={typed === name}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    >
      <TextInput
        label={t("deletion.type", { name })}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
    </FormDialog>
  );
}
