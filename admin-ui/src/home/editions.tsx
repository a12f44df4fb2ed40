import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";

/** Up to which edition each gazette is in; nothing where none is collected. */
export function Editions() {
  const { t, i18n } = useTranslation();
  const sources = useQuery({
    queryKey: ["sources"],
    queryFn: async () => (await GET("/api/v1/sources")).data.sources,
  });
  if (sources.data?.length === 0) return null;
  // A date of publication is of no time zone.
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" });
  return (
    <Paper p="md" className="sheet" component="section" aria-labelledby="editions">
      <Title order={2} size="h4" id="editions" mb="sm">
        {t("home.editions")}
      </Title>
      {sources.isError && <Failure error={sources.error} retry={() => sources.refetch()} />}
      {sources.isPending && <LoadingRows rows={2} />}
      <Stack gap={6}>
        {sources.data?.map(({ id, name, isPaused, lastCollectedOn }) => (
          <Group key={id} gap="xs" justify="space-between" wrap="nowrap">
            <Text size="sm" truncate>
              {name}
            </Text>
            {isPaused ? (
              <Badge variant="light" color="yellow" tt="none">
                {t("home.editionsPaused")}
              </Badge>
            ) : (
              <Text size="sm" className="soft tabular" style={{ flex: "none" }}>
                {lastCollectedOn === null
                  ? t("home.editionsNone")
                  : day.format(new Date(lastCollectedOn))}
              </Text>
            )}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
