import { Alert, Badge, Button, Code, Menu, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { PUT } from "../api/api.ts";
import { withWords } from "../i18n/i18n.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { More } from "../parts/more.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { WideTable } from "../parts/wide-table.tsx";
import { useSigned } from "../shell/session.ts";
import { type TenantEntry, useTenants } from "./queries.ts";

const NewTenant = lazy(() => import("./new-tenant.tsx"));
const TopUp = lazy(() => import("../usage/top-up.tsx"));
const AssignPlan = lazy(() => withWords(import("./assign-plan.tsx"), "plans"));
const Plans = lazy(() => withWords(import("./plans.tsx"), "plans"));

const COLORS: Readonly<Record<TenantEntry["state"], string>> = {
  active: "green",
  suspended: "yellow",
  deleting: "red",
  erasing: "red",
  deleted: "gray",
};

/** Institutions of this installation, and the plans that they have; who manages it makes, suspends and opens them. */
export default function Tenants() {
  return (
    <Stack gap="lg">
      <Institutions />
      <Suspense fallback={<LoadingRows rows={2} />}>
        <Plans />
      </Suspense>
    </Stack>
  );
}

function Institutions() {
  const { t } = useTranslation();
  const { person } = useSigned();
  const list = useTenants();
  const [isNew, setNew] = useState(false);
  const [invited, setInvited] = useState<{ email: string; url: string }>();
  const mayChange = person.platformRole === "platform-admin";
  return (
    <Section
      title={t("operator.tab.tenants")}
      lead={t("tenants.lead")}
      actions={
        mayChange && (
          <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setNew(true)}>
            {t("tenants.add")}
          </Button>
        )
      }
    >
      <Stack>
        {invited !== undefined && (
          <Alert
            color="green"
            variant="light"
            role="status"
            title={t("tenants.invited", { email: invited.email })}
          >
            <Text size="sm" mb="xs">
              {t("tenants.invitedHint")}
            </Text>
            <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {invited.url}
            </Code>
          </Alert>
        )}
        {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
        {list.isPending && <LoadingRows rows={3} />}
        {list.data?.length === 0 && <Empty icon="members" title={t("tenants.none")} />}
        {list.data !== undefined && list.data.length > 0 && (
          <WideTable minWidth={520}>
            <Table verticalSpacing="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("tenants.name")}</Table.Th>
                  <Table.Th>{t("tenants.state")}</Table.Th>
                  <Table.Th>{t("tenants.since")}</Table.Th>
                  {mayChange && <Table.Th>{t("tenants.actions")}</Table.Th>}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.data.map((tenant) => (
                  <Row key={tenant.id} tenant={tenant} mayChange={mayChange} />
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        )}
        <More list={list} />
      </Stack>
      <Suspense fallback={null}>
        {isNew && <NewTenant onClose={() => setNew(false)} onMade={setInvited} />}
      </Suspense>
    </Section>
  );
}

function Row({ tenant, mayChange }: { readonly tenant: TenantEntry; readonly mayChange: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [isChanging, setChanging] = useState(false);
  const [asking, setAsking] = useState<"payment" | "plan" | "pages">();
  const close = () => setAsking(undefined);
  const { name, slug, state, stateSince, deletionDueAt, mayPublishOnEditions } = tenant;
  const mayTurn = state === "active" || state === "suspended";
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {name}{" "}
        <Text size="xs" className="soft">
          {slug}
        </Text>
        {mayPublishOnEditions && (
          <Text size="xs" className="soft">
            {t("tenants.hasPages")}
          </Text>
        )}
      </Table.Th>
      <Table.Td>
        <Badge color={COLORS[state]} variant="light" tt="none">
          {t(`tenants.state.${state}`)}
        </Badge>
        {deletionDueAt !== null && (
          <Text size="xs">{t("tenants.dueAt", { at: formats.long(deletionDueAt) })}</Text>
        )}
      </Table.Td>
      <Table.Td className="tabular">{formats.long(stateSince)}</Table.Td>
      {mayChange && (
        <Table.Td>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                variant="subtle"
                color="gray"
                size="compact-md"
                aria-label={t("tenants.actionsOf", { name })}
              >
                <Icon name="more" />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {mayTurn && (
                <Menu.Item onClick={() => setChanging(true)}>
                  {t(state === "active" ? "tenants.suspend" : "tenants.resume")}
                </Menu.Item>
              )}
              <Menu.Item onClick={() => setAsking("pages")}>
                {t(mayPublishOnEditions ? "tenants.closePages" : "tenants.openPages")}
              </Menu.Item>
              <Menu.Item onClick={() => setAsking("payment")}>{t("topUp.title")}</Menu.Item>
              <Menu.Item onClick={() => setAsking("plan")}>{t("tenants.plan")}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {asking === "pages" && <EditionPages tenant={tenant} onClose={close} />}
          {isChanging && <Turn tenant={tenant} onClose={() => setChanging(false)} />}
          <Suspense fallback={null}>
            {asking === "payment" && <TopUp tenant={tenant} onClose={close} />}
            {asking === "plan" && <AssignPlan tenant={tenant} onClose={close} />}
          </Suspense>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function EditionPages({
  tenant: { id, name, mayPublishOnEditions },
  onClose,
}: {
  readonly tenant: TenantEntry;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: () =>
      PUT("/api/v1/tenants/{tenantId}/edition-pages", {
        params: { path: { tenantId: id } },
        body: { mayPublish: !mayPublishOnEditions },
      }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["tenants"] });
    },
  });
  const title = t(mayPublishOnEditions ? "tenants.closePages" : "tenants.openPages");
  return (
    <FormDialog
      title={`${title}: ${name}`}
      lead={t(mayPublishOnEditions ? "tenants.closePagesHint" : "tenants.openPagesHint")}
      submit={title}
      color={mayPublishOnEditions ? "red" : undefined}
      isBusy={set.isPending}
      onClose={onClose}
      onSubmit={() => set.mutate()}
    />
  );
}

function Turn({
  tenant: { id, name, state },
  onClose,
}: {
  readonly tenant: TenantEntry;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const isActive = state === "active";
  const turn = useMutation({
    mutationFn: () =>
      PUT("/api/v1/tenants/{tenantId}/state", {
        params: { path: { tenantId: id } },
        body: { state: isActive ? "suspended" : "active" },
      }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["tenants"] });
    },
  });
  return (
    <FormDialog
      title={`${t(isActive ? "tenants.suspend" : "tenants.resume")}: ${name}`}
      lead={t(isActive ? "tenants.suspendHint" : "tenants.resumeHint")}
      submit={t(isActive ? "tenants.suspend" : "tenants.resume")}
      color={isActive ? "red" : undefined}
      isBusy={turn.isPending}
      onClose={onClose}
      onSubmit={() => turn.mutate()}
    />
  );
}
