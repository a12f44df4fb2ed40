import { Tabs } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page.tsx";
import { LoadingRows } from "../parts/states.tsx";
import { People } from "./people.tsx";

const ApiKeys = lazy(() => import("./api-keys.tsx"));

/** Who works for the tenant, and which programs do. */
export function Members() {
  const { t } = useTranslation();
  const [tab, setTab] = useState<string | null>("people");
  return (
    <Page title={t("nav.members")} lead={t("members.lead")}>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="people">{t("members.people")}</Tabs.Tab>
          <Tabs.Tab value="keys">{t("members.keys")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people">
          <People />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <Suspense fallback={<LoadingRows />}>
            <ApiKeys />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
