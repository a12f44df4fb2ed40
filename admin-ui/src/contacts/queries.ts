import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { DELETE, GET, PATCH, POST, PUT } from "../api/api.ts";
import { tellFailure } from "../parts/tell.ts";
import { type ContactsFilter, toConditions, toContactsQuery } from "./filter.ts";

export type Contact = Schema<"Contact">;
export type ContactDetail = Schema<"ContactDetail">;
export type ContactChange = Schema<"ChangeContactRequest">;

const PAGE = 100;

interface ContactsPage {
  readonly contacts: readonly Contact[];
  readonly next: string | null;
  /** Of a kept filter, which is shown by its newest alone. */
  readonly count?: number;
}

export function useSegments() {
  return useQuery({
    queryKey: ["segments"],
    queryFn: async () =>
      (await GET("/api/v1/segments", { params: { query: { limit: PAGE } } })).data.segments,
  });
}

/** Words go into a body: a name or a number does not belong into an address. */
export function useContacts(filter: ContactsFilter, words: string) {
  const segments = useSegments();
  const segment = segments.data?.find(({ id }) => id === filter.segment);
  return useInfiniteQuery({
    queryKey: ["contacts", "list", filter, words],
    enabled: filter.segment === undefined || !segments.isPending,
    queryFn: async ({ pageParam }): Promise<ContactsPage> => {
      const paging = { limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      const conditions = toConditions(filter, segment);
      if (words !== "") {
        const body = { search: words, ...paging, ...(conditions && { filter: conditions }) };
        return (await POST("/api/v1/contacts/search", { body })).data;
      }
      if (segment?.kind === "filter" && conditions !== undefined) {
        const body = { filter: conditions };
        const { data } = await POST("/api/v1/segments/preview", { body });
        return { ...data, next: null };
      }
      const query = { ...toContactsQuery(filter), ...paging };
      return (await GET("/api/v1/contacts", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export async function readContact(contactId: string) {
  const params = { path: { contactId } };
  const { data, response } = await GET("/api/v1/contacts/{contactId}", { params });
  return { contact: data, etag: response.headers.get("etag") ?? "" };
}

export function useContact(contactId: string) {
  return useQuery({
    queryKey: ["contacts", "one", contactId],
    queryFn: () => readContact(contactId),
  });
}

export function useMerges(contactId: string) {
  return useQuery({
    queryKey: ["contacts", "merges", contactId],
    queryFn: async () => {
      const params = { path: { contactId } };
      return (await GET("/api/v1/contacts/{contactId}/merges", { params })).data.merges;
    },
  });
}

/** What may be done with a contact; everything that shows contacts is read again afterwards. */
export function useContactActions(contactId: string) {
  const queries = useQueryClient();
  const params = { path: { contactId } };
  const options = {
    onError: tellFailure,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["contacts"] }),
  };
  return {
    change: useMutation({
      ...options,
      mutationFn: ({ change, etag }: { change: ContactChange; etag: string }) =>
        PATCH("/api/v1/contacts/{contactId}", {
          params: { ...params, header: { "If-Match": etag } },
          body: change,
        }),
      // Also when it failed: it may be somebody else's change that stood in the way.
      onError: (error) => {
        tellFailure(error);
        return queries.invalidateQueries({ queryKey: ["contacts", "one", contactId] });
      },
    }),
    block: useMutation({
      ...options,
      mutationFn: (reason: string) =>
        PUT("/api/v1/contacts/{contactId}/block", {
          params,
          body: reason === "" ? {} : { reason },
        }),
    }),
    unblock: useMutation({
      ...options,
      mutationFn: () => DELETE("/api/v1/contacts/{contactId}/block", { params }),
    }),
    merge: useMutation({
      ...options,
      mutationFn: (from: string) =>
        POST("/api/v1/contacts/{contactId}/merges", { params, body: { from } }),
    }),
    part: useMutation({
      ...options,
      mutationFn: (mergeId: string) =>
        DELETE("/api/v1/contact-merges/{mergeId}", { params: { path: { mergeId } } }),
    }),
  };
}
