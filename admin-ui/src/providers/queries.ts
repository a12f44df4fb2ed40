import { useQuery } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { GET } from "../api/api.ts";

export type Breaker = Schema<"Breaker">;
export type ModelState = Schema<"ModelState">;

const LOOK_EVERY_MS = 15_000;

/** Of the platform's people: models that are left alone, and until when. */
export function useBreakers() {
  return useQuery({
    queryKey: ["breakers"],
    refetchInterval: LOOK_EVERY_MS,
    queryFn: async () => (await GET("/api/v1/breakers")).data.breakers,
  });
}

/** Link by link of the tenant's assistants and of the installation's chain, in the order in which they are tried. */
export function useModels() {
  return useQuery({
    queryKey: ["models", "states"],
    refetchInterval: LOOK_EVERY_MS,
    queryFn: async () => (await GET("/api/v1/models")).data.models,
  });
}
