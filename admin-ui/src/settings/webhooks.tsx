import { Alert, Badge, Button, Group, Menu, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { DELETE, GET, PATCH, POST } from "../api/api.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { useFormats, useNow } from "../parts/time.ts";
import { ToCopy } from "../parts/to-copy.tsx";
import { useWebhooks, type Webhook, type WebhookKind } from "./webhook-queries.ts";

const AddWebhook = lazy(() => import("./add-webhook.tsx"));
const Deliveries = lazy(() => import("./deliveries.tsx"));

/** Programs of the institution that are told what happens. */
export default function Webhooks() {
  const { t } = useTranslation();
  const list = useWebhooks();
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <Section
      title={t("settings.tab.webhooks")}
      lead={t("webhooks.lead")}
      actions={
        <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setAdding(true)}>
          {t("webhooks.add")}
        </Button>
      }
    >
      <Stack>
        {secret !== undefined && <Secret secret={secret} onKept={() => setSecret(undefined)} />}
        {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
        {list.isPending && <LoadingRows rows={2} />}
        {list.data?.length === 0 && (
          <Empty icon="link" title={t("webhooks.none")}>
            {t("webhooks.noneHint")}
          </Empty>
        )}
        {list.data?.map((webhook) => (
          <Card key={webhook.id} webhook={webhook} onSecret={setSecret} />
        ))}
      </Stack>
      <Suspense fallback={null}>
        {isAdding && <AddWebhook onClose={() => setAdding(false)} onAdded={setSecret} />}
      </Suspense>
    </Section>
  );
}

function Secret({ secret, onKept }: { readonly secret: string; readonly onKept: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert color="green" variant="light" role="status" title={t("webhooks.secretTitle")}>
      <Stack gap="xs">
        <Text size="sm">{t("webhooks.secretHint")}</Text>
        <ToCopy label={t("webhooks.secretTitle")} value={secret} />
        <Button size="xs" variant="default" onClick={onKept} style={{ alignSelf: "flex-start" }}>
          {t("webhooks.secretKept")}
        </Button>
      </Stack>
    </Alert>
  );
}

function Card({
  webhook,
  onSecret,
}: {
  readonly webhook: Webhook;
  readonly onSecret: (secret: string) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(30_000);
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<"remove" | "rotate">();
  const { id, url, kinds, state, disabledReason, failingSince, lastSuccessAt } = webhook;
  const { test, turn } = useSteps(webhook);
  return (
    <Paper p="sm" withBorder component="section" aria-label={url}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div style={{ minWidth: 0, overflowWrap: "anywhere" }}>
          <Title order={3} size="h6">
            {url}
          </Title>
          <Text size="xs" className="soft">
            {kinds.length > 3
              ? t("webhooks.kinds", { count: kinds.length })
              : kinds
                  .map((kind) => t(`event.${kind as WebhookKind}`, { defaultValue: kind }))
                  .join(" · ")}
          </Text>
          <Text size="xs" className="soft">
            {lastSuccessAt === null
              ? t("webhooks.neverTaken")
              : t("webhooks.lastTaken", { ago: formats.ago(lastSuccessAt, now) })}
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          <Badge
            color={state === "disabled" ? "gray" : failingSince === null ? "green" : "yellow"}
            variant="light"
            tt="none"
          >
            {t(
              failingSince === null || state === "disabled"
                ? `webhooks.${state}`
                : "webhooks.failing",
            )}
          </Badge>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                variant="subtle"
                color="gray"
                size="compact-md"
                aria-label={t("webhooks.actions", { url })}
              >
                <Icon name="more" />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => test.mutate()}>{t("webhooks.test")}</Menu.Item>
              <Menu.Item onClick={() => turn.mutate()}>
                {t(state === "active" ? "webhooks.disable" : "webhooks.enable")}
              </Menu.Item>
              <Menu.Item onClick={() => setAsked("rotate")}>{t("webhooks.rotate")}</Menu.Item>
              <Menu.Item color="red" onClick={() => setAsked("remove")}>
                {t("webhooks.remove")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {disabledReason !== null && (
        <Alert color="yellow" variant="light" py="xs" mt="xs">
          {t(`webhooks.reason.${disabledReason as "gone"}`, { defaultValue: disabledReason })}
        </Alert>
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        mt="xs"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {t("webhooks.deliveries")}
      </Button>
      <Suspense fallback={<LoadingRows rows={2} />}>
        {isOpen && <Deliveries webhookId={id} />}
      </Suspense>
      {asked === "remove" && <Remove webhook={webhook} onClose={() => setAsked(undefined)} />}
      {asked === "rotate" && (
        <Rotate webhook={webhook} onClose={() => setAsked(undefined)} onSecret={onSecret} />
      )}
    </Paper>
  );
}

function useSteps({ id: webhookId, state }: Webhook) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const params = { path: { webhookId } };
  const read = () => queries.invalidateQueries({ queryKey: ["webhooks"] });
  return {
    test: useMutation({
      mutationFn: () => POST("/api/v1/webhooks/{webhookId}/tests", { params }),
      onError: tellFailure,
      onSuccess: () => {
        tellDone(t("webhooks.tested"));
        return read();
      },
    }),
    turn: useMutation({
      mutationFn: async () => {
        const { response } = await GET("/api/v1/webhooks/{webhookId}", { params });
        const header = { "If-Match": response.headers.get("etag") ?? "" };
        return PATCH("/api/v1/webhooks/{webhookId}", {
          params: { ...params, header },
          body: { state: state === "active" ? "disabled" : "active" },
        });
      },
      onError: tellFailure,
      onSuccess: read,
    }),
  };
}

function Remove({ webhook, onClose }: { readonly webhook: Webhook; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      DELETE("/api/v1/webhooks/{webhookId}", { params: { path: { webhookId: webhook.id } } }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  return (
    <FormDialog
      title={t("webhooks.remove")}
      lead={t("webhooks.removeHint", { url: webhook.url })}
      submit={t("webhooks.remove")}
      color="red"
      isBusy={remove.isPending}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    />
  );
}

function Rotate({
  webhook,
  onClose,
  onSecret,
}: {
  readonly webhook: Webhook;
  readonly onClose: () => void;
  readonly onSecret: (secret: string) => void;
}) {
  const { t } = useTranslation();
  const rotate = useMutation({
    mutationFn: async () =>
      (
        await POST("/api/v1/webhooks/{webhookId}/secret", {
          params: { path: { webhookId: webhook.id } },
        })
      ).data,
    onError: tellFailure,
    onSuccess: ({ secret }) => {
      onSecret(secret);
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("webhooks.rotate")}
      lead={t("webhooks.rotateHint")}
      submit={t("webhooks.rotate")}
      isBusy={rotate.isPending}
      onClose={onClose}
      onSubmit={() => rotate.mutate()}
    />
  );
}
