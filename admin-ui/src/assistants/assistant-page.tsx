import { Alert, Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useBlocker, useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { GET, isProblem } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { useSigned } from "../shell/session.ts";
import { useTenant } from "../shell/tenant.ts";
import classes from "./assistants.module.css";
import { type Assistant, type Draft, differences, draftOf, newDraft } from "./draft.ts";
import { isRunning, useExperiments } from "./experiment-queries.ts";
import { useAssistant, useRemoveAssistant, useSaveAssistant } from "./queries.ts";

const AssistantForm = lazy(() => import("./assistant-form.tsx"));
const Trial = lazy(() => import("./trial.tsx"));
const VersionsDialog = lazy(() => import("./versions-dialog.tsx"));
const ConflictDialog = lazy(() => import("./conflict-dialog.tsx"));

/** One assistant: how it is set up, and beside it how it answers. */
export function AssistantPage() {
  const { assistantName: name } = useParams({ from: "/assistants/$assistantName" });
  const { t } = useTranslation();
  const tenant = useTenant();
  const saved = useAssistant(name);
  return (
    <Page
      title={name}
      actions={
        <Link to="/assistants" style={{ color: "inherit" }}>
          {t("assistants.back")}
        </Link>
      }
    >
      {saved.isError && <Failure error={saved.error} retry={() => saved.refetch()} />}
      {(saved.isPending || tenant.isPending) && <LoadingRows />}
      {saved.data !== undefined && !tenant.isPending && (
        <Editor
          key={name}
          name={name}
          saved={saved.data}
          timeZone={tenant.data?.timeZone ?? "America/Costa_Rica"}
        />
      )}
    </Page>
  );
}

function Editor({
  name,
  saved,
  timeZone,
}: {
  readonly name: string;
  readonly saved: Assistant | null;
  readonly timeZone: string;
}) {
  const { t } = useTranslation();
  const { role } = useSigned();
  const isReadOnly = role !== "owner" && role !== "editor";
  const toDraft = (assistant: Assistant | null) =>
    assistant === null ? newDraft(timeZone) : draftOf(assistant, timeZone);
  const [base, setBase] = useState<Assistant | null>(saved);
  const [draft, setDraft] = useState<Draft>(() => toDraft(saved));
  const [theirs, setTheirs] = useState<Assistant>();
  const [showsHistory, history] = useDisclosure();
  const save = useSaveAssistant(name);
  const isCompared = isRunning(useExperiments(name, base !== null).data);
  const isChanged = differences(toDraft(base), draft).length > 0;
  useBlocker({
    shouldBlockFn: () => isChanged && !window.confirm(t("assistants.leave")),
    enableBeforeUnload: isChanged,
  });

  const take = (assistant: Assistant) => {
    setBase(assistant);
    setDraft(toDraft(assistant));
    setTheirs(undefined);
  };
  const send = (revision: number) =>
    save.mutate(
      { draft, revision },
      {
        onSuccess: (assistant) => {
          take(assistant);
          tellDone(t("assistants.saved"));
        },
        onError: async (error) => {
          if (!isProblem(error, "assistant-changed")) return;
          try {
            const path = { name };
            setTheirs((await GET("/api/v1/assistants/{name}", { params: { path } })).data);
          } catch (failure) {
            tellFailure(failure);
          }
        },
      },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(base?.revision ?? 0);
  };
  const refusal = isProblem(save.error, "assistant-changed") ? null : save.error;
  return (
    <div className={classes.columns} data-with-trial>
      <form onSubmit={submit} aria-label={t("assistants.form", { name })}>
        <Stack>
          <Group gap="xs">
            {base === null && (
              <Badge variant="light" tt="none">
                {t("assistants.isNew")}
              </Badge>
            )}
            {base?.isDefault === true && (
              <Badge variant="light" tt="none">
                {t("assistants.default")}
              </Badge>
            )}
            {base !== null && (
              <Text size="xs" className="soft tabular">
                {t("assistants.revision", { revision: base.revision })}
              </Text>
            )}
            {base !== null && (
              <Button variant="subtle" size="compact-sm" onClick={history.open}>
                {t("versions.open")}
              </Button>
            )}
            {!isReadOnly && (
              <Button
                variant="subtle"
                size="compact-sm"
                ml="auto"
                className={classes.toTrial ?? ""}
                onClick={() => document.getElementById("trial")?.scrollIntoView()}
              >
                {t("trial.goto")}
              </Button>
            )}
          </Group>
          {isCompared && (
            <Alert color="blue" variant="light">
              {t("experiment.noSaving")}
            </Alert>
          )}
          <Suspense fallback={<LoadingRows height={240} rows={3} />}>
            <AssistantForm
              name={name}
              draft={draft}
              isReadOnly={isReadOnly}
              isSavedDefault={base?.isDefault ?? false}
              onChange={(patch) => setDraft((now) => ({ ...now, ...patch }))}
            />
          </Suspense>
          {refusal !== null && (
            <Alert color="red" variant="light" role="alert">
              {isProblem(refusal) && refusal.status === 0
                ? t("state.offlineHint")
                : refusal.message}
            </Alert>
          )}
          {!isReadOnly && (
            <Group className={classes.actions ?? ""} justify="space-between">
              {base === null ? <span /> : <Remove assistant={base} />}
              <Group gap="sm">
                {isChanged && (
                  <Button variant="default" onClick={() => setDraft(toDraft(base))}>
                    {t("assistants.revert")}
                  </Button>
                )}
                <Button
                  type="submit"
                  loading={save.isPending}
                  disabled={isCompared || (!isChanged && base !== null)}
                >
                  {t("action.save")}
                </Button>
              </Group>
            </Group>
          )}
        </Stack>
      </form>
      <Suspense fallback={<LoadingRows rows={2} />}>
        <Trial mayAsk={!isReadOnly} name={name} saved={base} draft={draft} isChanged={isChanged} />
      </Suspense>
      <Suspense fallback={null}>
        {theirs !== undefined && (
          <ConflictDialog
            mine={draft}
            theirs={toDraft(theirs)}
            isSaving={save.isPending}
            onMine={() => send(theirs.revision)}
            onTheirs={() => take(theirs)}
            onClose={() => setTheirs(undefined)}
          />
        )}
        {showsHistory && base !== null && (
          <VersionsDialog
            live={base}
            isChanged={isChanged}
            mayRestore={!isReadOnly}
            timeZone={timeZone}
            onRestored={(assistant) => {
              take(assistant);
              history.close();
              tellDone(t("versions.restored"));
            }}
            onKept={(assistant) => {
              take(assistant);
              tellDone(t("versions.restored"));
            }}
            onClose={history.close}
          />
        )}
      </Suspense>
    </div>
  );
}

function Remove({ assistant }: { readonly assistant: Assistant }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isAsking, asking] = useDisclosure();
  const remove = useRemoveAssistant(
    () => void navigate({ to: "/assistants", ignoreBlocker: true }),
  );
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        onClick={asking.open}
        leftSection={<Icon name="close" size={16} />}
      >
        {t("assistants.remove")}
      </Button>
      <Modal
        opened={isAsking}
        onClose={asking.close}
        title={t("assistants.removeTitle", { name: assistant.name })}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          <Text size="sm">{t("assistants.removeHint")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={asking.close}>
              {t("action.cancel")}
            </Button>
            <Button
              color="red"
              loading={remove.isPending}
              onClick={() => remove.mutate(assistant.name)}
            >
              {t("assistants.remove")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
