import { Loader, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DrawnImage } from "../parts/drawn-image.tsx";
import paper from "../parts/paper.module.css";
import type { PageReading } from "./queries.ts";
import classes from "./reading.module.css";

/** Radius of a number in points, at the head of its passage. */
const BADGE = 7;
/** A little air around the letters: boxes end at the baseline's descent and the first stroke. */
const PADDING = 1.5;

/** The picture of a page with the boxes of its passages, numbered in reading order; without it, the boxes still stand. */
export function PageImage({
  page,
  image,
  failure,
  active,
  onActive,
}: {
  readonly page: PageReading;
  /** Undefined: it is on its way, or could not be had. */
  readonly image: Blob | undefined;
  readonly failure: Error | null;
  readonly active: string | undefined;
  readonly onActive: (passageId: string | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <figure
      className={`${paper.paper} ${classes.paper}`}
      style={{ aspectRatio: `${page.width} / ${page.height}` }}
      onPointerLeave={() => onActive(undefined)}
    >
      <DrawnImage image={image} label={t("gazettes.imageOf", { page: page.page })} />
      {image === undefined && (
        <div className={paper.instead}>
          {failure === null ? (
            <Loader aria-label={t("state.loading")} />
          ) : (
            <Text size="sm">{t("gazettes.noImage")}</Text>
          )}
        </div>
      )}
      <Boxes page={page} active={active} onActive={onActive} />
    </figure>
  );
}

/** Says nothing to a screen reader: the text beside it has the same passages in the same order. */
function Boxes({
  page,
  active,
  onActive,
}: {
  readonly page: PageReading;
  readonly active: string | undefined;
  readonly onActive: (passageId: string) => void;
}) {
  const pointAt = (id: string) => {
    onActive(id);
    document.getElementById(`passage-${id}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <svg
      viewBox={`0 0 ${page.width} ${page.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {page.passages.map(({ id, lines }, at) => {
        const [first] = lines;
        return (
          <g
            key={id}
            className={classes.passage}
            data-odd={at % 2 === 1 || undefined}
            data-active={id === active || undefined}
            onPointerEnter={() => onActive(id)}
            onPointerDown={() => pointAt(id)}
          >
            {lines.map((line) => (
              <rect
                key={`${line.x} ${line.y}`}
                className={classes.box}
                x={line.x - PADDING}
                y={line.y - PADDING}
                width={line.width + 2 * PADDING}
                height={line.height + 2 * PADDING}
                rx={1.5}
              />
            ))}
            {first !== undefined && (
              <>
                <circle
                  className={classes.badge}
                  cx={Math.max(BADGE, first.x - BADGE - PADDING)}
                  cy={first.y + first.height / 2}
                  r={BADGE}
                />
                <text
                  className={classes.badgeText}
                  x={Math.max(BADGE, first.x - BADGE - PADDING)}
                  y={first.y + first.height / 2}
                  fontSize={at < 99 ? 8 : 6}
                >
                  {at + 1}
                </text>
              </>
            )}
          </g>
        );
      })}
    </svg>
  );
}
