import { Alert, Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey, POST } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { WEBHOOK_KINDS, type WebhookKind } from "./webhook-queries.ts";

const USUAL: readonly WebhookKind[] = ["message-received", "conversation-handed-over"];

/** Where to tell, and what. */
export default function AddWebhook({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded: (secret: string) => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [kinds, setKinds] = useState<readonly WebhookKind[]>(USUAL);
  // Of what stood in the form: sent again after a break, it is one webhook.
  const sent = useRef({ as: "", key: "" });
  const add = useMutation({
    mutationFn: async (url: string) => {
      const body = { url, kinds: [...kinds] };
      const as = JSON.stringify(body);
      if (sent.current.as !== as) sent.current = { as, key: newKey() };
      const headers = { "Idempotency-Key": sent.current.key };
      return (await POST("/api/v1/webhooks", { headers, body })).data;
    },
    onSuccess: async ({ secret }) => {
      onAdded(secret);
      onClose();
      await queries.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  return (
    <FormDialog
      title={t("webhooks.add")}
      submit={t("webhooks.add")}
      isBusy={add.isPending}
      isReady={kinds.length > 0}
      onClose={onClose}
      onSubmit={(form) => add.mutate(textOf(form, "url"))}
    >
      {add.error !== null && (
        <Alert color="red" variant="light" role="alert">
          {add.error.message}
        </Alert>
      )}
      <TextInput
        name="url"
        type="url"
        label={t("webhooks.url")}
        description={t("webhooks.urlHint")}
        placeholder="https://"
        required
        withAsterisk={false}
      />
      <Checkbox.Group
        label={t("webhooks.what")}
        value={[...kinds]}
        onChange={(values) => setKinds(WEBHOOK_KINDS.filter((each) => values.includes(each)))}
      >
        <Group gap="xs" my="xs">
          <Button size="compact-xs" variant="default" onClick={() => setKinds(WEBHOOK_KINDS)}>
            {t("webhooks.everything")}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setKinds([])}>
            {t("webhooks.nothing")}
          </Button>
        </Group>
        <Stack gap={6}>
          {WEBHOOK_KINDS.map((kind) => (
            <Checkbox key={kind} value={kind} size="xs" label={t(`event.${kind}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
    </FormDialog>
  );
}
