import { lazy, Suspense, useEffect, useState } from "react";
import { proveBy } from "../api/api.ts";

const ProofDialog = lazy(() => import("./proof-dialog.tsx"));

/** Asks for password and code again before what is delicate; what was asked for then goes on by itself. */
export function ProofGuard({ hasTotp }: { readonly hasTotp: boolean }) {
  const [settle, setSettle] = useState<((isProved: boolean) => void) | undefined>();
  useEffect(() => {
    proveBy(
      () =>
        new Promise((resolve) => {
          setSettle(() => resolve);
        }),
    );
  }, []);
  if (settle === undefined) return null;
  return (
    <Suspense fallback={null}>
      <ProofDialog
        hasTotp={hasTotp}
        onEnd={(isProved) => {
          settle(isProved);
          setSettle(undefined);
        }}
      />
    </Suspense>
  );
}
