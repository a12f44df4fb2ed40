import { useTranslation } from "react-i18next";
import type { IconName } from "../parts/icon.tsx";
import type { Post, Publication, Target } from "./publishing-queries.ts";
import { Mark, type Tone } from "./state-mark.tsx";

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
