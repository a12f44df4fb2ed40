import { Anchor, Stack, Switch, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats, useNow } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { useSigned } from "../shell/session.ts";
import { useTenant } from "../shell/tenant.ts";
import { useActs, useQuestions } from "./queries.ts";

const DAY_MS = 86_400_000;

/** What is asked most, and the acts that answers rest on. */
export default function Asked({ days }: { readonly days: number }) {
  const { role } = useSigned();
  const { data: tenant } = useTenant();
  // Sweden writes ISO 8601.
  const { format } = new Intl.DateTimeFormat("sv-SE", { timeZone: tenant?.timeZone });
  const to = format(Date.now());
  const from = format(Date.now() - (days - 1) * DAY_MS);
  return (
    <Stack gap="lg">
      {role !== undefined && <Questions from={from} to={to} />}
      <Acts from={from} to={to} />
    </Stack>
  );
}

interface Range {
  readonly from: string;
  readonly to: string;
}

function Questions({ from, to }: Range) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  const [isOnly, setOnly] = useState(false);
  const found = useQuestions(from, to, isOnly ? "abstained" : undefined);
  return (
    <Section
      title={t("asked.questions")}
      lead={t("asked.questionsLead")}
      actions={
        <Switch
          label={t("asked.onlyAbstained")}
          checked={isOnly}
          onChange={({ currentTarget }) => setOnly(currentTarget.checked)}
        />
      }
    >
      {found.isError && <Failure error={found.error} retry={() => found.refetch()} />}
      {found.isPending && <LoadingRows />}
      {found.data?.questions.length === 0 && (
        <Empty icon="question" title={t("asked.none")}>
          {t("asked.noneHint")}
        </Empty>
      )}
      {found.data !== undefined && found.data.questions.length > 0 && (
        <WideTable minWidth={480}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("asked.question")}</Table.Th>
                <Table.Th ta="right">{t("asked.times")}</Table.Th>
                <Table.Th ta="right">{t("asked.askers")}</Table.Th>
                <Table.Th ta="right">{t("asked.abstained")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.data.questions.map(({ label, questions, askers, abstained }) => (
                <Table.Tr key={label}>
                  <Table.Th scope="row" fw={400}>
                    {label}
                  </Table.Th>
                  <Table.Td ta="right" className="tabular">
                    {formats.number(questions)}
                  </Table.Td>
                  <Table.Td ta="right" className="tabular">
                    {formats.number(askers)}
                  </Table.Td>
                  <Table.Td ta="right" className="tabular">
                    {formats.number(abstained)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {found.data !== undefined && (
        <Text size="xs" className="soft" mt="xs">
          {t("asked.total", {
            total: formats.number(found.data.total),
            abstained: formats.number(found.data.totalAbstained),
          })}{" "}
          {found.data.groupedAt !== null &&
            t("asked.groupedAt", { ago: formats.ago(found.data.groupedAt, now) })}
        </Text>
      )}
    </Section>
  );
}

function Acts({ from, to }: Range) {
  const { t } = useTranslation();
  const formats = useFormats();
  const acts = useActs(from, to);
  return (
    <Section title={t("asked.acts")} lead={t("asked.actsLead")}>
      {acts.isError && <Failure error={acts.error} retry={() => acts.refetch()} />}
      {acts.isPending && <LoadingRows />}
      {acts.data?.length === 0 && <Empty icon="documents" title={t("asked.noActs")} />}
      {acts.data !== undefined && acts.data.length > 0 && (
        <WideTable minWidth={480}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("asked.act")}</Table.Th>
                <Table.Th>{t("asked.edition")}</Table.Th>
                <Table.Th ta="right">{t("asked.citations")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {acts.data.map((act) => (
                <Table.Tr key={`${act.source.slug} ${act.publishedOn} ${act.page} ${act.title}`}>
                  <Table.Th scope="row" fw={400}>
                    {act.url === null ? (
                      act.title
                    ) : (
                      <Anchor
                        href={act.url}
                        target="_blank"
                        rel="noreferrer"
                        size="sm"
                        underline="always"
                      >
                        {act.title}
                      </Anchor>
                    )}
                    <Text size="xs" className="soft">
                      {act.issuingBody}
                    </Text>
                  </Table.Th>
                  <Table.Td>
                    <Text size="sm">{act.source.name}</Text>
                    <Text size="xs" className="soft tabular">
                      {formats.day(`${act.publishedOn}T12:00:00`)},{" "}
                      {t("asked.page", { page: act.printedPage ?? act.page })}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" className="tabular">
                    {formats.number(act.citations)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Section>
  );
}
