import { Badge, Button, Group, Modal, Paper, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { DELETE, GET } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats, useNow } from "../parts/time.ts";
import { isScope, scopeKey } from "./scopes.ts";

const AddKey = lazy(() => import("./add-key.tsx"));

/** Keys of programs: what each may, when it was last used, and the way to shut it out. */
export default function ApiKeys() {
  const { t } = useTranslation();
  const [isAdding, adding] = useDisclosure();
  const keys = useInfiniteQuery({
    queryKey: ["api-keys"],
    queryFn: async ({ pageParam }) => {
      const query = { limit: 50, ...(pageParam !== undefined && { cursor: pageParam }) };
      return (await GET("/api/v1/api-keys", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ apiKeys }) => apiKeys),
  });
  if (keys.isError) return <Failure error={keys.error} retry={() => keys.refetch()} />;
  if (keys.data === undefined) return <LoadingRows />;
  return (
    <Stack>
      <Group justify="flex-end">
        <Button leftSection={<Icon name="plus" size={17} />} onClick={adding.open}>
          {t("keys.add")}
        </Button>
      </Group>
      {keys.data.length === 0 && (
        <Empty icon="link" title={t("keys.none")}>
          {t("keys.noneHint")}
        </Empty>
      )}
      <Stack gap="xs" component="ul" p={0} m={0} aria-label={t("members.keys")}>
        {keys.data.map((key) => (
          <KeyRow key={key.id} apiKey={key} />
        ))}
      </Stack>
      {keys.hasNextPage && (
        <Button
          variant="default"
          loading={keys.isFetchingNextPage}
          onClick={() => void keys.fetchNextPage()}
        >
          {t("action.more")}
        </Button>
      )}
      <Suspense fallback={null}>{isAdding && <AddKey onClose={adding.close} />}</Suspense>
    </Stack>
  );
}

function KeyRow({ apiKey }: { readonly apiKey: Schema<"ApiKey"> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  const [isRevoking, revoking] = useDisclosure();
  const { name, scopes, lastUsedAt, expiresAt, revokedAt } = apiKey;
  const isOver = expiresAt !== null && new Date(expiresAt).getTime() <= now;
  return (
    <Paper p="sm" className="sheet" component="li" style={{ listStyle: "none" }}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap={6}>
            <Text fw={600} size="sm">
              {name}
            </Text>
            {(revokedAt !== null || isOver) && (
              <Badge size="sm" variant="light" color="gray" tt="none">
                {t(revokedAt === null ? "keys.expired" : "keys.revoked")}
              </Badge>
            )}
          </Group>
          <Text size="sm">
            {scopes.map((scope) => (isScope(scope) ? t(scopeKey(scope)) : scope)).join(" · ")}
          </Text>
          <Text size="xs" className="soft">
            {t("keys.lastUsed")}:{" "}
            {lastUsedAt === null ? t("members.never") : formats.ago(lastUsedAt, now)}
            {expiresAt !== null && ` · ${t("members.until", { at: formats.long(expiresAt) })}`}
          </Text>
        </div>
        {revokedAt === null && (
          <Button
            size="xs"
            variant="default"
            aria-label={t("keys.revokeOf", { name })}
            onClick={revoking.open}
          >
            {t("keys.revoke")}
          </Button>
        )}
      </Group>
      {isRevoking && <RevokeDialog apiKey={apiKey} onClose={revoking.close} />}
    </Paper>
  );
}

function RevokeDialog({
  apiKey,
  onClose,
}: {
  readonly apiKey: Schema<"ApiKey">;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (keyId: string) =>
      DELETE("/api/v1/api-keys/{keyId}", { params: { path: { keyId } } }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["api-keys"] });
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("keys.revokeTitle", { name: apiKey.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Text size="sm">{t("keys.revokeHint")}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate(apiKey.id)}>
            {t("keys.revoke")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
