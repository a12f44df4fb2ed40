import { Checkbox, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLines } from "./queries.ts";

/** Which bots send it, in the order in which they were chosen: each contact gets it from the first that can. */
export function BotChoice({
  bots,
  onChange,
  isDisabled,
}: {
  readonly bots: readonly string[];
  readonly onChange: (bots: readonly string[]) => void;
  readonly isDisabled: boolean;
}) {
  const { t } = useTranslation();
  const lines = useLines();
  return (
    <Checkbox.Group
      label={t("campaigns.bots")}
      description={t("campaigns.botsHint")}
      value={[...bots]}
      onChange={onChange}
    >
      <Stack gap={6} mt="xs">
        {lines.data?.map(({ botId, name, channel }) => (
          <Checkbox
            key={botId}
            value={botId}
            label={`${name} · ${t(`channel.${channel}`)}`}
            disabled={isDisabled}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
