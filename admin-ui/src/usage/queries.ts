import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { GET } from "../api/api.ts";

export type Vote = Schema<"JudgedAnswer">["vote"];

const PAGE = 30;

export function useUsage(from: string, until: string) {
  return useQuery({
    queryKey: ["usage", from, until],
    placeholderData: keepPreviousData,
    queryFn: async () =>
      (await GET("/api/v1/usage", { params: { query: { from, until } } })).data.usage,
  });
}

export function useBalance() {
  return useQuery({
    queryKey: ["balance"],
    queryFn: async () => (await GET("/api/v1/balance")).data,
  });
}

export function useTransactions() {
  return useInfiniteQuery({
    queryKey: ["balance", "transactions"],
    queryFn: async ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      return (await GET("/api/v1/balance/transactions", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ transactions }) => transactions),
  });
}

/** Names of bots by their ids. */
export function useBotNames(): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ["queues", "names"],
    queryFn: async () => (await GET("/api/v1/queues")).data.queues,
  });
  return new Map(data?.map(({ botId, name }) => [botId, name]));
}

export function useQuestions(from: string, to: string, only: "abstained" | undefined) {
  return useQuery({
    queryKey: ["top-questions", from, to, only],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const query = { from, to, ...(only !== undefined && { only }) };
      return (await GET("/api/v1/analytics/questions", { params: { query } })).data;
    },
  });
}

export function useActs(from: string, to: string) {
  return useQuery({
    queryKey: ["top-acts", from, to],
    placeholderData: keepPreviousData,
    queryFn: async () =>
      (await GET("/api/v1/analytics/acts", { params: { query: { from, to } } })).data.acts,
  });
}

export function useFeedback(vote: Vote | undefined) {
  return useInfiniteQuery({
    queryKey: ["feedback", vote],
    queryFn: async ({ pageParam }) => {
      const query = {
        limit: PAGE,
        ...(vote !== undefined && { vote }),
        ...(pageParam !== undefined && { cursor: pageParam }),
      };
      return (await GET("/api/v1/feedback", { params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ feedback }) => feedback),
  });
}
