import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { GET, POST } from "../api/api.ts";
import type { Assistant } from "./draft.ts";

export type Experiment = Schema<"AssistantExperiment">;

/** What comes of one that runs changes with each answer; half a minute is soon enough to look at it. */
const LOOK_EVERY_MS = 30_000;

/** Newest first. */
export function useExperiments(name: string, isSaved = true) {
  return useQuery({
    queryKey: ["experiments", name],
    enabled: isSaved,
    refetchInterval: ({ state }) => (isRunning(state.data) ? LOOK_EVERY_MS : false),
    queryFn: async () =>
      (await GET("/api/v1/assistants/{name}/experiments", { params: { path: { name } } })).data
        .experiments,
  });
}

export function isRunning(experiments: readonly Experiment[] | undefined): boolean {
  return experiments?.some(({ endedAt }) => endedAt === null) ?? false;
}

export function useStartExperiment({ name, revision: live }: Assistant) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: Schema<"StartExperimentRequest">) => {
      const params = { path: { name }, header: { "If-Match": `"r${live}"` } };
      return (await POST("/api/v1/assistants/{name}/experiments", { params, body })).data;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["experiments", name] }),
  });
}

/** `onKept`: told of the assistant as it is then, when the other version was kept. */
export function useEndExperiment(
  { name, revision: live }: Assistant,
  onKept: (assistant: Assistant) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, keep }: { readonly id: string; readonly keep: number }) => {
      await POST("/api/v1/assistants/{name}/experiments/{experimentId}/end", {
        params: { path: { name, experimentId: id } },
        body: { keep },
      });
      return (await GET("/api/v1/assistants/{name}", { params: { path: { name } } })).data;
    },
    onSuccess: async (assistant) => {
      if (assistant.revision !== live) {
        queries.setQueryData(["assistant", name], assistant);
        onKept(assistant);
      }
      await queries.invalidateQueries({ queryKey: ["experiments", name] });
      await queries.invalidateQueries({ queryKey: ["assistants"] });
      await queries.invalidateQueries({ queryKey: ["models"] });
    },
  });
}
