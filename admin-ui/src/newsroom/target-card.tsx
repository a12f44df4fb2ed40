import { Alert, Button, Group, Menu, Paper, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../parts/icon.tsx";
import { tellFailure } from "../parts/tell.ts";
import classes from "./newsroom.module.css";
import { TargetMark } from "./publication-mark.tsx";
import publishingClasses from "./publishing.module.css";
import { type Target, type TargetKind, useTargetActions } from "./publishing-queries.ts";
import { usePrompts } from "./queries.ts";

const ChangeTarget = lazy(() => import("./change-target.tsx"));
const RemoveTarget = lazy(() => import("./remove-target.tsx"));

const ICONS: Readonly<Record<TargetKind, IconName>> = {
  x: "canned",
  "telegram-channel": "send",
  "whatsapp-template": "phone",
  "edition-page": "gazettes",
  email: "inbox",
  webhook: "link",
};

/** What a network answered stands below in its own words: there are more of them than ours. */
const VERBATIM: ReadonlySet<string> = new Set(["not-usable", "not-reached"]);

/** One target: what it is, how it stands, what goes there by itself, and what one may do about it. */
export function TargetCard({ target }: { readonly target: Target }) {
  const { t } = useTranslation();
  const prompts = usePrompts();
  const { change, check } = useTargetActions(target);
  const [dialog, setDialog] = useState<"change" | "remove">();
  const names = (prompts.data ?? [])
    .filter(({ id }) => target.prompts.includes(id))
    .map(({ name }) => name);
  const isPaused = target.state === "paused";
  const kind = t(`publishing.kind.${target.kind}`);
  // Of one that is called as its kind is, that is not said twice.
  const about = [target.name === kind ? "" : kind, detailOf(target)]
    .filter((part) => part !== "")
    .join(" · ");
  const setState = (state: "active" | "paused") =>
    change.mutate({ state }, { onError: tellFailure });
  return (
    <Paper
      className={`sheet ${publishingClasses.target}`}
      component="article"
      aria-label={target.name}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <Group gap="sm" wrap="nowrap" align="flex-start" miw={0}>
          <span className={publishingClasses.targetIcon}>
            <Icon name={ICONS[target.kind]} />
          </span>
          <div className={classes.cardTitle}>
            <Title order={3} size="h5">
              {target.name}
            </Title>
            <Text size="sm" className="soft">
              {about}
            </Text>
          </div>
        </Group>
        <TargetMark state={target.state} />
      </Group>
      {target.attention !== null && (
        <Text size="sm" lang="en" className={publishingClasses.attention}>
          {target.attention}
        </Text>
      )}
      <Text size="sm">
        {names.length === 0
          ? t("publishing.onlyByHand")
          : t("publishing.itself", { prompts: names.join(", ") })}
      </Text>
      {target.kind === "webhook" && (
        <Link to="/settings" search={{ tab: "webhooks" }} className={classes.plainLink}>
          <Text size="sm" component="span">
            {t("publishing.toWebhooks")}
          </Text>
        </Link>
      )}
      {check.data !== undefined && (
        <Alert
          color={check.data.isWell ? "green" : "yellow"}
          variant="light"
          role="status"
          p="xs"
          title={t(check.data.isWell ? "publishing.isWell" : "publishing.isNotWell")}
        >
          {t(`publishing.checked.${check.data.code}`, { name: check.data.name ?? "" })}
          {VERBATIM.has(check.data.code) && (
            <Text size="xs" lang="en" mt={4}>
              {check.data.evidence}
            </Text>
          )}
        </Alert>
      )}
      <Group gap="xs" mt="auto">
        <Button
          size="xs"
          variant="default"
          loading={check.isPending}
          aria-label={t("publishing.checkOf", { name: target.name })}
          onClick={() => check.mutate()}
        >
          {t("publishing.check")}
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-label={t("publishing.changeOf", { name: target.name })}
          onClick={() => setDialog("change")}
        >
          {t("publishing.change")}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              size="xs"
              variant="default"
              px={8}
              aria-label={t("publishing.moreOf", { name: target.name })}
            >
              <Icon name="more" size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setState(isPaused ? "active" : "paused")}>
              {t(isPaused ? "publishing.resume" : "publishing.pause")}
            </Menu.Item>
            {target.state === "needs-attention" && (
              <Menu.Item onClick={() => setState("active")}>{t("publishing.isMended")}</Menu.Item>
            )}
            <Menu.Item color="red" onClick={() => setDialog("remove")}>
              {t("publishing.remove")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Suspense fallback={null}>
        {dialog === "change" && (
          <ChangeTarget target={target} onClose={() => setDialog(undefined)} />
        )}
        {dialog === "remove" && (
          <RemoveTarget target={target} onClose={() => setDialog(undefined)} />
        )}
      </Suspense>
    </Paper>
  );
}

/** What tells it from others of its kind. */
function detailOf({ kind, settings }: Target): string {
  const { account, chatId, template, host, recipients } = settings;
  if (kind === "x") return typeof account === "string" ? account : "";
  if (kind === "telegram-channel") return String(chatId);
  if (kind === "email") {
    return `${String(host)} → ${Array.isArray(recipients) ? recipients.slice(0, 2).join(", ") : ""}`;
  }
  if (kind !== "whatsapp-template" || typeof template !== "object" || template === null) return "";
  return "name" in template ? String(template.name) : "";
}
