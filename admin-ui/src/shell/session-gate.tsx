import { Center, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { actIn, DELETE, onSignedOut } from "../api/api.ts";
import type { SessionState } from "../api/types.ts";
import { Failure } from "../parts/states.tsx";
import { ProofGuard } from "../sign-in/proof-guard.tsx";
import { router } from "./router.tsx";
import { chosenTenant, keepTenant, type Signed, SignedProvider, sessionQuery } from "./session.ts";

const SignIn = lazy(() => import("../sign-in/sign-in.tsx"));
const EnrolTotp = lazy(() => import("../sign-in/enrol-totp.tsx"));

const KEY = sessionQuery.queryKey;

/** Lets in whoever is signed in, and asks everybody else who they are; the address stays the same meanwhile. */
export function SessionGate() {
  const queries = useQueryClient();
  const session = useQuery(sessionQuery);
  useEffect(() => {
    onSignedOut(() => queries.invalidateQueries({ queryKey: KEY }));
  }, [queries]);

  const keep = (state: SessionState) => queries.setQueryData(KEY, state);
  if (session.isError) {
    return (
      <main>
        <Failure error={session.error} retry={() => session.refetch()} />
      </main>
    );
  }
  if (session.data === undefined) {
    return (
      <Center h="100dvh">
        <Loader type="dots" />
      </Center>
    );
  }
  const { person } = session.data;
  if (person === null) {
    return (
      <Suspense fallback={null}>
        <SignIn onSignedIn={keep} />
      </Suspense>
    );
  }
  if (person.mustSetUpTotp) {
    return (
      <Suspense fallback={null}>
        <EnrolTotp onDone={() => queries.invalidateQueries({ queryKey: KEY })} />
        <ProofGuard hasTotp={person.hasTotp} />
      </Suspense>
    );
  }
  return <SignedIn person={person} onSignedOut={() => queries.clear()} />;
}

function SignedIn({
  person,
  onSignedOut: forget,
}: {
  readonly person: NonNullable<SessionState["person"]>;
  readonly onSignedOut: () => void;
}) {
  const queries = useQueryClient();
  const [tenantId, setTenantId] = useState(() => chosenTenant(person));
  actIn(tenantId);
  const signed = useMemo<Signed>(
    () => ({
      person,
      tenantId,
      role: person.memberships.find((each) => each.tenantId === tenantId)?.role,
      switchTenant(id) {
        keepTenant(id);
        actIn(id);
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
        setTenantId(id);
      },
      async signOut() {
        const { forgetDrafts } = await import("../inbox/drafts.ts");
        await DELETE("/api/v1/session");
        await forgetDrafts();
        actIn(undefined);
        forget();
        location.assign("/admin");
      },
    }),
    [person, tenantId, queries, forget],
  );
  return (
    <SignedProvider value={signed}>
      <RouterProvider router={router} key={tenantId} />
      <ProofGuard hasTotp={person.hasTotp} />
    </SignedProvider>
  );
}
