import { Stack, Tabs } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page.tsx";
import { LoadingRows } from "../parts/states.tsx";
import { useSigned } from "../shell/session.ts";
import { Lines } from "./lines.tsx";

const DeadLetters = lazy(() => import("./dead-letters.tsx"));

/** What waits, where and why; and what somebody has to decide. */
export function Queues() {
  const { t } = useTranslation();
  const { role, person } = useSigned();
  const [tab, setTab] = useState<string | null>("lines");
  const decides = role !== "viewer" || person.platformRole !== null;
  return (
    <Page title={t("nav.queues")} lead={t("queues.lead")}>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="lines">{t("queues.lines")}</Tabs.Tab>
          {decides && <Tabs.Tab value="letters">{t("queues.letters")}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="lines">
          <Stack>
            <Lines onLetters={decides ? () => setTab("letters") : undefined} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="letters">
          <Suspense fallback={<LoadingRows />}>
            <DeadLetters />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
