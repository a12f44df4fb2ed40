import i18next from "i18next";
import { isProblem } from "../api/api.ts";

/** What is told beside the view for a while. */
export interface Told {
  readonly id: number;
  readonly isFailure: boolean;
  readonly message: string;
  /** By which an operator finds it. */
  readonly requestId: string | undefined;
}

const FAILURE_MS = 12_000;
const DONE_MS = 4_000;
const MOST = 3;

let told: readonly Told[] = [];
let count = 0;
const listeners = new Set<() => void>();

/** For `useSyncExternalStore`. */
export const toldNow = (): readonly Told[] => told;
export function followTold(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function forget(id: number): void {
  change(told.filter((each) => each.id !== id));
}

/** A failed action, where the person still sees what they did. */
export function tellFailure(error: unknown): void {
  const problem = isProblem(error) ? error : undefined;
  const message =
    problem?.status === 0 ? i18next.t("state.offlineHint") : (problem?.message ?? String(error));
  tell({ isFailure: true, message, requestId: problem?.requestId });
}

export function tellDone(message: string): void {
  tell({ isFailure: false, message, requestId: undefined });
}

function tell(news: Omit<Told, "id">): void {
  count += 1;
  const id = count;
  // What was done last is told alone, and what is said again, anew rather than twice.
  const others = told.filter(
    ({ message, isFailure }) => message !== news.message && (isFailure || news.isFailure),
  );
  change([...others, { ...news, id }].slice(-MOST));
  setTimeout(() => forget(id), news.isFailure ? FAILURE_MS : DONE_MS);
}

function change(to: readonly Told[]): void {
  told = to;
  for (const listener of listeners) listener();
}
