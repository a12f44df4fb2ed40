import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CampaignState } from "./queries.ts";

const COLORS: Readonly<Record<CampaignState, string>> = {
  draft: "gray",
  "awaiting-approval": "yellow",
  scheduled: "blue",
  sending: "teal",
  paused: "orange",
  done: "green",
  cancelled: "gray",
};

export function StateBadge({ state }: { readonly state: CampaignState }) {
  const { t } = useTranslation();
  return (
    <Badge variant="light" color={COLORS[state]} tt="none" flex="none">
      {t(`campaigns.state.${state}`)}
    </Badge>
  );
}
