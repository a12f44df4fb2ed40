import { Alert, Button, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "../i18n/i18n.ts";
import { askBot, firstPageOf, type Reply } from "./ask-bot.ts";
import { CitedPage } from "./cited-page.tsx";
import { type GettingStarted, useBots } from "./queries.ts";
import { Said } from "./said.tsx";
import classes from "./start.module.css";

/** Of the edition that ships with the product. */
const SAMPLE = { source: "boe", date: "2024-04-15" };
const OF_SAMPLE = ["start.suggested.sample1", "start.suggested.sample2"] as const;
const OF_ANY = ["start.suggested.any1", "start.suggested.any2"] as const;
type Suggestion = (typeof OF_SAMPLE)[number] | (typeof OF_ANY)[number];

/** The first question, asked as a citizen asks it, and the page that its answer cites. */
export default function QuestionStep({ facts }: { readonly facts: GettingStarted }) {
  const { t } = useTranslation();
  const bots = useBots();
  const webChat = bots.data?.find(({ channel }) => channel === "web-chat");
  if (webChat === undefined) {
    return (
      <Stack align="flex-start" gap="xs">
        <Text size="sm">{t("start.needsWebChat")}</Text>
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/start" search={{ tab: "bot" }} {...props} />}
        >
          {t("start.title.bot")}
        </Button>
      </Stack>
    );
  }
  return <Asking botKey={webChat.key} suggestions={suggestionsFor(facts)} />;
}

function suggestionsFor({ edition }: GettingStarted): readonly Suggestion[] {
  const isSample = edition?.source === SAMPLE.source && edition.date === SAMPLE.date;
  return isSample ? OF_SAMPLE : OF_ANY;
}

function Asking({
  botKey,
  suggestions,
}: {
  readonly botKey: string;
  readonly suggestions: readonly Suggestion[];
}) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [page, setPage] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const ask = useMutation({
    mutationFn: (question: string) =>
      askBot(botKey, question, LANGUAGES.find((each) => each === i18n.language) ?? "es"),
    onMutate: () => setPage(undefined),
    onSuccess: (replies) => {
      setPage(firstPageOf(replies));
      return queries.invalidateQueries({ queryKey: ["getting-started"] });
    },
  });
  const put = (question: string) => {
    if (question !== "" && !ask.isPending) ask.mutate(question);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    put(field.current?.value.trim() ?? "");
  };
  return (
    <Stack gap="md">
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-end">
          <TextInput
            ref={field}
            flex="1 1 220px"
            label={t("start.question")}
            maxLength={2_000}
            autoComplete="off"
            required
            withAsterisk={false}
          />
          <Button type="submit" loading={ask.isPending}>
            {t("start.ask")}
          </Button>
        </Group>
      </form>
      <Group gap="xs">
        {suggestions.map((key) => (
          <Button
            key={key}
            variant="default"
            size="compact-sm"
            className={classes.suggestion ?? ""}
            disabled={ask.isPending}
            onClick={() => {
              if (field.current !== null) field.current.value = t(key);
              put(t(key));
            }}
          >
            {t(key)}
          </Button>
        ))}
      </Group>
      <div className={classes.answered} data-with-page={page !== undefined || undefined}>
        <div role="log" aria-label={t("start.answer")}>
          {ask.variables !== undefined && (
            <Text size="sm" className={`prose ${classes.asked}`}>
              {ask.variables}
            </Text>
          )}
          {ask.isPending && <Loader type="dots" size="sm" mt="sm" />}
          {ask.data !== undefined && <Answered replies={ask.data} onOpen={setPage} />}
          {ask.error !== null && (
            <Alert color="red" variant="light" role="alert" mt="sm">
              {t("start.noAnswer")} <span lang="en">{ask.error.message}</span>
            </Alert>
          )}
        </div>
        {page !== undefined && <CitedPage path={page} onClose={() => setPage(undefined)} />}
      </div>
    </Stack>
  );
}

function Answered({
  replies,
  onOpen,
}: {
  readonly replies: readonly Reply[];
  readonly onOpen: (path: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" mt="sm">
      {replies.map((reply, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was said is never moved
        <Said key={at} reply={reply} onOpen={onOpen} />
      ))}
      <Text size="sm" className="soft">
        {t("start.answeredHint")}{" "}
        <Link to="/inbox" style={{ color: "inherit" }}>
          {t("nav.inbox")}
        </Link>
      </Text>
    </Stack>
  );
}
