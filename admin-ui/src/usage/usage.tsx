import { SegmentedControl, Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page.tsx";
import { LoadingRows } from "../parts/states.tsx";
import { useSigned } from "../shell/session.ts";
import { Spend } from "./spend.tsx";

const Balance = lazy(() => import("./balance.tsx"));
const Asked = lazy(() => import("./asked.tsx"));
const Feedback = lazy(() => import("./feedback.tsx"));

const TABS = ["spend", "balance", "asked", "feedback"] as const;
type Tab = (typeof TABS)[number];
const RANGES = [7, 30, 90] as const;

/** What it costs, what is left, what is asked, and what people think of the answers. */
export function Usage() {
  const { t } = useTranslation();
  const { tab } = useSearch({ from: "/usage" });
  const { role } = useSigned();
  const navigate = useNavigate();
  const [days, setDays] = useState<number>(RANGES[1]);
  // Who talks with citizens reads what they think, and nothing of money.
  const tabs: readonly Tab[] = role === "agent" ? ["feedback"] : TABS;
  const shown = tabs.find((each) => each === tab) ?? tabs[0] ?? "spend";
  const hasRange = shown === "spend" || shown === "asked";
  return (
    <Page
      title={t("nav.usage")}
      lead={t("usage.lead")}
      actions={
        hasRange && (
          <SegmentedControl
            size="xs"
            aria-label={t("usage.range")}
            value={String(days)}
            onChange={(value) => setDays(Number(value))}
            data={RANGES.map((range) => ({
              value: String(range),
              label: t("usage.days", { count: range }),
            }))}
          />
        )
      }
    >
      <Tabs
        value={shown}
        onChange={(value) =>
          void navigate({ to: "/usage", search: value === null ? {} : { tab: value } })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {tabs.map((value) => (
            <Tabs.Tab key={value} value={value}>
              {t(`usage.tab.${value}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Suspense fallback={<LoadingRows />}>
          <Tabs.Panel value="spend">
            <Spend days={days} />
          </Tabs.Panel>
          <Tabs.Panel value="balance">
            <Balance />
          </Tabs.Panel>
          <Tabs.Panel value="asked">
            <Asked days={days} />
          </Tabs.Panel>
          <Tabs.Panel value="feedback">
            <Feedback />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Page>
  );
}
