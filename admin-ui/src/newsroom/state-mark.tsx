import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../parts/icon.tsx";
import marks from "../parts/mark.module.css";
import classes from "./newsroom.module.css";
import type { Post, Publication, Target } from "./publishing-queries.ts";
import type { RunState } from "./queries.ts";

type Tone = "good" | "busy" | "wait" | "warn" | "bad" | "quiet";

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
const PUBLICATIONS: Readonly<Record<Publication["state"], readonly [Tone, IconName]>> = {
  scheduled: ["wait", "clock"],
  publishing: ["busy", "send"],
  published: ["good", "ticks"],
  unknown: ["warn", "question"],
  failed: ["bad", "warning"],
  cancelled: ["quiet", "close"],
};
const POSTS: Readonly<Record<Post["state"], readonly [Tone, IconName]>> = {
  pending: ["quiet", "clock"],
  attempting: ["busy", "send"],
  sent: ["good", "tick"],
  unknown: ["warn", "question"],
  refused: ["bad", "close"],
};
const TARGETS: Readonly<Record<Target["state"], readonly [Tone, IconName]>> = {
  active: ["good", "tick"],
  paused: ["quiet", "pause"],
  "needs-attention": ["warn", "warning"],
};

export function RunMark({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  return <Mark as={RUNS[state]}>{t(`newsroom.state.${state}`)}</Mark>;
}

export function PublicationMark({ state }: { readonly state: Publication["state"] }) {
  const { t } = useTranslation();
  return <Mark as={PUBLICATIONS[state]}>{t(`publishing.state.${state}`)}</Mark>;
}

export function PostMark({ state }: { readonly state: Post["state"] }) {
  const { t } = useTranslation();
  return <Mark as={POSTS[state]}>{t(`publishing.post.${state}`)}</Mark>;
}

export function TargetMark({ state }: { readonly state: Target["state"] }) {
  const { t } = useTranslation();
  return <Mark as={TARGETS[state]}>{t(`publishing.target.${state}`)}</Mark>;
}

/** By colour, icon and word. */
function Mark({
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
