import {
  Alert,
  Button,
  Code,
  FileInput,
  Group,
  Modal,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { POST } from "../api/api.ts";
import { tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { ImportProgress } from "./import-progress.tsx";

type Report = Schema<"ImportReport">;

/** 200,000 lines. */
const TIMEOUT_MS = 10 * 60_000;
const COLUMNS = "phone, telegram, consent, consent_at, consent_evidence, name, language, tags";

/** A file is tried first: what would come of it and each bad line; only then is anything taken. */
export default function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [country, setCountry] = useState("");
  const send = useMutation({
    mutationFn: async ({ dryRun, skipInvalid }: { dryRun: boolean; skipInvalid: boolean }) => {
      const body = new Blob([file ?? ""], { type: "text/csv" });
      const query = {
        dryRun: dryRun ? "true" : "false",
        skipInvalid: skipInvalid ? "true" : "false",
        ...(country.trim() !== "" && { country: country.trim().toUpperCase() }),
      } as const;
      return (
        await POST("/api/v1/contacts/import", { params: { query }, body, timeoutMs: TIMEOUT_MS })
      ).data;
    },
    onError: tellFailure,
    onSuccess: ({ isDryRun }) =>
      isDryRun ? undefined : queries.invalidateQueries({ queryKey: ["contacts"] }),
  });
  const report = send.data;
  const isDone = report !== undefined && !report.isDryRun;
  const again = () => send.reset();
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("contacts.import")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        {!isDone && (
          <>
            <Text size="sm">
              {t("contacts.importHint")} <Code>{COLUMNS}</Code> {t("contacts.importLimit")}
            </Text>
            <FileInput
              label={t("contacts.importFile")}
              placeholder={t("contacts.importChoose")}
              accept=".csv,.tsv,.txt,text/csv"
              value={file}
              onChange={(chosen) => {
                setFile(chosen);
                again();
              }}
              clearable
              clearButtonProps={{ "aria-label": t("contacts.importClear") }}
            />
            <TextInput
              label={t("contacts.importCountry")}
              description={t("contacts.importCountryHint")}
              value={country}
              onChange={({ currentTarget }) => {
                setCountry(currentTarget.value);
                again();
              }}
              maxLength={2}
              w={{ base: "100%", sm: 260 }}
            />
          </>
        )}
        <ImportProgress isSending={send.isPending} />
        {report !== undefined && <ImportReport report={report} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t(isDone ? "action.close" : "action.cancel")}
          </Button>
          {report === undefined && (
            <Button
              disabled={file === null}
              loading={send.isPending}
              onClick={() => send.mutate({ dryRun: true, skipInvalid: true })}
            >
              {t("contacts.importTry")}
            </Button>
          )}
          {report?.isDryRun === true && report.badLineCount < report.lines && (
            <Button
              loading={send.isPending}
              onClick={() => send.mutate({ dryRun: false, skipInvalid: report.badLineCount > 0 })}
            >
              {t(report.badLineCount > 0 ? "contacts.importSkip" : "contacts.importGo")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function ImportReport({ report }: { readonly report: Report }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const figures = {
    lines: formats.number(report.lines),
    created: formats.number(report.created),
    updated: formats.number(report.updated),
    bad: formats.number(report.badLineCount),
  };
  return (
    <>
      <Alert color={report.badLineCount > 0 ? "yellow" : "green"} variant="light" role="status">
        {t(report.isDryRun ? "contacts.importWould" : "contacts.importDid", figures)}
      </Alert>
      {report.badLines.length > 0 && (
        <Table.ScrollContainer minWidth={420} mah={260} scrollAreaProps={{ type: "auto" }}>
          <Table verticalSpacing={4} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("contacts.line")}</Table.Th>
                <Table.Th>{t("contacts.column")}</Table.Th>
                <Table.Th>{t("contacts.problem")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {report.badLines.map((bad) => (
                <Table.Tr key={`${bad.line} ${bad.column} ${bad.rule}`}>
                  <Table.Td className="tabular">{bad.line}</Table.Td>
                  <Table.Td>{bad.column === null ? "" : <Code>{bad.column}</Code>}</Table.Td>
                  <Table.Td>
                    {t(`contacts.rule.${bad.rule as "repeated"}`, { defaultValue: bad.message })}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}
