import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { styleNonce } from "./nonce.ts";
import { ErrorBoundary } from "./shell/error-boundary.tsx";
import { queries } from "./shell/query-client.ts";
import { SessionGate } from "./shell/session-gate.tsx";
import { ToldNow } from "./shell/told.tsx";
import { theme } from "./theme.ts";

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
