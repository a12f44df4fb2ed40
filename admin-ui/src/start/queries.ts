import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { Schema } from "../../../client/index.ts";
import { GET, newKey, POST } from "../api/api.ts";

export type GettingStarted = Schema<"GettingStarted">;

const LOOK_EVERY_MS = 2_500;

/** While it is shown it is looked at again and again: the sample is read, documents become ready, people write. */
export function useGettingStarted() {
  return useQuery({
    queryKey: ["getting-started"],
    refetchInterval: LOOK_EVERY_MS,
    queryFn: async () => (await GET("/api/v1/getting-started")).data,
  });
}

export function useBots() {
  return useQuery({
    queryKey: ["bots"],
    queryFn: async () => (await GET("/api/v1/bots")).data.bots,
  });
}

export function useAddBot() {
  const queries = useQueryClient();
  // Of what was asked last: sent twice after a break, it is one bot.
  const asked = useRef({ as: "", key: "" });
  return useMutation({
    mutationFn: async (body: Schema<"AddBotRequest">) => {
      const as = JSON.stringify(body);
      if (asked.current.as !== as) asked.current = { as, key: newKey() };
      const headers = { "Idempotency-Key": asked.current.key };
      // Telegram is asked whether the token is right.
      return (await POST("/api/v1/bots", { headers, body, timeoutMs: 60_000 })).data;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["bots"] }),
  });
}

export function usePresets() {
  return useQuery({
    queryKey: ["source-presets"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await GET("/api/v1/source-presets")).data.presets,
  });
}

export function useSources() {
  return useQuery({
    queryKey: ["sources"],
    queryFn: async () => (await GET("/api/v1/sources")).data.sources,
  });
}

export function useAddSource() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (preset: string) =>
      (await POST("/api/v1/sources", { body: { preset } })).data,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["sources"] });
      await queries.invalidateQueries({ queryKey: ["getting-started"] });
    },
  });
}
