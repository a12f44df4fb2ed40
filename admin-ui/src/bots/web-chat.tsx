import { Alert, Anchor, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useBlocker, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { GET, isProblem, PUT } from "../api/api.ts";
import { Page } from "../parts/page.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone } from "../parts/tell.ts";
import { ToCopy } from "../parts/to-copy.tsx";
import { AvatarField } from "./avatar-field.tsx";
import { bodyOf, COLOUR, embedOf, type Looks, linesOf, looksOf, MOST_QUESTIONS } from "./looks.ts";
import { LooksFields } from "./looks-fields.tsx";
import { LooksPreview } from "./looks-preview.tsx";
import classes from "./web-chat.module.css";

interface Read {
  readonly saved: Schema<"WebChat">;
  readonly etag: string;
}

/** How a web chat looks, as it will, and what its sites paste. */
export function WebChat() {
  const { botId } = useParams({ from: "/bots/$botId/web-chat" });
  const { t } = useTranslation();
  const read = useQuery({
    queryKey: ["web-chat", botId],
    // What is being edited is not exchanged under the hands of whoever edits it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: async (): Promise<Read> => {
      const params = { path: { botId } };
      const { data, response } = await GET("/api/v1/bots/{botId}/web-chat", { params });
      return { saved: data, etag: response.headers.get("etag") ?? "" };
    },
  });
  const bots = useQuery({
    queryKey: ["bots"],
    queryFn: async () => (await GET("/api/v1/bots")).data.bots,
  });
  const botKey = bots.data?.find(({ id }) => id === botId)?.key;
  return (
    <Page
      title={read.data?.saved.name ?? t("webChat.form")}
      lead={t("webChat.lead")}
      actions={
        <Link to="/bots" style={{ color: "inherit" }}>
          {t("webChat.back")}
        </Link>
      }
    >
      {read.isError && <Failure error={read.error} retry={() => read.refetch()} />}
      {read.isPending && <LoadingRows />}
      {read.data !== undefined && (
        <Editor
          botId={botId}
          botKey={botKey}
          read={read.data}
          readAgain={async () => (await read.refetch()).data}
        />
      )}
    </Page>
  );
}

function Editor({
  botId,
  botKey,
  read,
  readAgain,
}: {
  readonly botId: string;
  readonly botKey: string | undefined;
  readonly read: Read;
  readonly readAgain: () => Promise<Read | undefined>;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [looks, setLooks] = useState<Looks>(() => looksOf(read.saved));
  const isChanged = JSON.stringify(looks) !== JSON.stringify(looksOf(read.saved));
  const isWrong =
    (looks.colour !== "" && !COLOUR.test(looks.colour)) ||
    linesOf(looks.questions).length > MOST_QUESTIONS;
  const save = useMutation({
    mutationFn: async (): Promise<Read> => {
      const params = { path: { botId }, header: { "If-Match": read.etag } };
      const body = bodyOf(looks);
      const { data, response } = await PUT("/api/v1/bots/{botId}/web-chat", { params, body });
      return { saved: data, etag: response.headers.get("etag") ?? "" };
    },
    onSuccess: (now) => {
      tellDone(t("webChat.saved"));
      setLooks(looksOf(now.saved));
      queries.setQueryData(["web-chat", botId], now);
      return queries.invalidateQueries({ queryKey: ["bots"] });
    },
  });
  useBlocker({
    shouldBlockFn: () => isChanged && !window.confirm(t("webChat.leave")),
    enableBeforeUnload: isChanged,
  });
  const takeTheirs = async () => {
    const theirs = await readAgain();
    if (theirs === undefined) return;
    setLooks(looksOf(theirs.saved));
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isWrong) save.mutate();
  };
  return (
    <div className={classes.columns}>
      <form onSubmit={submit} aria-label={t("webChat.form")}>
        <Stack>
          <Paper p="md" className="sheet">
            <Stack>
              <AvatarField botId={botId} avatar={read.saved.avatar} onChanged={readAgain} />
              <LooksFields looks={looks} onChange={(patch) => setLooks({ ...looks, ...patch })} />
            </Stack>
          </Paper>
          {save.error !== null && <Refusal error={save.error} onReload={() => void takeTheirs()} />}
          <Group justify="flex-end" className={classes.actions ?? ""}>
            {isChanged && (
              <Button variant="default" onClick={() => setLooks(looksOf(read.saved))}>
                {t("webChat.revert")}
              </Button>
            )}
            <Button type="submit" loading={save.isPending} disabled={!isChanged || isWrong}>
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
      <Stack>
        <LooksPreview looks={looks} avatar={read.saved.avatar} />
        {botKey !== undefined && <Embed botKey={botKey} saved={read.saved} />}
      </Stack>
    </div>
  );
}

function Refusal({ error, onReload }: { readonly error: Error; readonly onReload: () => void }) {
  const { t } = useTranslation();
  const isStale = isProblem(error, "stale");
  const isOffline = isProblem(error) && error.status === 0;
  return (
    <Alert color="red" variant="light" role="alert">
      <Stack gap="xs" align="flex-start">
        {isStale ? t("webChat.stale") : isOffline ? t("state.offlineHint") : error.message}
        {isStale && (
          <Button size="xs" variant="default" onClick={onReload}>
            {t("webChat.reload")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function Embed({ botKey, saved }: { readonly botKey: string; readonly saved: Schema<"WebChat"> }) {
  const { t } = useTranslation();
  // What the server knows of its own address is in the line that it gives.
  const origin = /src="([^"]+)\/widget\.js"/.exec(saved.embed ?? "")?.[1] ?? location.origin;
  return (
    <Paper p="md" className="sheet" component="section" aria-label={t("webChat.embed")}>
      <Title order={2} size="h5">
        {t("webChat.embed")}
      </Title>
      <Text size="sm" className="soft" mb="sm">
        {t(saved.allowedOrigins.length === 0 ? "webChat.embedNoSites" : "webChat.embedHint")}
      </Text>
      <ToCopy label={t("webChat.embedCode")} value={embedOf(origin, botKey, saved.name)} />
      <Anchor
        size="sm"
        mt="sm"
        display="inline-block"
        href={`/chat/${botKey}`}
        target="_blank"
        rel="noreferrer"
        underline="always"
        c="inherit"
      >
        {t("webChat.open")}
      </Anchor>
    </Paper>
  );
}
