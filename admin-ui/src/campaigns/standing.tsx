import { Alert, Button, Group, Modal, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { saveFile } from "../parts/save-file.ts";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import classes from "./campaigns.module.css";
import { CampaignProgress } from "./progress.tsx";
import { type Campaign, RECIPIENT_STATES, totalOf, useSteps } from "./queries.ts";
import { Recipients } from "./recipients.tsx";

/** Of a 10,000-line report. */
const REPORT_TIMEOUT_MS = 5 * 60_000;

/** How a campaign stands that was begun, or waits to be, and what may be done about it. */
export default function Standing({
  campaign,
  etag,
  maySend,
}: {
  readonly campaign: Campaign;
  readonly etag: string;
  readonly maySend: boolean;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Stack>
      <Paper className="sheet" p="md" component="section" aria-label={t("campaigns.standing")}>
        <Stack>
          <Text className="prose">{campaign.text}</Text>
          <When campaign={campaign} />
          {campaign.pauseReason !== null && (
            <Alert color="yellow" variant="light">
              {t(`campaigns.paused.${campaign.pauseReason as "audience-grew"}`, {
                defaultValue: campaign.pauseReason,
              })}
            </Alert>
          )}
          {campaign.state === "awaiting-approval" && <Approval campaign={campaign} etag={etag} />}
          {totalOf(campaign) > 0 && (
            <>
              <CampaignProgress campaign={campaign} />
              <dl className={classes.facts}>
                {RECIPIENT_STATES.filter((state) => campaign.counts[state] > 0).map((state) => (
                  <div key={state} className={classes.fact}>
                    <dt>{t(`campaigns.recipient.${state}`)}</dt>
                    <dd>{formats.number(campaign.counts[state])}</dd>
                  </div>
                ))}
              </dl>
            </>
          )}
          <Steps campaign={campaign} maySend={maySend} />
        </Stack>
      </Paper>
      {campaign.audience?.isListed === true && <Recipients campaign={campaign} maySend={maySend} />}
    </Stack>
  );
}

function When({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { startsAt, startedAt, endedAt, timeZone } = campaign;
  const parts = [
    startedAt === null && startsAt !== null
      ? t("campaigns.starts", { at: formats.long(startsAt), zone: timeZone ?? "UTC" })
      : undefined,
    startedAt === null ? undefined : t("campaigns.started", { at: formats.long(startedAt) }),
    endedAt === null ? undefined : t("campaigns.ended", { at: formats.long(endedAt) }),
  ];
  return (
    <Text size="sm" className="soft">
      {parts.filter((part) => part !== undefined).join(" · ")}
    </Text>
  );
}

/** By a person who neither wrote, changed nor scheduled it; the API refuses it all the same. */
function Approval({ campaign, etag }: { readonly campaign: Campaign; readonly etag: string }) {
  const { t } = useTranslation();
  const { role, person } = useSigned();
  const { judge } = useSteps(campaign.id);
  const hands = [campaign.createdBy, campaign.changedBy, campaign.scheduledBy];
  const isOwn = hands.some((actor) => actor?.endsWith(person.id) === true);
  const mayJudge = (role === "owner" || role === "editor") && !isOwn;
  return (
    <Alert color="yellow" variant="light" title={t("campaigns.state.awaiting-approval")}>
      <Stack gap="sm">
        <Text size="sm">{t(isOwn ? "campaigns.approvalOwn" : "campaigns.approvalHint")}</Text>
        {mayJudge && (
          <Group gap="xs">
            <Button
              size="sm"
              loading={judge.isPending}
              onClick={() => judge.mutate({ approved: true, etag })}
            >
              {t("campaigns.approve")}
            </Button>
            <Button
              size="sm"
              variant="default"
              loading={judge.isPending}
              onClick={() => judge.mutate({ approved: false, etag })}
            >
              {t("campaigns.reject")}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

function Steps({ campaign, maySend }: { readonly campaign: Campaign; readonly maySend: boolean }) {
  const { t } = useTranslation();
  const { state, counts } = campaign;
  const [isCancelling, setCancelling] = useState(false);
  const { unschedule, pause, resume, cancel, retryFailed } = useSteps(campaign.id);
  const report = async () => {
    try {
      const params = { path: { campaignId: campaign.id } };
      const { data } = await GET("/api/v1/campaigns/{campaignId}/report.csv", {
        params,
        parseAs: "blob",
        timeoutMs: REPORT_TIMEOUT_MS,
      });
      saveFile(data, `${campaign.name}.csv`);
    } catch (error) {
      tellFailure(error);
    }
  };
  const mayEnd = ["awaiting-approval", "scheduled", "sending", "paused"].includes(state);
  return (
    <Group gap="xs">
      {maySend && (state === "awaiting-approval" || state === "scheduled") && (
        <Button
          variant="default"
          loading={unschedule.isPending}
          onClick={() => unschedule.mutate()}
        >
          {t("campaigns.unschedule")}
        </Button>
      )}
      {maySend && state === "sending" && (
        <Button variant="default" loading={pause.isPending} onClick={() => pause.mutate()}>
          {t("campaigns.pause")}
        </Button>
      )}
      {maySend && state === "paused" && (
        <Button loading={resume.isPending} onClick={() => resume.mutate()}>
          {t("campaigns.resume")}
        </Button>
      )}
      {maySend && state === "done" && counts.failed > 0 && (
        <Button
          loading={retryFailed.isPending}
          onClick={() =>
            retryFailed.mutate(undefined, {
              onSuccess: ({ data }) => tellDone(t("campaigns.again", { count: data.recipients })),
            })
          }
        >
          {t("campaigns.retryFailed", { count: counts.failed })}
        </Button>
      )}
      {campaign.audience?.isListed === true && (
        <Button variant="default" onClick={() => void report()}>
          {t("campaigns.report")}
        </Button>
      )}
      {maySend && mayEnd && (
        <Button color="red" variant="outline" onClick={() => setCancelling(true)}>
          {t("campaigns.cancel")}
        </Button>
      )}
      <Modal
        opened={isCancelling}
        onClose={() => setCancelling(false)}
        title={t("campaigns.cancel")}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          <Text size="sm">{t("campaigns.cancelHint")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setCancelling(false)}>
              {t("campaigns.goOn")}
            </Button>
            <Button
              color="red"
              loading={cancel.isPending}
              onClick={() => cancel.mutate(undefined, { onSuccess: () => setCancelling(false) })}
            >
              {t("campaigns.cancel")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  );
}
