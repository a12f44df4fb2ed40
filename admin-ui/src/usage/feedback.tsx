import { Badge, Button, Group, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { More } from "../parts/more.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import { useFeedback, type Vote } from "./queries.ts";
import classes from "./usage.module.css";

const CHOICES = ["all", "up", "down"] as const;

/** What citizens think of answers, the last first. */
export default function Feedback() {
  const { t } = useTranslation();
  const [vote, setVote] = useState<Vote>();
  const list = useFeedback(vote);
  const save = useMutation({
    mutationFn: async () => {
      const query = vote === undefined ? {} : { vote };
      const { data } = await GET("/api/v1/feedback.csv", { params: { query }, parseAs: "blob" });
      saveFile(data, "feedback.csv");
    },
    onError: tellFailure,
  });
  return (
    <Stack>
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={t("feedback.votes")}
          value={vote ?? "all"}
          onChange={(value) => setVote(value === "up" || value === "down" ? value : undefined)}
          data={CHOICES.map((value) => ({ value, label: t(`feedback.vote.${value}`) }))}
        />
        <Button size="xs" variant="default" loading={save.isPending} onClick={() => save.mutate()}>
          {t("feedback.export")}
        </Button>
      </Group>
      {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
      {list.isPending && <LoadingRows />}
      {list.data?.length === 0 && (
        <Empty icon="hand" title={t("feedback.none")}>
          {t("feedback.noneHint")}
        </Empty>
      )}
      <ul className={classes.plain}>
        {list.data?.map((entry) => (
          <li key={entry.id}>
            <Judged {...entry} />
          </li>
        ))}
      </ul>
      <More list={list} />
    </Stack>
  );
}

function Judged({
  vote,
  judgedAt,
  question,
  answer,
  comment,
  conversationId,
}: {
  readonly vote: Vote;
  readonly judgedAt: string;
  readonly question: string | null;
  readonly answer: string | null;
  readonly comment: string | null;
  readonly conversationId: string;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { role } = useSigned();
  return (
    <Paper p="md" mb="sm" className="sheet">
      <Group gap="xs" mb={6}>
        <Badge color={vote === "up" ? "green" : "red"} variant="light" tt="none">
          {t(`feedback.vote.${vote}`)}
        </Badge>
        <Text size="xs" className="soft tabular">
          {formats.long(judgedAt)}
        </Text>
        {role !== "editor" && (
          <Link
            to="/inbox/$conversationId"
            params={{ conversationId }}
            style={{ color: "inherit", fontSize: "0.75rem" }}
          >
            {t("feedback.conversation")}
          </Link>
        )}
      </Group>
      {question !== null && (
        <Text size="sm" fw={600} className="prose">
          {question}
        </Text>
      )}
      {answer !== null && (
        <Text size="sm" className="prose soft">
          {answer}
        </Text>
      )}
      {comment !== null && (
        <Text size="sm" className="prose" mt={6}>
          «{comment}»
        </Text>
      )}
    </Paper>
  );
}
