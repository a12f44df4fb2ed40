import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTitle } from "../parts/page.tsx";
import { Empty } from "../parts/states.tsx";

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t("notFound.title"));
  return (
    <Empty
      icon="question"
      title={t("notFound.title")}
      action={
        <Button component={Link} to="/" variant="default" mt="sm">
          {t("notFound.home")}
        </Button>
      }
    >
      {t("notFound.hint")}
    </Empty>
  );
}
