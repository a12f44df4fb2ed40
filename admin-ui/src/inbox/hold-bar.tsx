import { Button, Group, Menu, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../api/types.ts";
import { Icon } from "../parts/icon.tsx";
import { useFormats, useNow } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import classes from "./inbox.module.css";
import type { useDesk } from "./queries.ts";

/** As the API takes it when nobody says otherwise. */
export const DEFAULT_MINUTES = 30;
const CHOICES = [15, DEFAULT_MINUTES, 60, 240] as const;

/** Who speaks: the bot, or a person until when. */
export function HoldBar({
  conversation,
  desk,
  mayAct,
}: {
  readonly conversation: Conversation;
  readonly desk: ReturnType<typeof useDesk>;
  readonly mayAct: boolean;
}) {
  const { t } = useTranslation();
  const { person } = useSigned();
  const { hold, asked, state } = conversation;
  const now = useNow(hold === null ? 60_000 : 1_000);
  const formats = useFormats();
  const isMine = hold?.by?.personId === person.id;
  const words = () => {
    if (hold === null) {
      if (asked !== null) return t("hold.asked", { ago: formats.ago(asked.at, now) });
      return t(state === "closed" ? "hold.closed" : "hold.bot");
    }
    if (isMine) return t("hold.mine", { left: countdown(hold.until, now) });
    const until = formats.time(hold.until);
    if (hold.by === null) return t("hold.phone", { until });
    return t("hold.theirs", { name: hold.by.name ?? "?", until });
  };
  return (
    <div
      className={classes.hold}
      data-state={isMine ? "mine" : asked !== null ? "waiting" : "bot"}
      role="status"
    >
      <Icon name={hold !== null || asked !== null ? "hand" : "bots"} size={18} />
      <Text size="sm" flex={1} miw={160} className="tabular">
        {words()}
      </Text>
      {mayAct && (
        <Group gap="xs">
          {hold === null && (
            <Button
              size="xs"
              loading={desk.claim.isPending}
              onClick={() => desk.claim.mutate(DEFAULT_MINUTES)}
            >
              {t("hold.take")}
            </Button>
          )}
          {isMine && (
            <>
              <Menu>
                <Menu.Target>
                  <Button size="xs" variant="default" loading={desk.claim.isPending}>
                    {t("hold.extend")}
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {CHOICES.map((minutes) => (
                    <Menu.Item key={minutes} onClick={() => desk.claim.mutate(minutes)}>
                      {t("hold.minutes", { count: minutes })}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
              <Button
                size="xs"
                variant="default"
                loading={desk.release.isPending}
                onClick={() => desk.release.mutate(false)}
              >
                {t("hold.giveBack")}
              </Button>
            </>
          )}
        </Group>
      )}
    </div>
  );
}

function countdown(until: string, now: number): string {
  const seconds = Math.max(0, Math.round((new Date(until).getTime() - now) / 1_000));
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}
