import { Anchor, Box, Button, Group, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import classes from "./start.module.css";

/** What `page.json` of a page of a gazette has: everything in it but the addresses may come from a hostile PDF. */
interface PageData {
  readonly gazette: string;
  readonly date: string;
  readonly where: string;
  readonly language: string;
  readonly path: string;
  readonly image: {
    readonly width: number;
    readonly height: number;
    readonly alternative: string;
    readonly sources: readonly { readonly width: number; readonly path: string }[];
  };
  /** In percentages of the page. */
  readonly marks: readonly Readonly<Record<"x" | "y" | "width" | "height", string>>[];
  readonly paragraphs: readonly (readonly {
    readonly text: string;
    readonly isCited: boolean;
  }[])[];
}

const READ_MS = 15_000;

/** The page that is cited, its lines marked, as the web chat shows it. */
export function CitedPage({
  path,
  onClose,
}: {
  readonly path: string;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const page = useQuery({
    queryKey: ["cited-page", path, i18n.language],
    queryFn: ({ signal }) => read(path, i18n.language, signal),
  });
  return (
    <section className={`sheet ${classes.page}`} aria-label={t("start.page")}>
      {page.isError && <Failure error={page.error} retry={() => page.refetch()} />}
      {page.isPending && <LoadingRows rows={2} height={160} />}
      {page.data !== undefined && (
        <>
          <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs" mb="xs">
            <div style={{ minWidth: 0 }}>
              <Title order={3} size="h6">
                {page.data.gazette}
              </Title>
              <Text size="xs" className="soft">
                {page.data.date} · {page.data.where}
              </Text>
              <Anchor
                size="xs"
                href={page.data.path}
                target="_blank"
                rel="noreferrer"
                underline="always"
                c="inherit"
              >
                {t("start.ownTab")}
              </Anchor>
            </div>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              aria-label={t("action.close")}
              onClick={onClose}
            >
              <Icon name="close" size={18} />
            </Button>
          </Group>
          <Sheet page={page.data} />
        </>
      )}
    </section>
  );
}

/** An image of the paper with marks over it, in percentages: they hold at every size. */
function Sheet({ page }: { readonly page: PageData }) {
  const { t } = useTranslation();
  const { image, marks, paragraphs } = page;
  const frame = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page begins at its own marks
  useLayoutEffect(() => {
    const mark = frame.current?.querySelector("rect");
    if (frame.current === null || mark == null) return;
    const { top } = mark.getBoundingClientRect();
    const { top: start, height } = frame.current.getBoundingClientRect();
    frame.current.scrollTop += top - start - height / 4;
  }, [page]);
  return (
    // Pushed by hand, and by keyboard too.
    <Box
      className={classes.frame}
      ref={frame}
      tabIndex={0}
      role="group"
      aria-label={t("start.page")}
    >
      <figure className={classes.paper}>
        <img
          width={image.width}
          height={image.height}
          alt={image.alternative}
          sizes="(min-width: 1100px) 40vw, 100vw"
          srcSet={image.sources.map(({ width, path }) => `${path} ${width}w`).join(", ")}
        />
        <svg aria-hidden="true" focusable="false">
          {marks.map((mark) => (
            <rect key={`${mark.x} ${mark.y}`} {...mark} rx="2" />
          ))}
        </svg>
      </figure>
      {paragraphs.length > 0 && (
        <details lang={page.language}>
          <summary>{t("start.pageText")}</summary>
          {paragraphs.map((runs, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a page's paragraphs are never moved
            <p key={at}>
              {runs.map(({ text, isCited }, place) =>
                isCited ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: nor are its runs
                  <mark key={place}>{text}</mark>
                ) : (
                  text
                ),
              )}
            </p>
          ))}
        </details>
      )}
    </Box>
  );
}

async function read(path: string, language: string, signal: AbortSignal): Promise<PageData> {
  const url = new URL(path, location.origin);
  url.pathname += "/page.json";
  url.searchParams.set("lang", language);
  const both = AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]);
  const response = await fetch(url, { signal: both });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return (await response.json()) as PageData;
}
