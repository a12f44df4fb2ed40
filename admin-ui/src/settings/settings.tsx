import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page.tsx";
import { LoadingRows } from "../parts/states.tsx";
import { type Role, useSigned } from "../shell/session.ts";

const Account = lazy(() => import("./account.tsx"));
const Organisation = lazy(() => import("./organisation.tsx"));
const SingleSignOn = lazy(() => import("./single-sign-on.tsx"));
const Webhooks = lazy(() => import("./webhooks.tsx"));
const OwnData = lazy(() => import("./own-data.tsx"));

const TABS = [
  { name: "organisation", roles: ["owner"], View: Organisation },
  { name: "sign-on", roles: ["owner"], View: SingleSignOn },
  { name: "webhooks", roles: ["owner", "editor"], View: Webhooks },
  { name: "data", roles: ["owner"], View: OwnData },
  { name: "account", roles: undefined, View: Account },
] as const satisfies readonly {
  readonly name: string;
  /** Undefined: everybody, about themselves. */
  readonly roles: readonly Role[] | undefined;
  readonly View: unknown;
}[];

/** What an institution is, whom it tells, what it takes along; and one's own account. */
export function Settings() {
  const { t } = useTranslation();
  const { tab } = useSearch({ from: "/settings" });
  const { role } = useSigned();
  const navigate = useNavigate();
  const tabs = TABS.filter(
    ({ roles }) =>
      roles === undefined || (role !== undefined && (roles as readonly Role[]).includes(role)),
  );
  const shown = tabs.find(({ name }) => name === tab) ?? tabs[0];
  return (
    <Page title={t("nav.settings")} lead={t("settings.lead")}>
      <Tabs
        value={shown?.name ?? "account"}
        onChange={(value) =>
          void navigate({ to: "/settings", search: value === null ? {} : { tab: value } })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {tabs.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`settings.tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Suspense fallback={<LoadingRows />}>
          {tabs.map(({ name, View }) => (
            <Tabs.Panel key={name} value={name}>
              <View />
            </Tabs.Panel>
          ))}
        </Suspense>
      </Tabs>
    </Page>
  );
}
