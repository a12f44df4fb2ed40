import { Button, FileButton, Text } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./documents.module.css";
import { useUploads } from "./queries.ts";

/** Its button opens the system's own dialog, so that everything that can be dropped can also be chosen by keyboard. */
export default function DropZone() {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const uploads = useUploads();
  const send = (files: readonly File[]) => {
    if (files.length > 0) uploads.mutate(files);
  };
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here is also chosen by the button in it
    <div
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        send([...event.dataTransfer.files]);
      }}
    >
      <Text size="sm" mb="xs">
        {t("documents.drop")}
      </Text>
      <FileButton
        multiple
        accept=".pdf,.docx,.html,.md,.txt"
        onChange={send}
        inputProps={{ "aria-label": t("documents.choose") }}
      >
        {(props) => (
          <Button {...props} loading={uploads.isPending}>
            {t("documents.choose")}
          </Button>
        )}
      </FileButton>
      <Text size="xs" className="soft" mt="xs">
        {t("documents.kinds")}
      </Text>
    </div>
  );
}
