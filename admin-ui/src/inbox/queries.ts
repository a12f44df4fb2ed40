import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { DELETE, GET, POST, PUT } from "../api/api.ts";
import type { Conversation, HistoryEntry } from "../api/types.ts";
import { tellFailure } from "../parts/tell.ts";
import { useLiveEvents } from "../shell/live-events.tsx";
import type { InboxFilter } from "./filter.ts";
import { conversationsQuery, readPage } from "./list-query.ts";
import { type Page, seenIn, withHead } from "./pages.ts";

const PAGE = 50;
/** Many events of a busy minute are one look at the list. */
const LOOK_AGAIN_MS = 400;

const oneKey = (id: string) => ["conversation", id] as const;
const historyKey = (id: string) => ["history", id] as const;

/** The list, page after page, kept up as things happen without reading again what lies further down. */
export function useConversations(filter: InboxFilter) {
  const queries = useQueryClient();
  const list = useInfiniteQuery({ ...conversationsQuery(filter), refetchOnMount: false });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const changed = useRef(new Set<string>());
  useLiveEvents(({ data }) => {
    if (typeof data.conversationId !== "string") return;
    changed.current.add(data.conversationId);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const ids = changed.current;
      changed.current = new Set();
      void readPage(filter, undefined)
        .then((head) => {
          queries.setQueryData<InfiniteData<Page, string | undefined>>(
            conversationsQuery(filter).queryKey,
            (known) => known && { ...known, pages: withHead(known.pages, head, ids) },
          );
        })
        .catch(() => undefined);
    }, LOOK_AGAIN_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return list;
}

export function useConversation(id: string) {
  const queries = useQueryClient();
  useLiveEvents(({ data }) => {
    if (data.conversationId !== id) return;
    void queries.invalidateQueries({ queryKey: oneKey(id) });
    void queries.invalidateQueries({ queryKey: historyKey(id) });
  });
  return useQuery({
    queryKey: oneKey(id),
    queryFn: async () =>
      (
        await GET("/api/v1/conversations/{conversationId}", {
          params: { path: { conversationId: id } },
        })
      ).data,
  });
}

export function useHistory(id: string) {
  return useInfiniteQuery({
    queryKey: historyKey(id),
    queryFn: async ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      const params = { path: { conversationId: id }, query };
      return (await GET("/api/v1/conversations/{conversationId}/history", { params })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: ({ pages }): readonly HistoryEntry[] =>
      pages.flatMap(({ entries }) => entries).reverse(),
  });
}

export function usePassport(conversationId: string, messageId: string | undefined) {
  return useQuery({
    queryKey: ["passport", messageId],
    enabled: messageId !== undefined,
    queryFn: async () => {
      const path = { conversationId, messageId: messageId ?? "" };
      return (
        await GET("/api/v1/conversations/{conversationId}/passports/{messageId}", {
          params: { path },
        })
      ).data;
    },
  });
}

/** What a person does with one conversation. */
export function useDesk(id: string) {
  const queries = useQueryClient();
  const params = { path: { conversationId: id } };
  const after = () =>
    Promise.all(
      [oneKey(id), historyKey(id)].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
  const options = { onSuccess: after, onError: tellFailure };
  return {
    claim: useMutation({
      ...options,
      mutationFn: (minutes: number) =>
        PUT("/api/v1/conversations/{conversationId}/hold", { params, body: { minutes } }),
    }),
    release: useMutation({
      ...options,
      mutationFn: (close: boolean) =>
        POST("/api/v1/conversations/{conversationId}/release", { params, body: { close } }),
    }),
    setState: useMutation({
      ...options,
      mutationFn: (state: "open" | "closed") =>
        PUT("/api/v1/conversations/{conversationId}/state", { params, body: { state } }),
    }),
    assign: useMutation({
      ...options,
      mutationFn: (personId: string | null) =>
        PUT("/api/v1/conversations/{conversationId}/assignment", { params, body: { personId } }),
    }),
    tag: useMutation({
      ...options,
      mutationFn: (tags: readonly string[]) =>
        PUT("/api/v1/conversations/{conversationId}/tags", { params, body: { tags: [...tags] } }),
    }),
    addNote: useMutation({
      ...options,
      mutationFn: (text: string) =>
        POST("/api/v1/conversations/{conversationId}/notes", { params, body: { text } }),
    }),
    removeNote: useMutation({
      ...options,
      mutationFn: (noteId: string) =>
        DELETE("/api/v1/conversations/{conversationId}/notes/{noteId}", {
          params: { path: { conversationId: id, noteId } },
        }),
    }),
    resend: useMutation({
      ...options,
      mutationFn: (outboxId: string) =>
        POST("/api/v1/conversations/{conversationId}/parts/{outboxId}/resend", {
          params: { path: { conversationId: id, outboxId } },
        }),
    }),
    /** `key`: of this very text, so that sending it once more after a break does not send it twice. */
    reply: useMutation({
      onSuccess: after,
      mutationFn: ({ key, text, files }: ReplyDraft) =>
        POST("/api/v1/conversations/{conversationId}/replies", {
          params: { ...params, header: { "Idempotency-Key": key } },
          body: { text, files: [...files] },
        }),
    }),
  };
}

export interface ReplyDraft {
  readonly key: string;
  readonly text: string;
  readonly files: readonly { readonly fileName: string; readonly contentBase64: string }[];
}

/** Marks what is shown as seen by this person; tries again at the next change. */
export function useMarkSeen(conversation: Conversation | undefined, isAllowed: boolean): void {
  const id = conversation?.conversationId;
  const unread = conversation?.unread ?? 0;
  const queries = useQueryClient();
  useEffect(() => {
    if (id === undefined || unread === 0 || !isAllowed || document.visibilityState !== "visible") {
      return;
    }
    const params = { path: { conversationId: id } };
    PUT("/api/v1/conversations/{conversationId}/seen", { params })
      .then(() => {
        queries.setQueriesData<InfiniteData<Page>>({ queryKey: ["conversations"] }, (known) =>
          known === undefined
            ? known
            : { ...known, pages: known.pages.map((page) => seenIn(page, id)) },
        );
        return queries.invalidateQueries({ queryKey: oneKey(id) });
      })
      .catch(() => undefined);
  }, [id, unread, isAllowed, queries]);
}
