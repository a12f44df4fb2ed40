import { Alert, Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { DELETE, isProblem } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useSigned } from "../shell/session.ts";
import classes from "./campaigns.module.css";
import { type Campaign, useCampaign } from "./queries.ts";
import { StateBadge } from "./state-badge.tsx";
import { useDraft } from "./use-draft.ts";

const Standing = lazy(() => import("./standing.tsx"));
const Composer = lazy(() => import("./composer.tsx"));
const ScheduleDialog = lazy(() => import("./schedule-dialog.tsx"));

/** One campaign: a draft is written here, and what was begun is followed. */
export function CampaignPage() {
  const { t } = useTranslation();
  const { role } = useSigned();
  const { campaignId } = useParams({ from: "/campaigns/$campaignId" });
  const read = useCampaign(campaignId);
  const maySend = role === "owner" || role === "editor" || role === "agent";
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows />;
  const { campaign, etag } = read.data;
  if (campaign.state === "draft" && maySend) {
    return <DraftPage key={campaignId} campaign={campaign} etag={etag} />;
  }
  return (
    <Page title={campaign.name} actions={<StateBadge state={campaign.state} />}>
      <Back label={t("campaigns.back")} />
      <Suspense fallback={<LoadingRows />}>
        <Standing campaign={campaign} etag={etag} maySend={maySend} />
      </Suspense>
    </Page>
  );
}

function DraftPage({ campaign, etag }: { readonly campaign: Campaign; readonly etag: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const draft = useDraft(campaign.id, etag);
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      DELETE("/api/v1/campaigns/{campaignId}", { params: { path: { campaignId: campaign.id } } }),
    onError: tellFailure,
    // Away first: what is read again is not there any more.
    onSuccess: async () => {
      await navigate({ to: "/campaigns", search: {} });
      await queries.invalidateQueries({ queryKey: ["campaigns", "list"] });
    },
  });
  const [isScheduling, setScheduling] = useState(false);
  const isStale = isProblem(draft.error) && draft.error.status === 412;
  return (
    <Page
      title={campaign.name}
      actions={
        <Group gap="xs">
          <Text size="sm" className="soft" role="status">
            {t(
              draft.isSaving
                ? "campaigns.saving"
                : draft.error !== undefined
                  ? "campaigns.unsaved"
                  : "campaigns.saved",
            )}
          </Text>
          <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("campaigns.remove")}
          </Button>
          <Button
            leftSection={<Icon name="clock" size={17} />}
            disabled={campaign.audience === null || draft.error !== undefined}
            onClick={() => setScheduling(true)}
          >
            {t("campaigns.schedule")}
          </Button>
        </Group>
      }
    >
      <Back label={t("campaigns.back")} />
      {draft.error !== undefined && (
        <Alert color="red" variant="light" mb="md" role="alert">
          {isStale ? t("campaigns.stale") : messageOf(draft.error, t("state.offlineHint"))}
        </Alert>
      )}
      <Suspense fallback={<LoadingRows />}>
        <Composer campaign={campaign} draft={draft} />
      </Suspense>
      <Suspense fallback={null}>
        {isScheduling && <ScheduleDialog draft={draft} onClose={() => setScheduling(false)} />}
      </Suspense>
    </Page>
  );
}

function Back({ label }: { readonly label: string }) {
  return (
    <Text size="sm" mb="md" mt={-12}>
      <Link to="/campaigns" search={{}} className={classes.name}>
        {label}
      </Link>
    </Text>
  );
}

function messageOf(error: unknown, offline: string): string {
  if (!isProblem(error)) return String(error);
  if (error.status === 0) return offline;
  const fields = error.fields.map(({ field, problem }) => `${field} ${problem}`);
  return [error.message, ...fields].join(" ");
}
