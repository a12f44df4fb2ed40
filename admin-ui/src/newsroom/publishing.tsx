import { Button, Group, NativeSelect, SimpleGrid, Stack } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { More } from "../parts/more.tsx";
import { Page } from "../parts/page.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useEverWanted } from "../parts/use-ever-wanted.ts";
import { NewsTemplates } from "./news-templates.tsx";
import { PublicationList } from "./publication-list.tsx";
import {
  PUBLICATION_STATES,
  type Publication,
  usePublications,
  useTargets,
} from "./publishing-queries.ts";
import { useNewsroomRights } from "./queries.ts";
import { Sections } from "./sections.tsx";
import { TargetCard } from "./target-card.tsx";

const AddTarget = lazy(() => import("./add-target.tsx"));
const PublicationDrawer = lazy(() => import("./publication-drawer.tsx"));

/** Where approved texts go, and what became of each. */
export function Publishing() {
  const { t } = useTranslation();
  const { mayPublish } = useNewsroomRights();
  const targets = useTargets();
  const [isAdding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setAdding(true)}>
      {t("publishing.add")}
    </Button>
  );
  return (
    <Page title={t("nav.newsroom")} lead={t("publishing.lead")} actions={mayPublish && add}>
      <Sections />
      {!mayPublish ? (
        <Empty icon="send" title={t("state.refused")} />
      ) : (
        <Stack gap="lg">
          {targets.isError && (
            <Failure error={targets.error} retry={() => void targets.refetch()} />
          )}
          {targets.isPending && <LoadingRows rows={2} height={130} />}
          {targets.data?.length === 0 && (
            <Empty icon="send" title={t("publishing.none")} action={add}>
              {t("publishing.noneHint")}
            </Empty>
          )}
          {targets.data !== undefined && targets.data.length > 0 && (
            <section aria-label={t("publishing.targets")}>
              <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
                {targets.data.map((target) => (
                  <TargetCard key={target.id} target={target} />
                ))}
              </SimpleGrid>
            </section>
          )}
          <NewsTemplates />
          <History />
        </Stack>
      )}
      <Suspense fallback={null}>
        {isAdding && <AddTarget onClose={() => setAdding(false)} />}
      </Suspense>
    </Page>
  );
}

function History() {
  const { t } = useTranslation();
  const { publication } = useSearch({ from: "/newsroom/publishing" });
  const navigate = useNavigate();
  const targets = useTargets();
  const [state, setState] = useState<Publication["state"]>();
  const [targetId, setTarget] = useState<string>();
  const list = usePublications({ state, targetId });
  const wasOpen = useEverWanted(publication !== undefined);
  const open = (id: string | undefined) =>
    void navigate({
      to: "/newsroom/publishing",
      search: id === undefined ? {} : { publication: id },
      resetScroll: false,
    });
  return (
    <Section title={t("publishing.history")}>
      <Group gap="sm" mb="sm">
        <NativeSelect
          w={{ base: "100%", xs: "auto" }}
          aria-label={t("publishing.ofState")}
          data={[
            { value: "", label: t("publishing.anyState") },
            ...PUBLICATION_STATES.map((value) => ({
              value,
              label: t(`publishing.state.${value}`),
            })),
          ]}
          value={state ?? ""}
          onChange={({ currentTarget: { value } }) =>
            setState(PUBLICATION_STATES.find((each) => each === value))
          }
        />
        <NativeSelect
          w={{ base: "100%", xs: "auto" }}
          aria-label={t("publishing.ofTarget")}
          data={[
            { value: "", label: t("publishing.anyTarget") },
            ...(targets.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={targetId ?? ""}
          onChange={({ currentTarget: { value } }) => setTarget(value === "" ? undefined : value)}
        />
      </Group>
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <LoadingRows rows={3} />}
      {list.data?.length === 0 && <p className="soft">{t("publishing.nothingYet")}</p>}
      {list.data !== undefined && list.data.length > 0 && (
        <PublicationList publications={list.data} showsTitle onOpen={open} />
      )}
      <More list={list} />
      <Suspense fallback={null}>
        {wasOpen && (
          <PublicationDrawer publicationId={publication} onClose={() => open(undefined)} />
        )}
      </Suspense>
    </Section>
  );
}
