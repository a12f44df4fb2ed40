import { Code, Group, NativeSelect, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { More } from "../parts/more.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { useSigned } from "../shell/session.ts";
import { type SecurityEventKind, useSecurityEvents } from "./queries.ts";

const KINDS = [
  "sign-in-refused",
  "second-factor-refused",
  "session-refused",
  "link-refused",
  "attempts-throttled",
  "requests-throttled",
  "csrf-refused",
  "cross-site-refused",
  "api-key-unknown",
  "api-key-revoked",
  "permission-refused",
  "foreign-id-refused",
  "webhook-forged",
  "injection-seen",
  "address-refused",
  "upload-refused",
] as const satisfies readonly SecurityEventKind[];

const TYPED_MS = 400;

/** What looked like an attack, counted by minute, newest first. */
export default function SecurityEvents() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { person } = useSigned();
  const [kind, setKind] = useState<SecurityEventKind>();
  const [typed, setTyped] = useState("");
  const [source] = useDebouncedValue(typed.trim(), TYPED_MS);
  const list = useSecurityEvents(kind, source, person.platformRole !== null);
  return (
    <Section title={t("operator.tab.security")} lead={t("security.lead")}>
      <Stack>
        <Group gap="sm">
          <NativeSelect
            label={t("security.kind")}
            data={[
              { value: "", label: t("security.anyKind") },
              ...KINDS.map((value) => ({ value, label: t(`security.${value}`) })),
            ]}
            value={kind ?? ""}
            onChange={({ currentTarget }) =>
              setKind(KINDS.find((each) => each === currentTarget.value))
            }
            flex="1 1 200px"
          />
          <TextInput
            label={t("security.source")}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            placeholder="203.0.113.7"
            flex="1 1 200px"
          />
        </Group>
        {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
        {list.isPending && <LoadingRows />}
        {list.data?.length === 0 && (
          <Empty icon="tick" title={t("security.none")}>
            {t("security.noneHint")}
          </Empty>
        )}
        {list.data !== undefined && list.data.length > 0 && (
          <WideTable minWidth={620}>
            <Table verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("security.when")}</Table.Th>
                  <Table.Th>{t("security.what")}</Table.Th>
                  <Table.Th>{t("security.times")}</Table.Th>
                  <Table.Th>{t("security.source")}</Table.Th>
                  <Table.Th>{t("security.subject")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.data.map((event) => (
                  <Table.Tr key={event.id}>
                    <Table.Td className="tabular">{formats.long(event.lastAt)}</Table.Td>
                    <Table.Td>{t(`security.${event.kind}`)}</Table.Td>
                    <Table.Td className="tabular">{formats.number(event.count)}</Table.Td>
                    <Table.Td>
                      <Code>{event.source}</Code>
                    </Table.Td>
                    <Table.Td>
                      <Text size="xs" style={{ overflowWrap: "anywhere" }}>
                        {event.subject}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        )}
        <More list={list} />
      </Stack>
    </Section>
  );
}
