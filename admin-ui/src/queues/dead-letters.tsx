import { Badge, Button, Code, Group, Modal, Stack, Table, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { GET, POST } from "../api/api.ts";
import type { DeadLetter } from "../api/types.ts";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";

/** Messages that were given up and parts that were refused, or may not have arrived: each waits for a decision. */
export default function DeadLetters() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [skipped, setSkipped] = useState<DeadLetter>();
  const letters = useInfiniteQuery({
    queryKey: ["dead-letters"],
    queryFn: async ({ pageParam }) => {
      const query = { limit: 50, ...(pageParam !== undefined && { cursor: pageParam }) };
      return (await GET("/api/v1/dead-letters", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ deadLetters }) => deadLetters),
  });
  const after = async () => {
    setSkipped(undefined);
    await queries.invalidateQueries({ queryKey: ["dead-letters"] });
    await queries.invalidateQueries({ queryKey: ["queues"] });
  };
  const replay = useMutation({
    mutationFn: (letterId: string) =>
      POST("/api/v1/dead-letters/{letterId}/replay", { params: { path: { letterId } } }),
    onError: tellFailure,
    onSuccess: () => {
      tellDone(t("letters.replayed"));
      return after();
    },
  });
  const skip = useMutation({
    mutationFn: ({ letterId, reason }: { letterId: string; reason: string }) =>
      POST("/api/v1/dead-letters/{letterId}/skip", {
        params: { path: { letterId } },
        body: { reason },
      }),
    onError: tellFailure,
    onSuccess: after,
  });
  if (letters.isError) return <Failure error={letters.error} retry={() => letters.refetch()} />;
  if (letters.data === undefined) return <LoadingRows />;
  if (letters.data.length === 0) {
    return (
      <Empty icon="tick" title={t("letters.none")}>
        {t("letters.noneHint")}
      </Empty>
    );
  }
  return (
    <Stack>
      <Table.ScrollContainer minWidth={640} scrollAreaProps={{ type: "auto" }}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("letters.when")}</Table.Th>
              <Table.Th>{t("letters.what")}</Table.Th>
              <Table.Th>{t("letters.why")}</Table.Th>
              <Table.Th>{t("letters.attempts")}</Table.Th>
              <Table.Th>{t("letters.decide")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {letters.data.map((letter) => (
              <LetterRow
                key={letter.id}
                letter={letter}
                isReplaying={replay.isPending && replay.variables === letter.id}
                onReplay={() => replay.mutate(letter.id)}
                onSkip={() => setSkipped(letter)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {letters.hasNextPage && (
        <Button
          variant="default"
          loading={letters.isFetchingNextPage}
          onClick={() => void letters.fetchNextPage()}
        >
          {t("action.more")}
        </Button>
      )}
      <SkipDialog
        letter={skipped}
        isBusy={skip.isPending}
        onClose={() => setSkipped(undefined)}
        onSkip={(letterId, reason) => skip.mutate({ letterId, reason })}
      />
    </Stack>
  );
}

function LetterRow({
  letter,
  isReplaying,
  onReplay,
  onSkip,
}: {
  readonly letter: DeadLetter;
  readonly isReplaying: boolean;
  readonly onReplay: () => void;
  readonly onSkip: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Table.Tr>
      <Table.Td className="tabular">{formats.long(letter.at)}</Table.Td>
      <Table.Td>
        <Group gap={6}>
          <Text size="sm">{t(`letters.kind.${letter.kind}`)}</Text>
          {letter.state === "unknown" && (
            <Badge color="yellow" variant="light" tt="none" size="sm">
              {t("letters.unknown")}
            </Badge>
          )}
        </Group>
        <Text size="xs" className="soft">
          {t(`channel.${letter.channel}`)} ·{" "}
          <Link
            to="/inbox/$conversationId"
            params={{ conversationId: letter.conversationId }}
            style={{ color: "inherit" }}
          >
            {t("letters.conversation")}
          </Link>
        </Text>
      </Table.Td>
      <Table.Td>
        <Code>{letter.reason}</Code>
      </Table.Td>
      <Table.Td className="tabular">{letter.attempts}</Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Button size="xs" loading={isReplaying} onClick={onReplay}>
            {t("letters.replay")}
          </Button>
          <Button size="xs" variant="default" onClick={onSkip}>
            {t("letters.skip")}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function SkipDialog({
  letter,
  isBusy,
  onClose,
  onSkip,
}: {
  readonly letter: DeadLetter | undefined;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly onSkip: (letterId: string, reason: string) => void;
}) {
  const { t } = useTranslation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get("reason"));
    if (letter !== undefined) onSkip(letter.id, reason);
  };
  return (
    <Modal
      opened={letter !== undefined}
      onClose={onClose}
      title={t("letters.skipTitle")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t("letters.skipHint")}</Text>
          <TextInput
            name="reason"
            label={t("queues.reason")}
            required
            minLength={3}
            maxLength={500}
            withAsterisk={false}
          />
          <Button type="submit" loading={isBusy}>
            {t("letters.skip")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
