import { Alert, Button, Code, Group, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { GET, POST } from "../api/api.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { useNow } from "../parts/time.ts";

/** A code is shown for some 20 seconds: a page that looks less often would show one that is void. */
const LOOK_EVERY_MS = 2_000;
/** As WhatsApp's page shows each code. */
const CODE_MS = 20_000;

/** The session of a WhatsApp Web account: its code while it is being linked, then what can be asked of it. */
export function SessionCard({ botId }: { readonly botId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const path = { botId };
  const view = useQuery({
    queryKey: ["session-of-bot", botId],
    refetchInterval: LOOK_EVERY_MS,
    queryFn: async () => (await GET("/api/v1/bots/{botId}/session", { params: { path } })).data,
  });
  const ask = useMutation({
    mutationFn: async (kind: "restart" | "resume" | "stop" | "use-here") =>
      (await POST("/api/v1/bots/{botId}/session/requests", { params: { path }, body: { kind } }))
        .data,
    onError: tellFailure,
    onSuccess: ({ outcome }) => {
      tellDone(outcome);
      return queries.invalidateQueries({ queryKey: ["bots"] });
    },
  });
  if (view.isError) return <Failure error={view.error} retry={() => view.refetch()} />;
  if (view.data === undefined) return <LoadingRows rows={1} />;
  const { session, code, isAttended } = view.data;
  const isOff = session?.state === "parked" || session?.state === "stopped";
  return (
    <Stack mt="sm" gap="sm">
      {!isAttended && (
        <Alert color="yellow" variant="light" py="xs">
          {t("session.unattended")}
        </Alert>
      )}
      {session?.action !== undefined && (
        <Alert color="yellow" variant="light" py="xs">
          {session.action}
        </Alert>
      )}
      {code !== null && <LinkCode botId={botId} code={code} />}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          loading={ask.isPending}
          onClick={() => ask.mutate(isOff ? "resume" : "restart")}
        >
          {t(isOff ? "session.resume" : "session.restart")}
        </Button>
        {session?.state === "conflict" && (
          <Button size="xs" onClick={() => ask.mutate("use-here")}>
            {t("session.useHere")}
          </Button>
        )}
        {!isOff && (
          <Button size="xs" variant="default" onClick={() => ask.mutate("stop")}>
            {t("session.stop")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function LinkCode({
  botId,
  code,
}: {
  readonly botId: string;
  readonly code: {
    readonly kind: "qr" | "pairing-code";
    readonly expiresAt: string;
    readonly attempt: number;
    readonly attempts: number;
    readonly pairingCode?: string;
  };
}) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const leftMs = Math.max(0, new Date(code.expiresAt).getTime() - now);
  return (
    <Group align="center" gap="lg">
      {code.kind === "qr" ? (
        <QrCode botId={botId} shown={code.expiresAt} />
      ) : (
        <Code fz="xl">{code.pairingCode}</Code>
      )}
      <Stack gap="xs" maw={360}>
        <Text size="sm">{t("session.scan")}</Text>
        <Progress
          value={Math.min(100, (leftMs / CODE_MS) * 100)}
          aria-label={t("session.codeLeft")}
        />
        <Text size="xs" className="soft tabular" role="timer">
          {t("session.code", {
            seconds: Math.ceil(leftMs / 1_000),
            attempt: code.attempt,
            attempts: code.attempts,
          })}
        </Text>
      </Stack>
    </Group>
  );
}

/** On a canvas, fetched with the tenant's header: the code is a credential, and no cache keeps it. */
function QrCode({ botId, shown }: { readonly botId: string; readonly shown: string }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` tells that it is another code
  useEffect(() => {
    const gone = new AbortController();
    const params = { path: { botId } };
    void GET("/api/v1/bots/{botId}/session/qr.png", {
      params,
      parseAs: "blob",
      signal: gone.signal,
    })
      .then(async ({ data }) => {
        const image = await createImageBitmap(data);
        if (canvas.current === null) return;
        canvas.current.width = image.width;
        canvas.current.height = image.height;
        canvas.current.getContext("2d")?.drawImage(image, 0, 0);
      })
      // It has just run out: the next look brings another one.
      .catch(() => undefined);
    return () => gone.abort();
  }, [botId, shown]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={t("session.qr")}
      style={{ width: 240, height: 240, background: "#fff", borderRadius: 8 }}
    />
  );
}
