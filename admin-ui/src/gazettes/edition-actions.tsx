import { Alert, Button, FileButton, Group, Progress, Stack, Text } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { tellDone } from "../parts/tell.ts";
import type { EditionState } from "./calendar-grid.ts";
import classes from "./gazettes.module.css";
import { type Edition, type Source, useEditionActions } from "./queries.ts";

/** Of which a person may say that there is none (`src/store/newsroom/asked-editions.ts`). */
const DENIABLE: readonly EditionState[] = [
  "expected",
  "late",
  "missing",
  "failed",
  "held-for-review",
  "needs-attention",
];

/** What one may do about the edition of a day that has come. */
export function EditionActions({
  source,
  date,
  edition,
}: {
  readonly source: Source;
  readonly date: string;
  /** Null: nobody has looked for one yet. */
  readonly edition: Edition | null;
}) {
  const { t } = useTranslation();
  const { lookNow, readAnew, upload, decide } = useEditionActions(source, date);
  const [isDenying, setDenying] = useState(false);
  const [isReadingAnew, setReadingAnew] = useState(false);
  const isCollecting = edition?.state === "collecting";
  const isUpload = source.settings.locator.kind === "upload";
  return (
    <Stack gap="sm">
      {edition?.state === "held-for-review" && (
        <Alert color="yellow" variant="light" title={t("gazettes.held")}>
          <Stack gap="sm">
            <Text size="sm">{t("gazettes.heldHint")}</Text>
            <Group gap="xs">
              <Button
                size="xs"
                leftSection={<Icon name="tick" size={15} />}
                loading={decide.isPending}
                onClick={() => decide.mutate("accept")}
              >
                {t("gazettes.accept")}
              </Button>
              <Button
                size="xs"
                variant="default"
                loading={decide.isPending}
                onClick={() => decide.mutate("reject")}
              >
                {t("gazettes.reject")}
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      <Group gap="xs">
        {!isUpload && (
          <Button
            size="sm"
            leftSection={<Icon name="refresh" size={17} />}
            loading={lookNow.isPending}
            disabled={isCollecting || source.isPaused}
            onClick={() =>
              lookNow.mutate(undefined, { onSuccess: () => tellDone(t("gazettes.willLook")) })
            }
          >
            {t("gazettes.lookNow")}
          </Button>
        )}
        {edition?.documents.some(({ state }) => state === "stored") && (
          <Button
            size="sm"
            variant="default"
            disabled={isCollecting || source.isPaused}
            onClick={() => setReadingAnew(true)}
          >
            {t("gazettes.readAnew")}
          </Button>
        )}
        {edition !== null && DENIABLE.includes(edition.state) && (
          <Button size="sm" variant="default" onClick={() => setDenying(true)}>
            {t("gazettes.notPublished")}
          </Button>
        )}
      </Group>
      {source.isPaused && (
        <Text size="sm" className="soft">
          {t("gazettes.pausedNote")}
        </Text>
      )}
      <DropPdf
        isBusy={upload.isPending}
        sending={upload.isPending ? upload.variables : undefined}
        onFile={(file) => upload.mutate(file)}
      />
      {isReadingAnew && (
        <FormDialog
          title={t("gazettes.readAnewAsk")}
          lead={t("gazettes.readAnewHint")}
          submit={t("gazettes.readAnew")}
          isBusy={readAnew.isPending}
          onClose={() => setReadingAnew(false)}
          onSubmit={() =>
            readAnew.mutate(undefined, {
              onSuccess: () => {
                setReadingAnew(false);
                tellDone(t("gazettes.willReadAnew"));
              },
            })
          }
        />
      )}
      {isDenying && (
        <FormDialog
          title={t("gazettes.notPublished")}
          lead={t("gazettes.notPublishedHint")}
          submit={t("gazettes.notPublished")}
          isBusy={decide.isPending}
          onClose={() => setDenying(false)}
          onSubmit={() => decide.mutate("not-published", { onSuccess: () => setDenying(false) })}
        />
      )}
    </Stack>
  );
}

/** Its button opens the system's own dialog, so that what can be dropped can also be chosen by keyboard. */
function DropPdf({
  isBusy,
  sending,
  onFile,
}: {
  readonly isBusy: boolean;
  readonly sending: File | undefined;
  readonly onFile: (file: File) => void;
}) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    if (isBusy || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined && !isBusy) onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here is also chosen by the button in it
    <div
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {sending === undefined ? (
        <>
          <Text size="sm" mb={6}>
            {t("gazettes.drop")}
          </Text>
          <FileButton
            accept=".pdf,application/pdf"
            onChange={(file) => file !== null && onFile(file)}
            inputProps={{ "aria-label": t("gazettes.choose") }}
          >
            {(props) => (
              <Button {...props} size="xs" variant="default">
                {t("gazettes.choose")}
              </Button>
            )}
          </FileButton>
        </>
      ) : (
        <div role="status">
          <Text size="sm" mb={6} style={{ overflowWrap: "anywhere" }}>
            {t("gazettes.sending", { name: sending.name })}
          </Text>
          <Progress
            animated
            value={100}
            aria-label={t("gazettes.sending", { name: sending.name })}
          />
        </div>
      )}
    </div>
  );
}
