import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { DELETE, GET, isProblem, PUT } from "../api/api.ts";
import { tellFailure } from "../parts/tell.ts";
import { bodyOf, type Draft } from "./draft.ts";

export function useAssistants() {
  return useQuery({
    queryKey: ["assistants"],
    queryFn: async () => (await GET("/api/v1/assistants")).data.assistants,
  });
}

/** Null: there is none of that name yet. */
export function useAssistant(name: string) {
  return useQuery({
    queryKey: ["assistant", name],
    // What is being edited is not exchanged under the hands of whoever edits it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: async () => {
      try {
        return (await GET("/api/v1/assistants/{name}", { params: { path: { name } } })).data;
      } catch (error) {
        if (isProblem(error) && error.status === 404) return null;
        throw error;
      }
    },
  });
}

export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: async () => (await GET("/api/v1/models")).data.models,
  });
}

export function useKnowledgeSetNames() {
  return useQuery({
    queryKey: ["knowledge-sets"],
    queryFn: async () => (await GET("/api/v1/knowledge-sets")).data.knowledgeSets,
    select: (sets) => sets.map(({ name }) => name),
  });
}

export function useSaveAssistant(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ draft, revision }: { draft: Draft; revision: number }) => {
      const path = { name };
      const body = bodyOf(draft, revision);
      return (await PUT("/api/v1/assistants/{name}", { params: { path }, body })).data;
    },
    onSuccess: async (saved) => {
      queries.setQueryData(["assistant", name], saved);
      await queries.invalidateQueries({ queryKey: ["assistants"] });
      await queries.invalidateQueries({ queryKey: ["models"] });
    },
  });
}

export function useRemoveAssistant(onRemoved: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      DELETE("/api/v1/assistants/{name}", { params: { path: { name } } }),
    onError: tellFailure,
    onSuccess: async () => {
      onRemoved();
      await queries.invalidateQueries({ queryKey: ["assistants"] });
    },
  });
}
