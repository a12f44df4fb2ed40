import { Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import { type Campaign, totalOf } from "./queries.ts";

/** How much of it is settled, and how; the rest waits. */
export function CampaignProgress({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { counts } = campaign;
  const total = Math.max(1, totalOf(campaign));
  const share = (count: number) => (count / total) * 100;
  const arrived = counts.sent + counts.delivered + counts.read;
  const parts = [
    { name: t("campaigns.arrived"), count: arrived, color: "green" },
    { name: t("campaigns.recipient.skipped"), count: counts.skipped, color: "gray" },
    { name: t("campaigns.recipient.unknown"), count: counts.unknown, color: "yellow" },
    { name: t("campaigns.recipient.failed"), count: counts.failed, color: "red" },
  ];
  return (
    <Progress.Root size="md" mt="xs">
      {parts
        .filter(({ count }) => count > 0)
        .map(({ name, count, color }) => (
          <Progress.Section
            key={name}
            value={share(count)}
            color={color}
            aria-label={`${name}: ${formats.number(count)}`}
          />
        ))}
    </Progress.Root>
  );
}
