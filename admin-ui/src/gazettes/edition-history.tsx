import { Anchor, Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import classes from "./gazettes.module.css";
import type { Edition, Source } from "./queries.ts";
import { StateMark } from "./state-mark.tsx";
import { useBytes, useGazetteTimes, useReasonWords } from "./words.ts";

interface OfEdition {
  readonly source: Source;
  readonly edition: Edition;
}

const FILE_COLORS = {
  fetched: "blue",
  accepted: "blue",
  stored: "green",
  held: "orange",
  rejected: "red",
} as const satisfies Readonly<Record<Edition["documents"][number]["state"], string>>;

/** A bulletin of the BOE has some three hundred. */
const SHOWN_FIRST = 10;

/** Its files, each with the way to what was read of it. */
export function Files({ source, edition }: OfEdition) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  const bytes = useBytes();
  const { documents } = edition;
  if (documents.length === 0) return null;
  return (
    <Part title={t("gazettes.files", { count: documents.length })}>
      <Shortened
        entries={documents.map((document) => (
          <div key={document.id} className={classes.entry}>
            <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
              <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                {document.documentName}
              </Text>
              <Badge variant="light" color={FILE_COLORS[document.state]} tt="none" flex="none">
                {t(`gazettes.file.${document.state}`)}
              </Badge>
            </Group>
            <Text size="xs" className="soft tabular">
              {bytes(document.byteCount)} · {times.at(document.fetchedAt)} ·{" "}
              {document.url === null ? (
                t("gazettes.sentByHand")
              ) : (
                <Anchor
                  href={document.url}
                  target="_blank"
                  rel="noreferrer"
                  size="xs"
                  underline="always"
                >
                  {t("gazettes.atItsSite")}
                </Anchor>
              )}
            </Text>
            {document.editionId !== null && (
              <Button
                size="compact-sm"
                variant="light"
                mt={6}
                leftSection={<Icon name="search" size={15} />}
                renderRoot={(props) => (
                  <Link
                    to="/gazettes/$sourceId/editions/$editionId"
                    params={{ sourceId: source.id, editionId: document.editionId ?? "" }}
                    search={{}}
                    {...props}
                  />
                )}
              >
                {t("gazettes.seeReading")}
              </Button>
            )}
          </div>
        ))}
      />
    </Part>
  );
}

/** Every state that it has been in, the newest first. */
export function Changes({ source, edition }: OfEdition) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  const words = useReasonWords();
  if (edition.changes.length === 0) return null;
  return (
    <Part title={t("gazettes.history")}>
      <Shortened
        entries={edition.changes.map(({ to, at, reason }) => (
          <div key={`${at} ${to}`} className={classes.entry}>
            <Group gap="xs">
              <StateMark state={to} />
              <Text size="xs" className="soft tabular">
                {times.at(at)}
              </Text>
            </Group>
            {reason !== null && (
              <Text size="sm" mt={4}>
                {words(reason)}
              </Text>
            )}
          </div>
        ))}
      />
    </Part>
  );
}

/** Every time that somebody was at it. */
export function Tries({ source, edition }: OfEdition) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  const words = useReasonWords();
  const bytes = useBytes();
  if (edition.tries.length === 0) return null;
  return (
    <Part title={t("gazettes.tries", { count: edition.tries.length })}>
      <Shortened
        entries={edition.tries.map((each) => {
          const { number, startedAt, outcome, reason, step, documentCount, byteCount } = each;
          return (
            <div key={number} className={classes.entry}>
              <Text size="sm">
                <b>{t("gazettes.try", { number })}</b>{" "}
                {t(outcome === null ? "gazettes.outcome.running" : `gazettes.outcome.${outcome}`)}
              </Text>
              <Text size="xs" className="soft tabular" style={{ overflowWrap: "anywhere" }}>
                {times.at(startedAt)}
                {documentCount > 0 && ` · ${t("gazettes.fileCount", { count: documentCount })}`}
                {byteCount > 0 && ` · ${bytes(byteCount)}`}
                {reason !== null && ` · ${words(reason)}`}
                {step !== null && ` · ${step}`}
              </Text>
            </div>
          );
        })}
      />
    </Part>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={3} size="h6" mb={4}>
        {title}
      </Title>
      {children}
    </section>
  );
}

function Shortened({ entries }: { readonly entries: readonly ReactNode[] }) {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? entries : entries.slice(0, SHOWN_FIRST);
  return (
    <Stack gap={0}>
      {shown}
      {shown.length < entries.length && (
        <Button size="compact-sm" variant="subtle" onClick={() => setWhole(true)}>
          {t("gazettes.showAll", { count: entries.length })}
        </Button>
      )}
    </Stack>
  );
}
