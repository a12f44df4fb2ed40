import {
  ActionIcon,
  Alert,
  Button,
  FileButton,
  Group,
  Pill,
  SegmentedControl,
  Text,
  Textarea,
  Tooltip,
} from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem, newKey } from "../api/api.ts";
import type { Conversation } from "../api/types.ts";
import { Icon } from "../parts/icon.tsx";
import { useSigned } from "../shell/session.ts";
import { CannedPicker } from "./canned-picker.tsx";
import { keepDraft, readDraft } from "./drafts.ts";
import classes from "./inbox.module.css";
import type { useDesk } from "./queries.ts";

export type ComposerMode = "reply" | "note";

/** As the API takes them. */
const MAX_TEXT = 4_000;
const MAX_FILES = 5;
const MAX_FILE_BYTES = 700_000;

/** Where one writes: to the citizen, or a note that only the desk reads. What was begun is there again later. */
export function Composer({
  conversation,
  desk,
  mode,
  onMode,
  focus,
}: {
  readonly conversation: Conversation;
  readonly desk: ReturnType<typeof useDesk>;
  readonly mode: ComposerMode;
  readonly onMode: (mode: ComposerMode) => void;
  /** Puts the cursor into the text whenever it grows. */
  readonly focus: number;
}) {
  const { t } = useTranslation();
  const { text, setText, forget } = useDraft(conversation.conversationId, mode);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [problem, setProblem] = useState<string>();
  // Of what stands here now: a change makes it another message.
  const key = useRef(newKey());
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focus > 0) area.current?.focus();
  }, [focus]);

  const change = (to: string) => {
    key.current = newKey();
    setProblem(undefined);
    setText(to);
  };
  const isBusy = desk.reply.isPending || desk.addNote.isPending;
  const isEmpty = text.trim() === "" && files.length === 0;
  const send = async () => {
    if (isBusy || isEmpty) return;
    try {
      if (mode === "note") await desk.addNote.mutateAsync(text);
      else {
        const sent = await Promise.all(files.map(toUpload));
        await desk.reply.mutateAsync({ key: key.current, text: text.trim(), files: sent });
      }
      key.current = newKey();
      setFiles([]);
      forget();
    } catch (error) {
      if (mode === "note") return;
      setProblem(isProblem(error) && error.status !== 0 ? error.message : t("composer.notSent"));
    }
  };
  const attach = (chosen: readonly File[]) => {
    key.current = newKey();
    const fitting = chosen.filter(({ size }) => size <= MAX_FILE_BYTES);
    setProblem(fitting.length < chosen.length ? t("composer.tooLarge") : undefined);
    setFiles([...files, ...fitting].slice(0, MAX_FILES));
  };
  const isUnreachable = mode === "reply" && !conversation.isReachable;

  return (
    <div className={classes.composer} data-mode={mode}>
      <Group justify="space-between" mb={6}>
        <SegmentedControl
          size="xs"
          aria-label={t("composer.as")}
          value={mode}
          onChange={(value) => onMode(value as ComposerMode)}
          data={[
            { value: "reply", label: t("composer.reply") },
            { value: "note", label: t("composer.note") },
          ]}
        />
        {text !== "" && (
          <Text size="xs" className="soft tabular">
            {t("composer.kept")} · {text.length}/{MAX_TEXT}
          </Text>
        )}
      </Group>
      {problem !== undefined && (
        <Alert color="red" role="alert" py={6} mb={6} variant="light">
          {problem}
        </Alert>
      )}
      <Textarea
        ref={area}
        aria-label={t(mode === "note" ? "composer.note" : "composer.reply")}
        placeholder={t(
          isUnreachable
            ? "composer.unreachable"
            : mode === "note"
              ? "composer.notePlaceholder"
              : "composer.placeholder",
        )}
        autosize
        minRows={2}
        maxRows={9}
        maxLength={MAX_TEXT}
        disabled={isUnreachable}
        value={text}
        onChange={({ currentTarget }) => change(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      {files.length > 0 && (
        <Group gap={6} mt={6}>
          {files.map((file) => (
            <Pill
              key={`${file.name} ${file.size}`}
              withRemoveButton
              removeButtonProps={{ "aria-label": t("composer.detach", { name: file.name }) }}
              onRemove={() => setFiles(files.filter((each) => each !== file))}
            >
              {file.name}
            </Pill>
          ))}
        </Group>
      )}
      <Group justify="space-between" mt={8}>
        <Group gap={4}>
          {mode === "reply" && (
            <>
              <CannedPicker
                conversationId={conversation.conversationId}
                onText={(canned) => change(text === "" ? canned : `${text}\n${canned}`)}
              />
              <FileButton multiple onChange={attach}>
                {(props) => (
                  <Tooltip label={t("composer.attach")}>
                    <ActionIcon
                      {...props}
                      variant="subtle"
                      color="gray"
                      size="lg"
                      aria-label={t("composer.attach")}
                    >
                      <Icon name="attach" />
                    </ActionIcon>
                  </Tooltip>
                )}
              </FileButton>
            </>
          )}
        </Group>
        <Button
          onClick={() => void send()}
          disabled={isEmpty || isUnreachable}
          loading={isBusy}
          rightSection={<Icon name={mode === "note" ? "note" : "send"} size={16} />}
          title="Ctrl + Enter"
        >
          {t(mode === "note" ? "composer.saveNote" : "composer.send")}
        </Button>
      </Group>
    </div>
  );
}

/** What was begun in this conversation, kept at each key that is pressed. */
function useDraft(conversationId: string, mode: ComposerMode) {
  const { person, tenantId } = useSigned();
  const [texts, setTexts] = useState<Readonly<Record<ComposerMode, string>>>({
    reply: "",
    note: "",
  });
  const keyOf = (as: ComposerMode) => `${person.id} ${tenantId} ${conversationId} ${as}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a composer is of one conversation all its life
  useEffect(() => {
    let isGone = false;
    void Promise.all([readDraft(keyOf("reply")), readDraft(keyOf("note"))])
      .then(([reply, note]) => {
        // Who has begun to type already is not interrupted.
        if (!isGone) setTexts((now) => ({ reply: now.reply || reply, note: now.note || note }));
      })
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, []);
  const setText = (text: string) => {
    setTexts((now) => ({ ...now, [mode]: text }));
    void keepDraft(keyOf(mode), text).catch(() => undefined);
  };
  return { text: texts[mode], setText, forget: () => setText("") };
}

async function toUpload(file: File) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { fileName: file.name, contentBase64: btoa(binary) };
}
