import { ActionIcon, Anchor, Box, Button, CloseButton, Group, Text, Title } from "@mantine/core";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import {
  type PageReading,
  useEditionReading,
  usePageImage,
  usePageReading,
} from "../gazettes/queries.ts";
import { DrawnImage } from "../parts/drawn-image.tsx";
import { Icon } from "../parts/icon.tsx";
import paper from "../parts/paper.module.css";
import { Failure, LoadingRows } from "../parts/states.tsx";
import citedClasses from "./cited-page.module.css";
import classes from "./newsroom.module.css";
import { ownPath } from "./post-link.ts";
import type { Citation } from "./queries.ts";
import { linesOfQuote } from "./quote-lines.ts";
import { useNewsroomWords } from "./words.ts";

/** What of a gazette is open beside a text: a page, and what of it is cited. */
export interface OpenPlace {
  readonly editionId: string;
  readonly page: number;
  readonly citation?: Citation | undefined;
}

/** Of a statement that is being written: which passages it cites, and how it comes by another. */
export interface Citing {
  /** From 1. */
  readonly statement: number;
  readonly cites: readonly string[];
  readonly onCite: (citation: Citation) => void;
}

/** A page of the gazette with the cited lines marked, and its text; while one writes, its passages can be cited. */
export default function CitedPage({
  place,
  citing,
  onPlace,
  onClose,
}: {
  readonly place: OpenPlace;
  readonly citing?: Citing | undefined;
  readonly onPlace: (place: OpenPlace) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const words = useNewsroomWords();
  const { editionId, page, citation } = place;
  const edition = useEditionReading(editionId);
  const read = usePageReading(editionId, page);
  const image = usePageImage(editionId, page);
  const isCited = citation !== undefined && citation.pdfPage === page;
  const cited = citation !== undefined && isCited ? citation : undefined;
  const shown = read.data;
  const about = edition.data;
  const passage = shown?.passages.find(({ id }) => id === cited?.passageId);
  const failure = edition.error ?? read.error;
  if (failure !== null) {
    return (
      <section className={`sheet ${citedClasses.cited}`} aria-label={t("newsroom.page")}>
        <CloseButton aria-label={t("action.close")} onClick={onClose} />
        <Failure error={failure} retry={() => void read.refetch()} />
      </section>
    );
  }
  return (
    <section className={`sheet ${citedClasses.cited}`} aria-label={t("newsroom.page")}>
      <Head
        title={
          about === undefined
            ? t("state.loading")
            : `${about.source.name}, ${words.day(about.date)}`
        }
        page={page}
        count={about?.pages.length ?? page}
        printed={shown?.printedPage ?? null}
        onTurn={(to) => onPlace({ ...place, page: to })}
        onClose={onClose}
      />
      {shown === undefined ? (
        <LoadingRows rows={3} height={120} />
      ) : (
        <Sheet page={shown} image={image.data} cited={cited} hasFailed={image.isError} />
      )}
      {citing === undefined && passage !== undefined && cited !== undefined && (
        <CitedText passage={passage} quote={cited.quote} language={about?.source.language} />
      )}
      {citing !== undefined && shown !== undefined && about !== undefined && (
        <Citable
          page={shown}
          citing={citing}
          toCitation={(passageId, quote) => ({
            passageId,
            quote,
            editionId,
            pdfPage: page,
            printedPage: shown.printedPage,
            sourceName: about.source.name,
            date: about.date,
            link: "",
          })}
        />
      )}
      {about?.source.isPublic === true && cited !== undefined && cited.link !== "" && (
        <Anchor
          href={ownPath(cited.link)}
          target="_blank"
          rel="noreferrer"
          size="sm"
          underline="always"
          c="inherit"
        >
          {t("newsroom.publicPage")}
        </Anchor>
      )}
    </section>
  );
}

/** Which page it is, and the ways to those beside it. */
function Head({
  title,
  page,
  count,
  printed,
  onTurn,
  onClose,
}: {
  readonly title: string;
  readonly page: number;
  readonly count: number;
  readonly printed: string | null;
  readonly onTurn: (page: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs" mb="xs">
      <div className={classes.cardTitle}>
        <Title order={3} size="h6">
          {title}
        </Title>
        <Text size="xs" className="soft tabular">
          {t("newsroom.pageOf", { page, count })}
          {printed !== null && ` · ${t("newsroom.printed", { page: printed })}`}
        </Text>
      </div>
      <Group gap={4} wrap="nowrap">
        <ActionIcon
          variant="default"
          disabled={page <= 1}
          aria-label={t("newsroom.pageBefore")}
          onClick={() => onTurn(page - 1)}
        >
          <Icon name="back" size={17} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          disabled={page >= count}
          aria-label={t("newsroom.pageAfter")}
          onClick={() => onTurn(page + 1)}
        >
          <Icon name="forward" size={17} />
        </ActionIcon>
        <CloseButton aria-label={t("newsroom.closePage")} onClick={onClose} />
      </Group>
    </Group>
  );
}

/** The picture of the page, with the lines of the quote marked, and those of its passage more faintly. */
function Sheet({
  page,
  image,
  cited,
  hasFailed,
}: {
  readonly page: PageReading;
  readonly image: Blob | undefined;
  readonly cited: Citation | undefined;
  readonly hasFailed: boolean;
}) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const passage = page.passages.find(({ id }) => id === cited?.passageId);
  const quoted = linesOfQuote(passage?.lines ?? [], cited?.quote ?? "");
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place begins at its own lines
  useLayoutEffect(() => {
    const marks = frame.current?.querySelectorAll("rect");
    const mark = frame.current?.querySelector("rect[data-quoted]") ?? marks?.[0];
    if (frame.current === null || mark === undefined || mark === null) return;
    const { top } = mark.getBoundingClientRect();
    const { top: start, height } = frame.current.getBoundingClientRect();
    frame.current.scrollTop += top - start - height / 4;
  }, [page, cited]);
  return (
    // Pushed by hand, and by keyboard too.
    <Box
      className={citedClasses.frame}
      ref={frame}
      tabIndex={0}
      role="group"
      aria-label={t("newsroom.page")}
    >
      <figure
        className={`${paper.paper} ${citedClasses.paper}`}
        style={{ aspectRatio: `${page.width} / ${page.height}` }}
      >
        <DrawnImage image={image} label={t("newsroom.imageOf", { page: page.page })} />
        {hasFailed && <figcaption className={paper.instead}>{t("newsroom.noImage")}</figcaption>}
        <svg
          viewBox={`0 0 ${page.width} ${page.height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          focusable="false"
        >
          {passage?.lines.map((line, at) => (
            <rect
              key={`${line.x} ${line.y}`}
              data-quoted={quoted.has(at) || undefined}
              x={line.x - 1.5}
              y={line.y - 1.5}
              width={line.width + 3}
              height={line.height + 3}
              rx={1.5}
            />
          ))}
        </svg>
      </figure>
    </Box>
  );
}

function CitedText({
  passage,
  quote,
  language,
}: {
  readonly passage: PageReading["passages"][number];
  readonly quote: string;
  readonly language: string | undefined;
}) {
  return (
    <blockquote className={citedClasses.quote} lang={language}>
      <Text size="xs" className="soft" component="span" display="block">
        {passage.heading}
      </Text>
      {quote}
    </blockquote>
  );
}

function Citable({
  page,
  citing,
  toCitation,
}: {
  readonly page: PageReading;
  readonly citing: Citing;
  readonly toCitation: (passageId: string, quote: string) => Citation;
}) {
  const { t } = useTranslation();
  return (
    // Pushed by keyboard too, where all of them are cited and no button can be reached.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what lies further down is reached by the arrows
    <ol className={citedClasses.passages} aria-label={t("newsroom.passages")} tabIndex={0}>
      {page.passages.map(({ id, heading, lines }) => {
        const text = lines.map((line) => line.text).join("");
        const isCited = citing.cites.includes(id);
        return (
          <li key={id} data-cited={isCited || undefined}>
            <Text size="xs" className="soft" lineClamp={1}>
              {heading}
            </Text>
            <Text size="sm" lineClamp={4}>
              {text}
            </Text>
            <Button
              size="compact-xs"
              variant={isCited ? "light" : "default"}
              mt={4}
              disabled={isCited}
              onClick={() => citing.onCite(toCitation(id, text.slice(0, 300)))}
            >
              {t(isCited ? "newsroom.isCited" : "newsroom.cite", { number: citing.statement })}
            </Button>
          </li>
        );
      })}
    </ol>
  );
}
