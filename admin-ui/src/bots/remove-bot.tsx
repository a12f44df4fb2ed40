import { Button, Code, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { DELETE } from "../api/api.ts";
import type { Bot } from "../api/types.ts";
import { tellFailure } from "../parts/tell.ts";

export default function RemoveBot({
  bot,
  onClose,
}: {
  readonly bot: Bot;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (botId: string) => DELETE("/api/v1/bots/{botId}", { params: { path: { botId } } }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["bots"] });
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("bots.removeTitle")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Text size="sm">
          {t("bots.removeHint")} <Code>{bot.name}</Code>
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(bot.id)}>
            {t("bots.remove")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
