import { Button, Code, Group, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { withWords } from "../i18n/i18n.ts";
import { More } from "../parts/more.tsx";
import { Page } from "../parts/page.tsx";
import { nameOf, usePeopleNames } from "../parts/people-names.ts";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { useEverWanted } from "../parts/use-ever-wanted.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { useSigned } from "../shell/session.ts";
import { AuditSearch } from "./audit-search.tsx";
import { ExportButton } from "./export-button.tsx";
import type { AuditFilter } from "./filter.ts";
import { type AuditEntry, useAudit } from "./queries.ts";

const ActionName = lazy(() => withWords(import("./action-name.tsx"), "audit-actions"));
const EntryDrawer = lazy(() => import("./entry-drawer.tsx"));
const Verification = lazy(() => import("./verification.tsx"));

/** Who changed what, when, from where; it is only added to. */
export function Audit() {
  const { t } = useTranslation();
  const { tenantId, role, person } = useSigned();
  const filter = useSearch({ from: "/audit" });
  const navigate = useNavigate();
  const isPlatforms = person.platformRole !== null;
  const isOwner = tenantId !== undefined && role === "owner";
  const [isWide, setWide] = useState(!isOwner);
  const [opened, setOpened] = useState<AuditEntry>();
  const [isVerifying, setVerifying] = useState(false);
  const isEverywhere = isPlatforms && isWide;
  const show = (search: AuditFilter) => void navigate({ to: "/audit", search });
  return (
    <Page
      title={t("nav.audit")}
      lead={t("audit.lead")}
      actions={
        <Group gap="xs">
          {isPlatforms && (
            <Button variant="default" onClick={() => setVerifying(true)}>
              {t("audit.verify")}
            </Button>
          )}
          <ExportButton filter={filter} isEverywhere={isEverywhere} />
        </Group>
      }
    >
      <Stack>
        {isPlatforms && isOwner && (
          <SegmentedControl
            size="xs"
            aria-label={t("audit.scope")}
            value={isWide ? "everywhere" : "tenant"}
            onChange={(value) => setWide(value === "everywhere")}
            data={[
              { value: "tenant", label: t("audit.ofTenant") },
              { value: "everywhere", label: t("nav.installation") },
            ]}
            style={{ alignSelf: "flex-start" }}
          />
        )}
        <Suspense fallback={<LoadingRows rows={1} />}>
          {isVerifying && <Verification onClose={() => setVerifying(false)} />}
        </Suspense>
        <AuditSearch key={JSON.stringify(filter)} filter={filter} onShow={show} />
        <Entries filter={filter} isEverywhere={isEverywhere} onOpen={setOpened} />
      </Stack>
      <Opened
        entry={opened}
        onClose={() => setOpened(undefined)}
        onShow={(search) => {
          setOpened(undefined);
          show(search);
        }}
      />
    </Page>
  );
}

function Entries({
  filter,
  isEverywhere,
  onOpen,
}: {
  readonly filter: AuditFilter;
  readonly isEverywhere: boolean;
  readonly onOpen: (entry: AuditEntry) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const names = usePeopleNames();
  const list = useAudit(filter, isEverywhere);
  if (list.isError) return <Failure error={list.error} retry={() => list.refetch()} />;
  if (list.data === undefined) return <LoadingRows />;
  if (list.data.length === 0) {
    return (
      <Empty icon="audit" title={t("audit.none")}>
        {t("audit.noneHint")}
      </Empty>
    );
  }
  return (
    <Stack>
      <WideTable minWidth={720}>
        <Table verticalSpacing="xs" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("audit.when")}</Table.Th>
              <Table.Th>{t("audit.action")}</Table.Th>
              <Table.Th>{t("audit.actor")}</Table.Th>
              <Table.Th>{t("audit.subject")}</Table.Th>
              <Table.Th>{t("audit.more")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.data.map((entry) => (
              <Table.Tr key={entry.id}>
                <Table.Td className="tabular">{formats.long(entry.at)}</Table.Td>
                <Table.Td>
                  <Text size="sm">
                    <Suspense fallback={"\u00a0"}>
                      <ActionName action={entry.action} />
                    </Suspense>
                  </Text>
                  <Code lang="en">{entry.action}</Code>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" className="clamp" maw={220} title={entry.actor}>
                    {nameOf(entry.actor, names)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Code className="clamp" display="block" maw={260} title={entry.subject}>
                    {entry.subject}
                  </Code>
                </Table.Td>
                <Table.Td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() => onOpen(entry)}
                    aria-label={t("audit.openOf", { id: entry.id })}
                  >
                    {t("audit.open")}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <More list={list} />
    </Stack>
  );
}

function Opened({
  entry,
  onClose,
  onShow,
}: {
  readonly entry: AuditEntry | undefined;
  readonly onClose: () => void;
  readonly onShow: (filter: AuditFilter) => void;
}) {
  const names = usePeopleNames();
  if (!useEverWanted(entry !== undefined)) return null;
  return (
    <Suspense fallback={null}>
      <EntryDrawer
        entry={entry}
        actorName={entry === undefined ? "" : nameOf(entry.actor, names)}
        onClose={onClose}
        onShow={onShow}
      />
    </Suspense>
  );
}
