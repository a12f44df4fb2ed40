import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone } from "../parts/tell.ts";
import classes from "./newsroom.module.css";
import { PostsPreview } from "./posts-preview.tsx";
import { TargetMark } from "./publication-mark.tsx";
import publishingClasses from "./publishing.module.css";
import {
  type Publication,
  type Target,
  usePreviews,
  usePublish,
  useTargets,
} from "./publishing-queries.ts";
import type { Run } from "./queries.ts";
import { Refusal } from "./refusal.tsx";
import runClasses from "./run.module.css";
import { useKeyOf } from "./use-key-of.ts";
import { useWhen, WhenFields } from "./when-fields.tsx";

/** Where an approved text goes, how it will look there word for word, and when. Each target takes it once. */
export default function PublishDialog({
  run,
  published,
  onClose,
}: {
  readonly run: Run;
  readonly published: readonly Publication[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const targets = useTargets();
  const previews = usePreviews(run.id);
  const taken = new Set(published.map(({ targetId }) => targetId));
  const free = (targets.data ?? []).filter(({ id }) => !taken.has(id));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const when = useWhen();
  const keyOf = useKeyOf();
  const publish = usePublish(() => {
    tellDone(t(when.isLater ? "publishing.isScheduled" : "publishing.isGoing"));
    onClose();
  });
  const error = targets.error ?? previews.error;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { runId: run.id, targetIds: [...chosen], ...when.request };
    publish.mutate({ body, key: keyOf(body) });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("publishing.publishTitle")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {error !== null && <Failure error={error} retry={() => void previews.refetch()} />}
      {error === null && (targets.data === undefined || previews.data === undefined) && (
        <LoadingRows rows={3} />
      )}
      {targets.data !== undefined && previews.data !== undefined && (
        <form onSubmit={submit}>
          <Stack>
            {free.length === 0 ? (
              <Text size="sm">
                {t(targets.data.length === 0 ? "publishing.noTargets" : "publishing.allTaken")}{" "}
                <Link to="/newsroom/publishing" search={{}} className={classes.plainLink}>
                  {t("publishing.toTargets")}
                </Link>
              </Text>
            ) : (
              <ul className={classes.list} aria-label={t("publishing.targets")}>
                {free.map((target) => (
                  <li key={target.id}>
                    <Choice
                      target={target}
                      posts={
                        previews.data?.find(({ targetId }) => targetId === target.id)?.posts ?? []
                      }
                      isChosen={chosen.includes(target.id)}
                      onChoose={(isChosen) =>
                        setChosen(
                          isChosen
                            ? [...chosen, target.id]
                            : chosen.filter((id) => id !== target.id),
                        )
                      }
                    />
                  </li>
                ))}
              </ul>
            )}
            <WhenFields when={when} error={publish.error} />
            {!isProblem(publish.error, "start-time") && <Refusal error={publish.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t("action.cancel")}
              </Button>
              <Button type="submit" loading={publish.isPending} disabled={chosen.length === 0}>
                {t(when.isLater ? "publishing.schedule" : "publishing.publishNow", {
                  count: chosen.length,
                })}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Choice({
  target,
  posts,
  isChosen,
  onChoose,
}: {
  readonly target: Target;
  readonly posts: Parameters<typeof PostsPreview>[0]["posts"];
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className={`sheet ${publishingClasses.choice}`}>
      <Group justify="space-between" gap="xs">
        <Checkbox
          label={target.name}
          description={t(`publishing.kind.${target.kind}`)}
          checked={isChosen}
          onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
        />
        {target.state !== "active" && <TargetMark state={target.state} />}
      </Group>
      {target.state !== "active" && (
        <Text size="xs" mt={4}>
          {t("publishing.waitsForTarget")}
        </Text>
      )}
      {posts.length === 0 ? (
        <Text size="xs" className="soft" mt={4}>
          {t("publishing.noPosts")}
        </Text>
      ) : (
        <details className={runClasses.details}>
          <summary>{t("publishing.preview", { count: posts.length })}</summary>
          <PostsPreview kind={target.kind} posts={posts} />
        </details>
      )}
    </div>
  );
}
