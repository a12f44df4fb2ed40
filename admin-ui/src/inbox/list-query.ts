import { infiniteQueryOptions } from "@tanstack/react-query";
import { GET } from "../api/api.ts";
import { type InboxFilter, toQuery } from "./filter.ts";
import type { Page } from "./pages.ts";

const PAGE = 50;

/** Conversations of the inbox, the last that something was said in first. */
export function conversationsQuery(filter: InboxFilter) {
  return infiniteQueryOptions({
    queryKey: ["conversations", filter],
    queryFn: ({ pageParam }) => readPage(filter, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    // Kept up by the events.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export async function readPage(filter: InboxFilter, cursor: string | undefined): Promise<Page> {
  const query = { ...toQuery(filter), limit: PAGE, ...(cursor !== undefined && { cursor }) };
  return (await GET("/api/v1/conversations", { params: { query } })).data;
}
