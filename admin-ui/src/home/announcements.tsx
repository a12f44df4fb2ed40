import { Alert, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { GET, PUT } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { tellFailure } from "../parts/tell.ts";

/** What the platform tells everybody, until one has read it. */
export function Announcements() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: ["announcements"],
    queryFn: async () => (await GET("/api/v1/announcements")).data.announcements,
  });
  const read = useMutation({
    mutationFn: (announcementId: string) =>
      PUT("/api/v1/announcements/{announcementId}/reading", {
        params: { path: { announcementId } },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["announcements"] }),
    onError: tellFailure,
  });
  const unread = list.data?.filter(({ readAt }) => readAt === null) ?? [];
  if (unread.length === 0) return null;
  return (
    <Stack gap="xs">
      {unread.map(({ id, texts, severity }) => {
        const text = texts[i18n.language] ?? Object.values(texts)[0];
        return (
          <Alert
            key={id}
            color={severity === "info" ? "blue" : "yellow"}
            icon={<Icon name="campaigns" />}
            title={text?.title}
            withCloseButton
            closeButtonLabel={t("action.close")}
            onClose={() => read.mutate(id)}
          >
            <Text size="sm" className="prose">
              {text?.body}
            </Text>
          </Alert>
        );
      })}
    </Stack>
  );
}
