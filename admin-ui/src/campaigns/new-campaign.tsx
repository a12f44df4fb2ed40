import { Alert, Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey, POST, PUT } from "../api/api.ts";
import { ContactName } from "../contacts/contact-name.tsx";
import { tellFailure } from "../parts/tell.ts";
import { BotChoice } from "./bot-choice.tsx";
import { useLines } from "./queries.ts";

/** Begins a draft; nothing is sent by it. `to`: to this contact, as a manual send. */
export default function NewCampaign({
  to,
  onClose,
}: {
  readonly to: string | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const lines = useLines();
  const [chosen, setChosen] = useState<readonly string[]>();
  const key = useRef(newKey());
  const bots = chosen ?? lines.data?.map(({ botId }) => botId) ?? [];
  const create = useMutation({
    mutationFn: async ({ name, text }: { name: string; text: string }) => {
      const { data, response } = await POST("/api/v1/campaigns", {
        params: { header: { "Idempotency-Key": key.current } },
        body: { name, text, bots: [...bots] },
      });
      if (to !== undefined) {
        await PUT("/api/v1/campaigns/{campaignId}/audience", {
          params: {
            path: { campaignId: data.id },
            header: { "If-Match": response.headers.get("etag") ?? "" },
          },
          body: { kind: "contacts", contacts: [to] },
        });
      }
      return data.id;
    },
    onError: (error) => {
      key.current = newKey();
      tellFailure(error);
    },
    // There first: nobody goes on typing in a form that was sent, while the list behind it is read again.
    onSuccess: async (campaignId) => {
      await navigate({ to: "/campaigns/$campaignId", params: { campaignId } });
      await queries.invalidateQueries({ queryKey: ["campaigns", "list"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    create.mutate({ name: String(given.get("name")), text: String(given.get("text")) });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("campaigns.new")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          {to !== undefined && (
            <Text size="sm">
              {t("campaigns.toOne")} <ContactName contactId={to} />
            </Text>
          )}
          <TextInput
            name="name"
            label={t("campaigns.name")}
            description={t("campaigns.nameHint")}
            required
            maxLength={200}
            withAsterisk={false}
            data-autofocus
          />
          <Textarea
            name="text"
            label={t("campaigns.text")}
            description={t("campaigns.textHint")}
            required
            maxLength={10_000}
            autosize
            minRows={4}
            maxRows={10}
            withAsterisk={false}
          />
          {lines.data?.length === 0 ? (
            <Alert color="yellow" variant="light">
              {t("campaigns.noBotsHint")}
            </Alert>
          ) : (
            <BotChoice bots={bots} onChange={setChosen} isDisabled={false} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={bots.length === 0}>
              {t("campaigns.begin")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
