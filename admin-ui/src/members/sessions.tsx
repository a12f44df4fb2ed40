import { Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { DELETE, GET } from "../api/api.ts";
import { Page } from "../parts/page.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats, useNow } from "../parts/time.ts";

/** Where one is signed in, and the way to end it from here. */
export function Sessions() {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(30_000);
  const queries = useQueryClient();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: async () => (await GET("/api/v1/sessions")).data.sessions,
  });
  const after = {
    onError: tellFailure,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  };
  const end = useMutation({
    mutationFn: (sessionId: string) =>
      DELETE("/api/v1/sessions/{sessionId}", { params: { path: { sessionId } } }),
    ...after,
  });
  const endOthers = useMutation({ mutationFn: () => DELETE("/api/v1/sessions"), ...after });
  const hasOthers = sessions.data?.some(({ isCurrent }) => !isCurrent) ?? false;
  return (
    <Page
      title={t("user.sessions")}
      actions={
        hasOthers && (
          <Button
            variant="default"
            loading={endOthers.isPending}
            onClick={() => endOthers.mutate()}
          >
            {t("sessions.endOthers")}
          </Button>
        )
      }
    >
      {sessions.isError && <Failure error={sessions.error} retry={() => sessions.refetch()} />}
      {sessions.isPending && <LoadingRows rows={3} />}
      <Stack gap="xs" component="ul" p={0} m={0}>
        {sessions.data?.map(({ id, userAgent, ip, createdAt, lastUsedAt, isCurrent }) => {
          const agent = userAgent === "" ? t("sessions.unknown") : userAgent;
          return (
            <Paper key={id} p="sm" className="sheet" component="li" style={{ listStyle: "none" }}>
              <Group justify="space-between" wrap="nowrap">
                <div style={{ minWidth: 0 }}>
                  <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                    {agent}
                  </Text>
                  <Text size="xs" className="soft">
                    {t("sessions.since", { at: formats.long(createdAt), ip })} ·{" "}
                    {t("sessions.lastUsed", { ago: formats.ago(lastUsedAt, now) })}
                  </Text>
                </div>
                {isCurrent ? (
                  <Badge variant="light" tt="none" style={{ flex: "none" }}>
                    {t("sessions.current")}
                  </Badge>
                ) : (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={t("sessions.endOf", { agent })}
                    loading={end.isPending && end.variables === id}
                    onClick={() => end.mutate(id)}
                  >
                    {t("sessions.end")}
                  </Button>
                )}
              </Group>
            </Paper>
          );
        })}
      </Stack>
    </Page>
  );
}
