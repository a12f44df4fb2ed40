import { Button, Code, Drawer, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import type { AuditFilter } from "./filter.ts";
import type { AuditEntry } from "./queries.ts";

/** One entry, whole, and the ways from it to others that belong to it. */
export default function EntryDrawer({
  entry,
  actorName,
  onClose,
  onShow,
}: {
  readonly entry: AuditEntry | undefined;
  readonly actorName: string;
  readonly onClose: () => void;
  readonly onShow: (filter: AuditFilter) => void;
}) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={onClose}
      position="right"
      title={t("audit.entry")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {entry !== undefined && <Entry entry={entry} actorName={actorName} onShow={onShow} />}
    </Drawer>
  );
}

function Entry({
  entry,
  actorName,
  onShow,
}: {
  readonly entry: AuditEntry;
  readonly actorName: string;
  readonly onShow: (filter: AuditFilter) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { id, at, actor, action, subject, tenantId, detail } = entry;
  const requestId = typeof detail.requestId === "string" ? detail.requestId : undefined;
  const facts = [
    [t("audit.number"), String(id)],
    [t("audit.when"), formats.long(at)],
    [t("audit.action"), action],
    [t("audit.actor"), actorName === actor ? actor : `${actorName} (${actor})`],
    [t("audit.subject"), subject],
    [t("nav.tenant"), tenantId ?? t("nav.installation")],
  ] as const;
  return (
    <Stack>
      <Table layout="fixed" verticalSpacing="xs">
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" w="32%">
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <div>
        <Text size="sm" fw={600} mb={4}>
          {t("audit.detail")}
        </Text>
        <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {JSON.stringify(detail, null, 2)}
        </Code>
      </div>
      <Stack gap="xs">
        {requestId !== undefined && (
          <Button variant="default" onClick={() => onShow({ requestId })}>
            {t("audit.sameRequest")}
          </Button>
        )}
        <Button variant="default" onClick={() => onShow({ actor })}>
          {t("audit.sameActor")}
        </Button>
        <Button variant="default" onClick={() => onShow({ subject })}>
          {t("audit.sameSubject")}
        </Button>
      </Stack>
    </Stack>
  );
}
