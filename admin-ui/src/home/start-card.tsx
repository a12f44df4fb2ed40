import { Alert, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";

/** The way to the first steps, until somebody was answered. */
export function StartCard() {
  const { t } = useTranslation();
  const facts = useQuery({
    queryKey: ["getting-started"],
    queryFn: async () => (await GET("/api/v1/getting-started")).data,
  });
  if (facts.data === undefined || facts.data.wasAsked) return null;
  return (
    <Alert color="brick" variant="light" icon={<Icon name="play" />} title={t("home.start")}>
      {t("home.startHint")}
      <br />
      <Button size="xs" mt="sm" renderRoot={(props) => <Link to="/start" {...props} />}>
        {t("home.startGo")}
      </Button>
    </Alert>
  );
}
