import { Alert, Button, Group, Loader, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { isProblem, POST } from "../api/api.ts";
import classes from "./assistants.module.css";
import { type Assistant, bodyOf, type Draft } from "./draft.ts";
import { TrialAnswer } from "./trial-answer.tsx";

/** An answer may take as long as the API gives it. */
const ANSWER_MS = 55_000;

interface Turn {
  readonly id: number;
  readonly question: string;
  /** Of the assistant as it was asked; undefined: as it stood in the form. */
  readonly revision: number | undefined;
  readonly answer: Schema<"AssistantTrial"> | undefined;
  readonly error: unknown;
  readonly tookMs: number | undefined;
}

interface Tried {
  readonly name: string;
  /** Null: never saved. */
  readonly saved: Assistant | null;
  readonly draft: Draft;
  readonly isChanged: boolean;
}

/** Asks the assistant as it stands in the form, saved or not. */
export default function Trial({ mayAsk, ...tried }: Tried & { readonly mayAsk: boolean }) {
  const { t } = useTranslation();
  return (
    <Paper
      p="md"
      className={`sheet ${classes.trial}`}
      component="section"
      id="trial"
      aria-label={t("trial.title")}
    >
      <Title order={2} size="h5">
        {t("trial.title")}
      </Title>
      <Text size="sm" className="soft" mb="sm">
        {t(mayAsk ? "trial.lead" : "trial.notYours")}
      </Text>
      {mayAsk && <Conversation {...tried} />}
    </Paper>
  );
}

function Conversation({ name, saved, draft, isChanged }: Tried) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const revision = isChanged ? undefined : saved?.revision;
  const settle = (id: number, patch: Partial<Turn>) =>
    setTurns((now) => now.map((turn) => (turn.id === id ? { ...turn, ...patch } : turn)));
  const ask = useMutation({
    mutationFn: async ({ question }: { id: number; question: string }) => {
      const begun = performance.now();
      const asDraft = revision === undefined && { draft: bodyOf(draft, saved?.revision ?? 0) };
      const { data } = await POST("/api/v1/assistants/{name}/trial", {
        params: { path: { name } },
        body: { question, ...asDraft },
        timeoutMs: ANSWER_MS,
      });
      return { answer: data, tookMs: Math.round(performance.now() - begun) };
    },
    onMutate: ({ id, question }) => {
      const unknown = { answer: undefined, error: undefined, tookMs: undefined };
      setTurns((now) => [...now, { id, question, revision, ...unknown }]);
    },
    onSuccess: (answered, { id }) => {
      settle(id, answered);
      // What it cost is booked on the models of the month, which the chain shows.
      return queries.invalidateQueries({ queryKey: ["models"] });
    },
    onError: (error, { id }) => settle(id, { error }),
  });
  const put = (question: string) => {
    if (question !== "" && !ask.isPending) ask.mutate({ id: turns.length, question });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    put(String(new FormData(form).get("question")).trim());
    form.reset();
  };
  const last = turns.at(-1);
  return (
    <Stack gap="sm">
      {turns.length > 0 && (
        <Stack gap="sm" role="log" aria-label={t("trial.said")}>
          {turns.map((turn) => (
            <TurnView key={turn.id} turn={turn} />
          ))}
        </Stack>
      )}
      {last !== undefined && !ask.isPending && (
        <Button variant="subtle" size="compact-sm" onClick={() => put(last.question)}>
          {t("trial.again")}
        </Button>
      )}
      <form onSubmit={submit}>
        <Group gap="xs" wrap="nowrap">
          <TextInput
            name="question"
            flex={1}
            aria-label={t("trial.question")}
            placeholder={t("trial.placeholder")}
            maxLength={2_000}
            autoComplete="off"
            required
          />
          <Button type="submit" loading={ask.isPending}>
            {t("trial.ask")}
          </Button>
        </Group>
      </form>
      {revision === undefined && (
        <Text size="xs" className="soft">
          {t("trial.unsaved")}
        </Text>
      )}
    </Stack>
  );
}

function TurnView({ turn }: { readonly turn: Turn }) {
  const { t } = useTranslation();
  const { question, answer, error, revision, tookMs } = turn;
  return (
    <>
      <div className={classes.asked}>
        <Text size="sm" className="prose">
          {question}
        </Text>
        <Text size="xs" className="soft">
          {revision === undefined ? t("trial.asDraft") : t("assistants.revision", { revision })}
        </Text>
      </div>
      {answer !== undefined && <TrialAnswer answer={answer} tookMs={tookMs ?? 0} />}
      {error !== undefined && (
        <Alert color="red" variant="light" role="alert" py="xs">
          {isProblem(error) && error.status === 0
            ? t("state.offlineHint")
            : error instanceof Error
              ? error.message
              : String(error)}
        </Alert>
      )}
      {answer === undefined && error === undefined && <Loader type="dots" size="sm" />}
    </>
  );
}
