import { Badge, Code, Stack, Table, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { useSigned } from "../shell/session.ts";
import { type ModelState, useModels } from "./queries.ts";

const Breakers = lazy(() => import("./breakers.tsx"));

const COLORS: Readonly<Record<ModelState["state"], string>> = {
  ok: "green",
  "needs-key": "red",
  resting: "red",
  "too-dear": "yellow",
  "price-unknown": "yellow",
};

/** Which models answer, in which order they are tried, and how each does. */
export function Providers() {
  const { t } = useTranslation();
  const { tenantId, role, person } = useSigned();
  const readsModels = tenantId !== undefined && role !== "agent";
  return (
    <Page title={t("nav.providers")} lead={t("providers.lead")}>
      <Stack gap="lg">
        {readsModels && <Chains />}
        {person.platformRole !== null && (
          <Suspense fallback={<LoadingRows rows={2} />}>
            <Breakers />
          </Suspense>
        )}
      </Stack>
    </Page>
  );
}

function Chains() {
  const { t } = useTranslation();
  const models = useModels();
  if (models.isError) return <Failure error={models.error} retry={() => models.refetch()} />;
  if (models.data === undefined) return <LoadingRows rows={3} />;
  if (models.data.length === 0) {
    return (
      <Empty icon="bots" title={t("providers.none")}>
        {t("providers.noneHint")}
      </Empty>
    );
  }
  const keyOf = ({ assistant, route }: ModelState) => `${assistant ?? ""} ${route}`;
  const keys = [...new Set(models.data.map(keyOf))];
  return keys.map((key) => (
    <Chain key={key} links={models.data.filter((link) => keyOf(link) === key)} />
  ));
}

/** Whoever comes first is asked; the next one when it fails, rests, or costs too much. */
function Chain({ links }: { readonly links: readonly ModelState[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [first] = links;
  if (first === undefined) return null;
  const seconds = (ms: number) => `${formats.number(Math.round(ms / 100) / 10)} s`;
  return (
    <Section
      title={first.assistant ?? t("providers.installations")}
      lead={t(`providers.route.${first.route}`)}
    >
      <WideTable minWidth={600}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("providers.position")}</Table.Th>
              <Table.Th>{t("breakers.model")}</Table.Th>
              <Table.Th>{t("breakers.state")}</Table.Th>
              <Table.Th ta="right">{t("providers.calls")}</Table.Th>
              <Table.Th ta="right">{t("providers.cost")}</Table.Th>
              <Table.Th ta="right">{t("providers.firstToken")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {links.map((link) => (
              <Table.Tr key={link.position}>
                <Table.Td className="tabular">{link.position}</Table.Td>
                <Table.Th scope="row" style={{ overflowWrap: "anywhere" }}>
                  <Code>{link.link}</Code>
                </Table.Th>
                <Table.Td>
                  <Badge color={COLORS[link.state]} variant="light" tt="none">
                    {t(`providers.state.${link.state}`)}
                  </Badge>
                  {link.restingUntil !== null && (
                    <Text size="xs" className="soft">
                      {t("breakers.until", { at: formats.long(link.restingUntil) })}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {formats.number(link.calls)}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {formats.money(link.costMicroUsd)}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {link.firstTokenMs === null
                    ? "–"
                    : `${seconds(link.firstTokenMs.p50)} · ${seconds(link.firstTokenMs.p95)}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Section>
  );
}
