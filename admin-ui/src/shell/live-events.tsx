import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LiveEvent } from "../../../client/index.ts";
import { followTenant } from "../api/follow.ts";
import { Icon } from "../parts/icon.tsx";
import classes from "./layout.module.css";
import { useSigned } from "./session.ts";

type Listener = (event: LiveEvent) => void;
const Listeners = createContext<ReadonlySet<Listener> | undefined>(undefined);

/** Of views that show lists whole, by the kinds of events after which they are read again. */
const CONCERNED: Readonly<Record<string, readonly string[]>> = {
  "bot-changed": ["bots", "health", "session-of-bot"],
  "prompt-changed": ["prompts"],
  "prompt-run-changed": ["prompt-runs"],
  "publication-changed": ["publications"],
  "publishing-target-changed": ["publishing-targets", "publications"],
  "queue-changed": ["queues", "pauses", "health"],
  "message-failed": ["queues", "dead-letters"],
  "message-received": ["queues"],
  "message-answered": ["queues", "analytics"],
  "document-changed": ["documents"],
  "campaign-changed": ["campaigns"],
  "contact-changed": ["contacts"],
  "member-changed": ["members"],
  "announcement-changed": ["announcements"],
  "balance-changed": ["balance", "budgets"],
  "export-ready": ["exports"],
  "security-event": ["security-events"],
  "session-changed": ["bots", "health"],
  "switch-changed": ["switches", "shedding", "breakers", "health"],
  "tenant-changed": ["tenant", "tenants"],
  "webhook-changed": ["webhooks"],
};
/** A busy installation tells many things a second; a page that nobody can read that fast looks once. */
const LOOK_AGAIN_MS = 1_500;

/** The one stream of this tab. Says so when it is away. */
export function LiveEvents({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { tenantId } = useSigned();
  const queries = useQueryClient();
  const [listeners] = useState(() => new Set<Listener>());
  const [isAway, setIsAway] = useState(false);

  useEffect(() => {
    if (tenantId === undefined) return;
    const stale = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const note = (keys: readonly string[]) => {
      for (const key of keys) stale.add(key);
      timer ??= setTimeout(() => {
        timer = undefined;
        const keys = [...stale];
        stale.clear();
        void queries.invalidateQueries({
          predicate: ({ queryKey }) => keys.includes(String(queryKey[0])),
        });
      }, LOOK_AGAIN_MS);
    };
    const stop = followTenant({
      told(event) {
        note(CONCERNED[event.kind] ?? []);
        for (const listener of listeners) listener(event);
      },
      missed: () => void queries.invalidateQueries(),
      standing: setIsAway,
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [tenantId, queries, listeners]);

  return (
    <Listeners value={listeners}>
      {isAway && (
        <div className={classes.away} role="status">
          <Icon name="offline" />
          {t("state.reconnecting")}
        </div>
      )}
      {children}
    </Listeners>
  );
}

/** Calls `listener` for each event that this person may know of, as long as the caller is shown. */
export function useLiveEvents(listener: Listener): void {
  const listeners = useContext(Listeners) as Set<Listener> | undefined;
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const call: Listener = (event) => latest.current(event);
    listeners?.add(call);
    return () => {
      listeners?.delete(call);
    };
  }, [listeners]);
}
