import { Button, Group, NativeSelect, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { More } from "../parts/more.tsx";
import { Page } from "../parts/page.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { RUN_STATES, type RunState, useNewsroomRights, usePrompts, useRuns } from "./queries.ts";
import { RunList } from "./run-card.tsx";
import { Sections } from "./sections.tsx";

/** What was written of editions: first what waits for a person, then everything. */
export function Newsroom() {
  const { t } = useTranslation();
  const { mayChange } = useNewsroomRights();
  const waiting = useRuns({ state: "waiting-for-review" });
  const held = useRuns({ state: "held" });
  return (
    <Page title={t("nav.newsroom")} lead={t("newsroom.lead")}>
      <Sections />
      <Stack gap="lg">
        <Section
          title={t("newsroom.waiting")}
          lead={t(mayChange ? "newsroom.waitingLead" : "newsroom.waitingLeadToRead")}
        >
          <Few list={waiting} none={t("newsroom.nothingWaits")} />
        </Section>
        {held.data !== undefined && held.data.length > 0 && (
          <Section title={t("newsroom.heldRuns")} lead={t("newsroom.heldLead")}>
            <Few list={held} none="" />
          </Section>
        )}
        <AllRuns />
      </Stack>
    </Page>
  );
}

function Few({ list, none }: { readonly list: ReturnType<typeof useRuns>; readonly none: string }) {
  if (list.isError) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (list.data === undefined) return <LoadingRows rows={2} height={90} />;
  if (list.data.length === 0) return <p className="soft">{none}</p>;
  return (
    <Stack gap="sm">
      <RunList runs={list.data} />
      <More list={list} />
    </Stack>
  );
}

function AllRuns() {
  const { t } = useTranslation();
  const { mayChange } = useNewsroomRights();
  const prompts = usePrompts();
  const [state, setState] = useState<RunState>();
  const [promptId, setPrompt] = useState<string>();
  const list = useRuns({ state, promptId });
  const isFiltered = state !== undefined || promptId !== undefined;
  return (
    <Section title={t("newsroom.allRuns")}>
      <Group gap="sm" mb="sm">
        <NativeSelect
          w={{ base: "100%", xs: "auto" }}
          aria-label={t("newsroom.ofState")}
          data={[
            { value: "", label: t("newsroom.anyState") },
            ...RUN_STATES.map((value) => ({ value, label: t(`newsroom.state.${value}`) })),
          ]}
          value={state ?? ""}
          onChange={({ currentTarget: { value } }) =>
            setState(RUN_STATES.find((each) => each === value))
          }
        />
        <NativeSelect
          w={{ base: "100%", xs: "auto" }}
          aria-label={t("newsroom.ofPrompt")}
          data={[
            { value: "", label: t("newsroom.anyPrompt") },
            ...(prompts.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={promptId ?? ""}
          onChange={({ currentTarget: { value } }) =>
            setPrompt(prompts.data?.find(({ id }) => id === value)?.id)
          }
        />
      </Group>
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <LoadingRows rows={3} height={90} />}
      {list.data?.length === 0 && (
        <Empty
          icon="timeline"
          title={t(isFiltered ? "newsroom.noMatch" : "newsroom.noRuns")}
          action={
            !isFiltered &&
            mayChange && (
              <Button renderRoot={(props) => <Link to="/newsroom/prompts" {...props} />}>
                {t("newsroom.toPrompts")}
              </Button>
            )
          }
        >
          {!isFiltered && t("newsroom.noRunsHint")}
        </Empty>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <Stack gap="sm">
          <RunList runs={list.data} />
          <More list={list} />
        </Stack>
      )}
    </Section>
  );
}
