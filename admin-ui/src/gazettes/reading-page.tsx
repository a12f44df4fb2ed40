import { ActionIcon, Badge, Button, Group, NativeSelect, Tabs, Text } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { ActsIndex } from "./acts-index.tsx";
import classes from "./gazettes.module.css";
import { PageImage } from "./page-image.tsx";
import { PageText } from "./page-text.tsx";
import {
  type EditionReading,
  useEditionReading,
  usePageImage,
  usePageReading,
  useReadAhead,
} from "./queries.ts";
import sheet from "./reading.module.css";
import { useGazetteTimes } from "./words.ts";

/** How a document was read, page by page: its picture with what is cited marked on it, and the text beside it. */
export function ReadingPage() {
  const { t } = useTranslation();
  const { sourceId, editionId } = useParams({ from: "/gazettes/$sourceId/editions/$editionId" });
  const { page: asked = 1 } = useSearch({ from: "/gazettes/$sourceId/editions/$editionId" });
  const navigate = useNavigate();
  const read = useEditionReading(editionId);
  const times = useGazetteTimes("UTC");
  const count = read.data?.pages.length ?? 1;
  const page = Math.min(asked, count);
  const go = (to: number) => {
    if (to < 1 || to > count) return;
    void navigate({
      to: "/gazettes/$sourceId/editions/$editionId",
      params: { sourceId, editionId },
      search: { page: to },
      replace: true,
      resetScroll: false,
    });
  };
  useArrowKeys((step) => go(page + step));
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows height={90} />;
  const edition = read.data;
  return (
    <Page
      title={`${edition.source.name}, ${times.medium(edition.date)}`}
      lead={edition.documentName}
      actions={<Leaf edition={edition} page={page} onPage={go} />}
    >
      <Text size="sm" mb="md" mt={-12}>
        <Link
          to="/gazettes/$sourceId"
          params={{ sourceId }}
          search={{ month: edition.date.slice(0, 7), date: edition.date }}
          className={classes.link}
        >
          {t("gazettes.backToDay")}
        </Link>
      </Text>
      {edition.pages.length === 0 ? (
        <Empty icon="documents" title={t("gazettes.noPages")} />
      ) : (
        <Spread key={`${editionId} ${page}`} edition={edition} page={page} onPage={go} />
      )}
    </Page>
  );
}

/** Left and right turn the page, unless somebody writes or chooses just then. */
function useArrowKeys(turn: (step: number) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const { target } = event;
      if (target instanceof Element && target.closest("input, select, textarea, [role=tab]"))
        return;
      if (event.key === "ArrowLeft") turn(-1);
      if (event.key === "ArrowRight") turn(1);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}

interface PageProps {
  readonly edition: EditionReading;
  readonly page: number;
  readonly onPage: (page: number) => void;
}

function Leaf({ edition: { pages }, page, onPage }: PageProps) {
  const { t } = useTranslation();
  const nextByOcr = pages.find((each) => each.origin === "ocr" && each.page > page);
  return (
    <Group gap="xs">
      {nextByOcr !== undefined && (
        <Button variant="default" onClick={() => onPage(nextByOcr.page)}>
          {t("gazettes.nextByOcr")}
        </Button>
      )}
      <Group gap="xs" wrap="nowrap">
        <ActionIcon
          variant="default"
          size={36}
          disabled={page <= 1}
          aria-label={t("gazettes.pageBefore")}
          title={`${t("gazettes.pageBefore")} (←)`}
          onClick={() => onPage(page - 1)}
        >
          <Icon name="back" />
        </ActionIcon>
        <NativeSelect
          aria-label={t("gazettes.page")}
          value={String(page)}
          data={pages.map((each) => ({
            value: String(each.page),
            label:
              each.printedPage === null
                ? t("gazettes.pageOf", { page: each.page, total: pages.length })
                : t("gazettes.pagePrinted", {
                    page: each.page,
                    total: pages.length,
                    printed: each.printedPage,
                  }),
          }))}
          onChange={({ currentTarget }) => onPage(Number(currentTarget.value))}
        />
        <ActionIcon
          variant="default"
          size={36}
          disabled={page >= pages.length}
          aria-label={t("gazettes.pageAfter")}
          title={`${t("gazettes.pageAfter")} (→)`}
          onClick={() => onPage(page + 1)}
        >
          <Icon name="forward" />
        </ActionIcon>
      </Group>
    </Group>
  );
}

/** The picture and, beside it, what was read. What one points at in one is marked in the other. */
function Spread({ edition, page, onPage }: PageProps) {
  const { t } = useTranslation();
  const read = usePageReading(edition.id, page);
  const image = usePageImage(edition.id, page);
  const hasNext = image.isSuccess && page < edition.pages.length;
  useReadAhead(edition.id, hasNext ? page + 1 : undefined);
  const [active, setActive] = useState<string>();
  const [tab, setTab] = useState<string | null>("text");
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows rows={5} height={90} />;
  return (
    <div className={sheet.reading}>
      <div>
        <HowRead edition={edition} page={page} />
        <PageImage
          page={read.data}
          image={image.data}
          failure={image.error}
          active={active}
          onActive={setActive}
        />
      </div>
      <div className={sheet.side}>
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List mb="sm">
            <Tabs.Tab value="text">{t("gazettes.text")}</Tabs.Tab>
            <Tabs.Tab value="acts">{t("gazettes.acts", { count: edition.acts.length })}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="text">
            <PageText
              page={read.data}
              language={edition.source.language}
              active={active}
              onActive={setActive}
            />
          </Tabs.Panel>
          <Tabs.Panel value="acts">
            <ActsIndex edition={edition} page={page} onPage={onPage} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </div>
  );
}

const ORIGIN_COLORS = { "text-layer": "green", ocr: "yellow", empty: "gray" } as const;

/** By text layer or by OCR, with what the recogniser believes of it, and how the whole document was read. */
function HowRead({ edition: { pages }, page }: Omit<PageProps, "onPage">) {
  const { t } = useTranslation();
  const formats = useFormats();
  const here = pages.find((each) => each.page === page);
  if (here === undefined) return null;
  const byOcr = pages.filter(({ origin }) => origin === "ocr").length;
  const empty = pages.filter(({ origin }) => origin === "empty").length;
  return (
    <Group gap="xs" mb="sm">
      <Badge variant="light" color={ORIGIN_COLORS[here.origin]} tt="none">
        {t(`gazettes.origin.${here.origin}`)}
        {here.confidence !== null &&
          ` · ${t("gazettes.confidence", { share: formats.percent(here.confidence / 100) })}`}
      </Badge>
      {here.printedPage !== null && (
        <Badge variant="light" color="gray" tt="none">
          {t("gazettes.printed", { page: here.printedPage })}
        </Badge>
      )}
      <Text size="xs" className="soft">
        {byOcr === 0 && empty === 0
          ? t("gazettes.allByText", { count: pages.length })
          : t("gazettes.byOcr", { ocr: byOcr, empty, total: pages.length })}
      </Text>
    </Group>
  );
}
