import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import classes from "./publishing.module.css";
import type { Post, TargetKind } from "./publishing-queries.ts";

type Planned = Pick<Post, "text" | "length" | "limit" | "picture">;

/** Posts as people will see them: each with its length as the network counts it; of a thread, in their order. */
export function PostsPreview({
  kind,
  posts,
  about,
}: {
  readonly kind: TargetKind;
  readonly posts: readonly Planned[];
  /** What is said of one besides: where it stands. */
  readonly about?: ((at: number) => ReactNode) | undefined;
}) {
  const { t } = useTranslation();
  const isThread = kind === "x" && posts.length > 1;
  return (
    <ol className={classes.posts} data-thread={isThread || undefined}>
      {posts.map((post, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is planned is never moved
        <li key={at}>
          {posts.length > 1 && (
            <Text size="xs" className="soft tabular">
              {t(isThread ? "publishing.partOf" : "publishing.postOf", {
                number: at + 1,
                count: posts.length,
              })}
            </Text>
          )}
          <div className={classes.post}>
            {post.text}
            {post.picture !== null && <Card words={post.picture} />}
          </div>
          <Length post={post} />
          {about?.(at)}
        </li>
      ))}
    </ol>
  );
}

function Length({ post: { length, limit } }: { readonly post: Planned }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  return (
    <Text size="xs" className="soft tabular" mt={2}>
      {limit === null
        ? t("publishing.length", { length: number(length) })
        : t("publishing.lengthOf", { length: number(length), limit: number(limit) })}
    </Text>
  );
}

/** The picture that goes with a post, laid out as it will be drawn; its words are those that describe it there. */
function Card({ words }: { readonly words: string }) {
  const { t } = useTranslation();
  // `title · edition`, as it is described on the network (src/newsroom/publishing/x/x-target.ts).
  const cut = words.lastIndexOf(" · ");
  const [title, place] = cut < 0 ? [words, ""] : [words.slice(0, cut), words.slice(cut + 3)];
  return (
    <figure className={classes.cardPicture}>
      <div className={classes.cardPaper}>
        <strong>{title}</strong>
        <span>{place}</span>
      </div>
      <figcaption>{t("publishing.picture")}</figcaption>
    </figure>
  );
}
