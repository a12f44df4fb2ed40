import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { DELETE, GET, PATCH, POST, PUT } from "../api/api.ts";
import { saveFile } from "../parts/save-file.ts";
import { tellFailure } from "../parts/tell.ts";

export type Document = Schema<"Document">;
export type Version = Schema<"DocumentVersion">;

/** As long as the server gives a file to arrive. */
const UPLOAD_MS = 15 * 60_000;
const LOOK_EVERY_MS = 1_500;

export function isUnderWay({ state }: Version): boolean {
  return state !== "ready" && state !== "failed";
}

/** While something is being read, it is looked at again and again. */
export function useDocuments() {
  return useInfiniteQuery({
    queryKey: ["documents"],
    queryFn: async ({ pageParam }) => {
      const query = { limit: 50, ...(pageParam !== undefined && { cursor: pageParam }) };
      return (await GET("/api/v1/documents", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) => {
      const documents = state.data?.pages.flatMap((page) => page.documents) ?? [];
      const isBusy = documents.some(({ versions }) => versions.some(isUnderWay));
      return isBusy ? LOOK_EVERY_MS : false;
    },
    select: ({ pages }) => pages.flatMap(({ documents }) => documents),
  });
}

export function useKnowledgeSets() {
  return useQuery({
    queryKey: ["knowledge-sets"],
    queryFn: async () => (await GET("/api/v1/knowledge-sets")).data.knowledgeSets,
  });
}

function useAfterChange() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["documents"] });
}

async function sendFile(documentId: string, file: File) {
  return PUT("/api/v1/documents/{documentId}/content", {
    params: { path: { documentId }, query: { fileName: file.name } },
    // Of no type: the server looks at the bytes and at the ending of the name.
    body: file.slice(0, file.size, "application/octet-stream"),
    timeoutMs: UPLOAD_MS,
  });
}

/** Each file is a document of its own, named as the file is. */
export function useUploads() {
  const after = useAfterChange();
  return useMutation({
    mutationFn: async (files: readonly File[]) => {
      for (const file of files) {
        const title = file.name.replace(/\.[^.]+$/, "");
        const { data } = await POST("/api/v1/documents", { body: { title } });
        await after();
        await sendFile(data.id, file);
      }
    },
    onError: tellFailure,
    onSettled: after,
  });
}

export function useAddByAddress(onAdded: () => void) {
  const after = useAfterChange();
  return useMutation({
    mutationFn: (body: { title: string; url: string; isPublic: boolean }) =>
      POST("/api/v1/documents", { body }),
    onSuccess: () => {
      onAdded();
      return after();
    },
  });
}

/** What one may do to a document that is there. */
export function useDocumentActions(document: Document, onRemoved: () => void) {
  const after = useAfterChange();
  const params = { path: { documentId: document.id } };
  const common = { onError: tellFailure, onSettled: after };
  return {
    addVersion: useMutation({
      mutationFn: (file: File) => sendFile(document.id, file),
      ...common,
    }),
    reindex: useMutation({
      mutationFn: () => POST("/api/v1/documents/{documentId}/reindex", { params }),
      ...common,
    }),
    refetch: useMutation({
      mutationFn: () => POST("/api/v1/documents/{documentId}/refetch", { params }),
      ...common,
    }),
    change: useMutation({
      mutationFn: (body: { title?: string; isPublic?: boolean }) =>
        PATCH("/api/v1/documents/{documentId}", {
          params: { ...params, header: { "If-Match": `"r${document.revision}"` } },
          body,
        }),
      ...common,
    }),
    download: useMutation({
      mutationFn: async () => {
        const path = "/api/v1/documents/{documentId}/content";
        const { data } = await GET(path, { params, parseAs: "blob", timeoutMs: UPLOAD_MS });
        const current = document.versions.find(({ isCurrent }) => isCurrent);
        saveFile(data, current?.fileName ?? document.title);
      },
      onError: tellFailure,
    }),
    remove: useMutation({
      mutationFn: () => DELETE("/api/v1/documents/{documentId}", { params }),
      onSuccess: onRemoved,
      ...common,
    }),
  };
}
