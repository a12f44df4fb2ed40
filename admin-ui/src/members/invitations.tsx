import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { DELETE, GET } from "../api/api.ts";
import { Failure } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";

/** Those that nobody has accepted yet; nothing where there are none. */
export function Invitations() {
  const { t } = useTranslation();
  const formats = useFormats();
  const queries = useQueryClient();
  const invitations = useQuery({
    queryKey: ["invitations"],
    queryFn: async () =>
      (await GET("/api/v1/invitations", { params: { query: { limit: 100 } } })).data.invitations,
  });
  const withdraw = useMutation({
    mutationFn: (invitationId: string) =>
      DELETE("/api/v1/invitations/{invitationId}", { params: { path: { invitationId } } }),
    onError: tellFailure,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["invitations"] }),
  });
  if (invitations.isError) {
    return <Failure error={invitations.error} retry={() => invitations.refetch()} />;
  }
  if (invitations.data === undefined || invitations.data.length === 0) return null;
  return (
    <section aria-label={t("members.invitations")}>
      <Title order={2} size="h5" mb="xs">
        {t("members.invitations")}
      </Title>
      <Stack gap="xs" component="ul" p={0} m={0}>
        {invitations.data.map(({ id, email, role, expiresAt }) => (
          <Paper key={id} p="sm" className="sheet" component="li" style={{ listStyle: "none" }}>
            <Group justify="space-between" wrap="nowrap">
              <div style={{ minWidth: 0 }}>
                <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                  {email}
                </Text>
                <Text size="xs" className="soft">
                  {t(`role.${role}`)} · {t("members.until", { at: formats.long(expiresAt) })}
                </Text>
              </div>
              <Button
                size="xs"
                variant="default"
                aria-label={t("members.withdrawOf", { email })}
                loading={withdraw.isPending && withdraw.variables === id}
                onClick={() => withdraw.mutate(id)}
              >
                {t("members.withdraw")}
              </Button>
            </Group>
          </Paper>
        ))}
      </Stack>
    </section>
  );
}
