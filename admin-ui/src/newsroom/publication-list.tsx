import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import { PublicationMark } from "./publication-mark.tsx";
import classes from "./publishing.module.css";
import type { Publication } from "./publishing-queries.ts";
import { useRun } from "./queries.ts";

/** Publications, one a line: a press opens what became of each post. */
export function PublicationList({
  publications,
  showsTitle = false,
  onOpen,
}: {
  readonly publications: readonly Publication[];
  /** Of the text: not where all are of one. */
  readonly showsTitle?: boolean;
  readonly onOpen: (publicationId: string) => void;
}) {
  return (
    <ul className={classes.rows}>
      {publications.map((publication) => (
        <li key={publication.id}>
          <button type="button" className={classes.row} onClick={() => onOpen(publication.id)}>
            <PublicationMark state={publication.state} />
            <span className={classes.rowText}>
              {showsTitle && <RunTitle runId={publication.runId} />}
              <Text size="sm" component="span" display="block" fw={showsTitle ? 400 : 600}>
                {publication.targetName}
              </Text>
              <Moment publication={publication} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function RunTitle({ runId }: { readonly runId: string }) {
  const { t } = useTranslation();
  const { data, isError } = useRun(runId);
  return (
    <Text size="sm" fw={600} component="span" display="block">
      {data?.run.title ?? t(isError ? "publishing.textGone" : "state.loading")}
    </Text>
  );
}

/** When it went, goes, or is tried again, and why not yet. */
export function Moment({ publication }: { readonly publication: Publication }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { state, publishedAt, scheduledFor, nextAttemptAt, reason, timeZone } = publication;
  const parts = [
    publishedAt !== null && t("publishing.publishedAt", { at: formats.long(publishedAt) }),
    state === "scheduled" &&
      t("publishing.goesAt", {
        at: inZone(scheduledFor, formats.language, timeZone),
        zone: timeZone === null ? "" : ` (${timeZone})`,
      }),
    state === "publishing" &&
      nextAttemptAt !== null &&
      Date.parse(nextAttemptAt) > Date.now() &&
      t("publishing.againAt", { at: formats.long(nextAttemptAt) }),
    (state === "cancelled" || state === "failed" || state === "unknown") &&
      formats.long(publication.createdAt),
    reason !== null && t(`publishing.reason.${reason as "rate-limited"}`, { defaultValue: reason }),
  ];
  return (
    <Text size="xs" className="soft" component="span" display="block">
      {parts.filter((part) => part !== false).join(" · ")}
    </Text>
  );
}

/** By the clock by which it was chosen. */
function inZone(at: string, language: string, timeZone: string | null): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "short",
    ...(timeZone !== null && { timeZone }),
  }).format(new Date(at));
}
