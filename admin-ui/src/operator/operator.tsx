import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page.tsx";
import { LoadingRows } from "../parts/states.tsx";
import { Now } from "./now.tsx";

const Load = lazy(() => import("./load.tsx"));
const Breakers = lazy(() => import("../providers/breakers.tsx"));
const Tenants = lazy(() => import("./tenants.tsx"));
const Published = lazy(() => import("./published.tsx"));
const SecurityEvents = lazy(() => import("./security-events.tsx"));

const TABS = ["now", "load", "models", "tenants", "announcements", "security"] as const;

/** The whole installation at three in the morning: what is broken, since when, by what it is seen, what to do. */
export function Operator() {
  const { t } = useTranslation();
  const { tab } = useSearch({ from: "/operator" });
  const navigate = useNavigate();
  const shown = TABS.find((each) => each === tab) ?? "now";
  const show = (value: string | null) =>
    void navigate({
      to: "/operator",
      search: value === null || value === "now" ? {} : { tab: value },
    });
  return (
    <Page title={t("nav.operator")} lead={t("operator.lead")}>
      <Tabs value={shown} onChange={show} keepMounted={false}>
        <Tabs.List mb="md">
          {TABS.map((value) => (
            <Tabs.Tab key={value} value={value}>
              {t(`operator.tab.${value}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Suspense fallback={<LoadingRows />}>
          <Tabs.Panel value="now">
            <Now onShow={show} />
          </Tabs.Panel>
          <Tabs.Panel value="load">
            <Load />
          </Tabs.Panel>
          <Tabs.Panel value="models">
            <Breakers />
          </Tabs.Panel>
          <Tabs.Panel value="tenants">
            <Tenants />
          </Tabs.Panel>
          <Tabs.Panel value="announcements">
            <Published />
          </Tabs.Panel>
          <Tabs.Panel value="security">
            <SecurityEvents />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Page>
  );
}
