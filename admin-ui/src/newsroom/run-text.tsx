import { Button, Text, useMatches } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Section } from "../parts/section.tsx";
import { LoadingRows } from "../parts/states.tsx";
import type { OpenPlace } from "./cited-page.tsx";
import type { EditOutcome } from "./edit-outcome.ts";
import { EditResult } from "./edit-result.tsx";
import { type Citation, isWorking, type Run, useNewsroomRights } from "./queries.ts";
import classes from "./review.module.css";
import runClasses from "./run.module.css";
import { Statements } from "./statements.tsx";

const CitedPage = lazy(() => import("./cited-page.tsx"));
const StatementEditor = lazy(() => import("./statement-editor.tsx"));

/** The text with its places, and the page that is open beside it; where it waits for review it can be written anew. */
export function RunText({ run, etag }: { readonly run: Run; readonly etag: string }) {
  const { t } = useTranslation();
  const { mayChange } = useNewsroomRights();
  const [isEditing, setEditing] = useState(false);
  const [outcomes, setOutcomes] = useState<readonly EditOutcome[]>();
  const [place, setPlace] = useState<OpenPlace>();
  const isWide = useMatches({ base: false, lg: true });
  const mayEdit = mayChange && run.state === "waiting-for-review";
  const page = place !== undefined && (
    <Suspense fallback={<LoadingRows rows={2} />}>
      <CitedPage
        key={place.editionId}
        place={place}
        onPlace={setPlace}
        onClose={() => setPlace(undefined)}
      />
    </Suspense>
  );
  const open = (citation: Citation) =>
    setPlace(
      place?.citation === citation
        ? undefined
        : { editionId: citation.editionId, page: citation.pdfPage, citation },
    );
  if (isEditing) {
    return (
      <Suspense fallback={<LoadingRows />}>
        <StatementEditor
          run={run}
          etag={etag}
          onDone={(came) => {
            setEditing(false);
            setPlace(undefined);
            setOutcomes(came);
          }}
        />
      </Suspense>
    );
  }
  return (
    <>
      {outcomes !== undefined && (
        <EditResult outcomes={outcomes} onClose={() => setOutcomes(undefined)} />
      )}
      <Section
        title={t("newsroom.text")}
        lead={run.statements.length > 0 ? t("newsroom.textLead") : undefined}
        actions={
          mayEdit && (
            <Button
              variant="default"
              leftSection={<Icon name="note" size={17} />}
              onClick={() => {
                setOutcomes(undefined);
                setEditing(true);
              }}
            >
              {t("newsroom.edit")}
            </Button>
          )
        }
      >
        {run.statements.length === 0 ? (
          <Text size="sm" className="soft">
            {t(isWorking(run) ? "newsroom.notYet" : "newsroom.nothingWritten")}
          </Text>
        ) : (
          <div
            className={classes.review}
            data-beside={(isWide && place !== undefined) || undefined}
          >
            <Statements
              statements={run.statements}
              language={run.language}
              open={place?.citation}
              onOpen={open}
            >
              {!isWide && page}
            </Statements>
            {isWide && page}
          </div>
        )}
        <Dropped run={run} />
      </Section>
    </>
  );
}

/** What a model wrote and the check took away: shown, and never published. */
function Dropped({ run: { dropped, language } }: { readonly run: Run }) {
  const { t } = useTranslation();
  if (dropped.length === 0) return null;
  return (
    <details className={runClasses.details}>
      <summary>{t("newsroom.dropped", { count: dropped.length })}</summary>
      <Text size="sm" className="soft" mt="xs">
        {t("newsroom.droppedHint")}
      </Text>
      <ul className={runClasses.editions}>
        {dropped.map(({ text, reason }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was dropped is never moved
          <li key={at}>
            <span lang={language}>{text}</span>{" "}
            <span className="soft">({t(`newsroom.droppedFor.${reason}`)})</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
