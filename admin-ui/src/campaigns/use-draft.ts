import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Schema } from "../../../client/index.ts";
import { isProblem, newKey, POST, PUT } from "../api/api.ts";
import { oneKey } from "./queries.ts";

export type CampaignRequest = Schema<"CampaignRequest">;
export type CsvOutcome = Schema<"CsvOutcome">;

/**
 * Writes to a draft, one after the other, each on the revision that the last one made: what somebody else changed
 * meanwhile is refused, and not written over.
 */
export function useDraft(campaignId: string, firstEtag: string) {
  const queries = useQueryClient();
  const etag = useRef(firstEtag);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const [busy, setBusy] = useState(0);
  const [error, setError] = useState<unknown>();

  function inTurn<Result>(
    call: (header: { readonly "If-Match": string }) => Promise<{
      readonly data: Result;
      readonly response: Response;
    }>,
  ): Promise<Result> {
    const turn = async () => {
      setBusy((count) => count + 1);
      try {
        const { data, response } = await call({ "If-Match": etag.current });
        etag.current = response.headers.get("etag") ?? etag.current;
        setError(undefined);
        return data;
      } catch (cause) {
        setError(cause);
        throw cause;
      } finally {
        setBusy((count) => count - 1);
      }
    };
    const mine = last.current.then(turn, turn);
    last.current = mine.catch(() => undefined);
    return mine;
  }
  const again = () => queries.invalidateQueries({ queryKey: oneKey(campaignId) });
  const path = { campaignId };

  return {
    isSaving: busy > 0,
    error,
    async write(body: CampaignRequest): Promise<void> {
      await inTurn((header) =>
        PUT("/api/v1/campaigns/{campaignId}", { params: { path, header }, body }),
      );
    },
    async setAudience(body: Schema<"AudienceRequest">): Promise<CsvOutcome> {
      const done = await inTurn((header) =>
        PUT("/api/v1/campaigns/{campaignId}/audience", { params: { path, header }, body }),
      );
      await again();
      return done;
    },
    /** Lines that are wrong are named, and nothing is taken unless they are to be skipped. */
    async setCsv(file: Blob, problems: "refuse" | "skip"): Promise<CsvOutcome> {
      const body = new Blob([file], { type: "text/csv" });
      try {
        const done = await inTurn((header) =>
          PUT("/api/v1/campaigns/{campaignId}/audience", {
            params: { path, header, query: { problems } },
            body,
          }),
        );
        await again();
        return done;
      } catch (cause) {
        const outcome = outcomeOf(cause);
        if (outcome === undefined) throw cause;
        setError(undefined);
        return outcome;
      }
    },
    async schedule(body: Schema<"ScheduleRequest">): Promise<void> {
      const key = newKey();
      await inTurn((header) =>
        POST("/api/v1/campaigns/{campaignId}/schedule", {
          params: { path, header: { ...header, "Idempotency-Key": key } },
          body,
        }),
      );
      await queries.invalidateQueries({ queryKey: ["campaigns"] });
    },
  };
}

export type Draft = ReturnType<typeof useDraft>;

/** A file with bad lines is answered by 400 and the outcome itself, which is no problem document. */
function outcomeOf(cause: unknown): CsvOutcome | undefined {
  if (!isProblem(cause) || cause.status !== 400) return undefined;
  const { body } = cause;
  return typeof body === "object" && body !== null && "isSet" in body
    ? (body as CsvOutcome)
    : undefined;
}
