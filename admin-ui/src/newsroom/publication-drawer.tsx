import { Anchor, Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { nameOf, usePeopleNames } from "../parts/people-names.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import classes from "./newsroom.module.css";
import { postLink } from "./post-link.ts";
import { PostsPreview } from "./posts-preview.tsx";
import { Moment } from "./publication-list.tsx";
import { PostMark, PublicationMark } from "./publication-mark.tsx";
import publishingClasses from "./publishing.module.css";
import {
  type Post,
  type PublicationWithPosts,
  type Target,
  usePublication,
  usePublicationSteps,
  useTargets,
} from "./publishing-queries.ts";
import { useRun } from "./queries.ts";
import { useNewsroomWords } from "./words.ts";

const RescheduleDialog = lazy(() => import("./reschedule-dialog.tsx"));

/** One text on its way to one target: each of its posts, and what a person may decide. */
export default function PublicationDrawer({
  publicationId,
  onClose,
}: {
  /** Undefined: none is open. */
  readonly publicationId: string | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={publicationId !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={t("publishing.publication")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {publicationId !== undefined && <One key={publicationId} publicationId={publicationId} />}
    </Drawer>
  );
}

function One({ publicationId }: { readonly publicationId: string }) {
  const read = usePublication(publicationId);
  const targets = useTargets();
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows rows={4} />;
  const publication = read.data;
  const target = targets.data?.find(({ id }) => id === publication.targetId);
  return <Shown publication={publication} target={target} />;
}

function Shown({
  publication,
  target,
}: {
  readonly publication: PublicationWithPosts;
  /** Undefined: it is not known yet. */
  readonly target: Target | undefined;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const words = useNewsroomWords();
  const names = usePeopleNames();
  const { data: text } = useRun(publication.runId);
  const { kind, posts } = publication;
  const isOnPages = kind === "edition-page" && publication.state === "published";
  return (
    <Stack gap="md">
      <div>
        <Group gap="xs" mb={4}>
          <PublicationMark state={publication.state} />
          <Text fw={600}>{publication.targetName}</Text>
          <Text size="sm" className="soft">
            {t(`publishing.kind.${kind}`)}
          </Text>
        </Group>
        <Link
          to="/newsroom/runs/$runId"
          params={{ runId: publication.runId }}
          search={{}}
          className={classes.plainLink}
        >
          {text?.run.title ?? t("state.loading")}
        </Link>
        <Moment publication={publication} />
        <Text size="xs" className="soft">
          {t("publishing.askedBy", {
            who: words.actor(nameOf(publication.askedBy, names)),
            at: formats.long(publication.createdAt),
          })}
        </Text>
      </div>
      {target?.state === "needs-attention" && target.attention !== null && (
        <Text size="sm" lang="en" className={publishingClasses.attention}>
          {target.attention}
        </Text>
      )}
      <Steps publication={publication} />
      {isOnPages &&
        text?.run.editions.map(({ id, source, sourceName, date }) => (
          <Anchor
            key={id}
            href={`/gazettes/${source}/${date}#digest-${publication.runId}`}
            target="_blank"
            size="sm"
          >
            {sourceName}, {words.day(date)}
          </Anchor>
        ))}
      {posts.length > 0 && (
        <PostsPreview
          kind={kind}
          posts={posts}
          about={(at) => {
            const post = posts[at];
            return (
              post !== undefined && (
                <PostStanding publication={publication} post={post} target={target} />
              )
            );
          }}
        />
      )}
    </Stack>
  );
}

function PostStanding({
  publication,
  post,
  target,
}: {
  readonly publication: PublicationWithPosts;
  readonly post: Post;
  readonly target: Target | undefined;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { state, reason, attempts, attemptedAt, networkId, position } = post;
  const link = target && postLink(target, networkId);
  const { accept, resend } = usePublicationSteps(publication.id);
  const inDoubt = state === "unknown" && publication.state === "unknown";
  return (
    <div className={publishingClasses.standing}>
      <Group gap="xs">
        <PostMark state={state} />
        {link !== undefined && (
          <Anchor href={link} target="_blank" rel="noreferrer" size="sm">
            {t("publishing.seeIt")}
          </Anchor>
        )}
        {publication.kind === "whatsapp-template" && networkId !== null && (
          <Link
            to="/campaigns/$campaignId"
            params={{ campaignId: networkId }}
            className={classes.plainLink}
          >
            {t("publishing.seeCampaign")}
          </Link>
        )}
        <Text size="xs" className="soft">
          {[
            attemptedAt !== null && formats.long(attemptedAt),
            attempts > 1 && t("publishing.attempts", { count: attempts }),
            reason !== null &&
              t(`publishing.reason.${reason as "rate-limited"}`, { defaultValue: reason }),
          ]
            .filter((part) => part !== false)
            .join(" · ")}
        </Text>
      </Group>
      {inDoubt && publication.posts.length > 1 && (
        <Group gap="xs" mt={4}>
          <Button
            size="compact-xs"
            variant="default"
            loading={accept.isPending}
            onClick={() => accept.mutate({ position })}
          >
            {t("publishing.isThere")}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            loading={resend.isPending}
            onClick={() => resend.mutate({ position })}
          >
            {t("publishing.isNotThere")}
          </Button>
        </Group>
      )}
    </div>
  );
}

/** Which steps fit where it stands; the API refuses the others all the same. */
function Steps({ publication }: { readonly publication: PublicationWithPosts }) {
  const { t } = useTranslation();
  const { state, posts } = publication;
  const { accept, cancel, resend, retry } = usePublicationSteps(publication.id);
  const [isScheduling, setScheduling] = useState(false);
  const isBegun = posts.some((post) => ["sent", "attempting", "unknown"].includes(post.state));
  const maySchedule = state === "scheduled" || (state === "cancelled" && !isBegun);
  const mayCancel = state !== "published" && state !== "cancelled";
  return (
    <>
      {state === "unknown" && (
        <div className={publishingClasses.attention}>
          <Text size="sm" mb="xs">
            {t("publishing.doubt")}
          </Text>
          <Group gap="xs">
            <Button size="xs" loading={accept.isPending} onClick={() => accept.mutate({})}>
              {t("publishing.isThere")}
            </Button>
            <Button
              size="xs"
              variant="default"
              loading={resend.isPending}
              onClick={() => resend.mutate({})}
            >
              {t("publishing.isNotThere")}
            </Button>
          </Group>
        </div>
      )}
      {(maySchedule || mayCancel) && (
        <Group gap="xs">
          {state === "failed" && (
            <Button size="xs" loading={retry.isPending} onClick={() => retry.mutate()}>
              {t("publishing.retry")}
            </Button>
          )}
          {maySchedule && (
            <Button size="xs" variant="default" onClick={() => setScheduling(true)}>
              {t("publishing.reschedule")}
            </Button>
          )}
          {mayCancel && (
            <Button
              size="xs"
              variant="default"
              loading={cancel.isPending}
              onClick={() => cancel.mutate()}
            >
              {t("publishing.cancel")}
            </Button>
          )}
        </Group>
      )}
      <Suspense fallback={null}>
        {isScheduling && (
          <RescheduleDialog publicationId={publication.id} onClose={() => setScheduling(false)} />
        )}
      </Suspense>
    </>
  );
}
