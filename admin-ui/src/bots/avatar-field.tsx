import { Alert, Box, Button, FileButton, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { DELETE, isProblem, PUT } from "../api/api.ts";
import { tellDone } from "../parts/tell.ts";

/** As the server takes pictures. */
const MOST_BYTES = 256 * 1_024;

/** The picture of a web chat: it is sent at once, and is no part of what the form saves. */
export function AvatarField({
  botId,
  avatar,
  onChanged,
}: {
  readonly botId: string;
  /** Its address; null: none. */
  readonly avatar: string | null;
  readonly onChanged: () => Promise<unknown>;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const params = { path: { botId } };
  const change = useMutation({
    mutationFn: async (file: File | undefined) => {
      if (file === undefined) {
        await DELETE("/api/v1/bots/{botId}/web-chat/avatar", { params });
        return;
      }
      if (file.size > MOST_BYTES) throw new Error(t("webChat.pictureTooLarge"));
      await PUT("/api/v1/bots/{botId}/web-chat/avatar", { params, body: file });
    },
    onSuccess: async () => {
      tellDone(t("webChat.pictureSaved"));
      await onChanged();
      await queries.invalidateQueries({ queryKey: ["bots"] });
    },
  });
  const { error } = change;
  return (
    <Box role="group" aria-label={t("webChat.picture")}>
      <Text size="sm" fw={600}>
        {t("webChat.picture")}
      </Text>
      <Text size="xs" className="soft" mb={6}>
        {t("webChat.pictureHint")}
      </Text>
      <Group gap="sm">
        {avatar !== null && <img src={avatar} alt="" width={44} height={44} style={ROUND} />}
        <FileButton
          accept="image/png,image/jpeg"
          onChange={(file) => file !== null && change.mutate(file)}
          inputProps={{ "aria-label": t("webChat.choosePicture") }}
        >
          {(props) => (
            <Button {...props} variant="default" size="xs" loading={change.isPending}>
              {t("webChat.choosePicture")}
            </Button>
          )}
        </FileButton>
        {avatar !== null && (
          <Button
            variant="subtle"
            color="red"
            size="xs"
            disabled={change.isPending}
            onClick={() => change.mutate(undefined)}
          >
            {t("webChat.removePicture")}
          </Button>
        )}
      </Group>
      {error !== null && (
        <Alert color="red" variant="light" role="alert" mt="xs" py="xs">
          {isProblem(error, "unsupported-media-type") || isProblem(error, "invalid-input")
            ? t("webChat.pictureRefused")
            : error.message}
        </Alert>
      )}
    </Box>
  );
}

const ROUND = { borderRadius: "50%", objectFit: "cover" } as const;
