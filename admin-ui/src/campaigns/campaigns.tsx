import { Badge, Button, Group, NativeSelect, Paper, Stack, Text, Title } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import classes from "./campaigns.module.css";
import { CampaignProgress } from "./progress.tsx";
import { type Campaign, type CampaignState, STATES, totalOf, useCampaigns } from "./queries.ts";
import { StateBadge } from "./state-badge.tsx";

const NewCampaign = lazy(() => import("./new-campaign.tsx"));
const Threshold = lazy(() => import("./threshold.tsx"));

/** What was sent to many, is being sent, or will be. */
export function Campaigns() {
  const { t } = useTranslation();
  const { role } = useSigned();
  const { to } = useSearch({ from: "/campaigns" });
  const navigate = useNavigate();
  const [state, setState] = useState<CampaignState>();
  const [isNew, setNew] = useState(to !== undefined);
  const [isRuling, setRuling] = useState(false);
  const list = useCampaigns(state);
  const maySend = role === "owner" || role === "editor" || role === "agent";
  const close = () => {
    setNew(false);
    void navigate({ to: "/campaigns", search: {} });
  };
  return (
    <Page
      title={t("nav.campaigns")}
      lead={t("campaigns.lead")}
      actions={
        <Group gap="xs">
          {role === "owner" && (
            <Button variant="default" onClick={() => setRuling(true)}>
              {t("campaigns.threshold")}
            </Button>
          )}
          {maySend && (
            <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setNew(true)}>
              {t("campaigns.new")}
            </Button>
          )}
        </Group>
      }
    >
      <Stack>
        <NativeSelect
          w={{ base: "100%", sm: 260 }}
          aria-label={t("campaigns.state")}
          data={[
            { value: "", label: t("campaigns.anyState") },
            ...STATES.map((value) => ({ value, label: t(`campaigns.state.${value}`) })),
          ]}
          value={state ?? ""}
          onChange={({ currentTarget: { value } }) =>
            setState(STATES.find((each) => each === value))
          }
        />
        {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
        {list.isPending && <LoadingRows height={84} rows={4} />}
        {list.data?.length === 0 && (
          <Empty
            icon="campaigns"
            title={t(state === undefined ? "campaigns.none" : "campaigns.noMatch")}
          >
            {state === undefined && t("campaigns.noneHint")}
          </Empty>
        )}
        <ul className={classes.plain}>
          {list.data?.map((campaign) => (
            <li key={campaign.id}>
              <CampaignCard campaign={campaign} />
            </li>
          ))}
        </ul>
        {list.hasNextPage && (
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t("action.more")}
          </Button>
        )}
      </Stack>
      <Suspense fallback={null}>
        {isNew && <NewCampaign to={to} onClose={close} />}
        {isRuling && <Threshold onClose={() => setRuling(false)} />}
      </Suspense>
    </Page>
  );
}

function CampaignCard({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const total = totalOf(campaign);
  const when = campaign.endedAt ?? campaign.startedAt ?? campaign.startsAt ?? campaign.createdAt;
  return (
    <Paper
      className={`sheet ${classes.card}`}
      renderRoot={(props) => (
        <Link to="/campaigns/$campaignId" params={{ campaignId: campaign.id }} {...props} />
      )}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div className="clamp">
          <Title order={2} size="h5" className="clamp">
            {campaign.name}
          </Title>
          <Text size="sm" className="soft clamp">
            {campaign.text}
          </Text>
        </div>
        <StateBadge state={campaign.state} />
      </Group>
      <Group gap="xs" mt={6}>
        <Text size="xs" className="soft tabular">
          {formats.long(when)}
        </Text>
        {total > 0 && (
          <Badge size="sm" variant="light" color="gray" tt="none">
            {t("campaigns.people", { count: total })}
          </Badge>
        )}
      </Group>
      {total > 0 && campaign.state !== "draft" && <CampaignProgress campaign={campaign} />}
    </Paper>
  );
}
