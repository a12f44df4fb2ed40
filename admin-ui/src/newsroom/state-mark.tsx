import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../parts/icon.tsx";
import marks from "../parts/mark.module.css";
import classes from "./newsroom.module.css";
import type { RunState } from "./queries.ts";

export type Tone = "good" | "busy" | "wait" | "warn" | "bad" | "quiet";

const RUNS: Readonly<Record<RunState, readonly [Tone, IconName]>> = {
  queued: ["quiet", "clock"],
  mapping: ["busy", "refresh"],
  reducing: ["busy", "refresh"],
  checking: ["busy", "search"],
  "waiting-for-review": ["wait", "hand"],
  approved: ["good", "ticks"],
  rejected: ["quiet", "close"],
  held: ["warn", "warning"],
  failed: ["bad", "warning"],
  cancelled: ["quiet", "close"],
};

export function RunMark({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  return <Mark as={RUNS[state]}>{t(`newsroom.state.${state}`)}</Mark>;
}

/** By colour, icon and word. */
export function Mark({
  as: [tone, icon],
  children,
}: {
  readonly as: readonly [Tone, IconName];
  readonly children: string;
}) {
  return (
    <span className={`${marks.mark} ${classes.tone}`} data-tone={tone}>
      <Icon name={icon} size={14} />
      {children}
    </span>
  );
}
