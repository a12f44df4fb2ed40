import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { isProblem } from "./api/api.ts";
import { styleNonce } from "./nonce.ts";
import { ErrorBoundary } from "./shell/error-boundary.tsx";
import { SessionGate } from "./shell/session-gate.tsx";
import { ToldNow } from "./shell/told.tsx";
import { theme } from "./theme.ts";

const RETRIES = 2;

const queries = new QueryClient({
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

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => styleNonce}>
      <QueryClientProvider client={queries}>
        <ErrorBoundary>
          <SessionGate />
          <ToldNow />
        </ErrorBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}
