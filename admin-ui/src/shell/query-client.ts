import { QueryClient } from "@tanstack/react-query";
import { isProblem } from "../api/api.ts";

const RETRIES = 2;

/** What was asked of the API, for the whole page. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the API refused, it refuses again; what did not answer may answer now.
      retry: (count, error) =>
        count < RETRIES && (!isProblem(error) || error.status === 0 || error.status >= 500),
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
