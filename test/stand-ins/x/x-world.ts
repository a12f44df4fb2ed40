import { randomBytes } from "node:crypto";
import twitter from "twitter-text";
import type { OAuth1Keys } from "./oauth1.ts";

export interface StandInPost {
  readonly id: string;
  readonly accountId: string;
  /** As it was posted. */
  readonly text: string;
  readonly replyTo: string | undefined;
  /** Of its picture. */
  readonly mediaId: string | undefined;
  readonly at: number;
}

export interface StandInAccount {
  readonly id: string;
  readonly username: string;
  readonly oauth1: OAuth1Keys;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Change with each refresh. */
  accessToken: string;
  refreshToken: string;
  isSuspended: boolean;
}

/** What X keeps of a post to know it again. */
const DUPLICATE_MS = 24 * 3_600_000;

/** Accounts and their posts. */
export function createXWorld(now: () => number) {
  const accounts: StandInAccount[] = [];
  const posts: StandInPost[] = [];
  let nextId = 1_980_000_000_000_000_000n;

  return {
    accounts,
    posts,
    addAccount(username: string): StandInAccount {
      const id = String(4_000_000 + accounts.length);
      const account: StandInAccount = {
        id,
        username,
        oauth1: {
          appKey: token(),
          appSecret: token(),
          accessToken: `${id}-${token()}`,
          accessSecret: token(),
        },
        clientId: token(),
        clientSecret: token(),
        accessToken: token(),
        refreshToken: token(),
        isSuspended: false,
      };
      accounts.push(account);
      return account;
    },
    /** Undefined: taken. Otherwise X's words of refusal. */
    refusalOf(
      account: StandInAccount,
      text: string,
      replyTo: string | undefined,
    ): string | undefined {
      if (account.isSuspended) return "You are not permitted to perform this action.";
      if (!twitter.parseTweet(text).valid) {
        return "Your Tweet text is too long. For more information on how Twitter determines text length see https://github.com/twitter/twitter-text.";
      }
      const isKnown = posts.some(
        (post) =>
          post.accountId === account.id &&
          post.at > now() - DUPLICATE_MS &&
          post.text.trim() === text.trim(),
      );
      if (isKnown) return "You are not allowed to create a Tweet with duplicate content.";
      if (replyTo !== undefined && !posts.some(({ id }) => id === replyTo)) {
        return "You attempted to reply to a Tweet that is deleted or not visible to you.";
      }
      return undefined;
    },
    newId(): string {
      nextId += 1_000_003n;
      return String(nextId);
    },
    add(
      account: StandInAccount,
      { text, replyTo, mediaId }: Pick<StandInPost, "text" | "replyTo" | "mediaId">,
    ): StandInPost {
      const post = { id: this.newId(), accountId: account.id, text, replyTo, mediaId, at: now() };
      posts.push(post);
      return post;
    },
    exchange(account: StandInAccount): void {
      account.accessToken = token();
      account.refreshToken = token();
    },
  };
}

/** As X hands a post out: addresses shortened, `&`, `<` and `>` as entities. */
export function toApiPost({ id, text, mediaId, at }: StandInPost): object {
  const urls: { url: string; expanded_url: string }[] = [];
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const shown = escaped.replace(/https?:\/\/\S+/g, (address) => {
    const url = `https://t.co/${id.slice(-6)}${urls.length}aB`;
    urls.push({ url, expanded_url: address.replaceAll("&amp;", "&") });
    return url;
  });
  const picture = {
    url: `https://t.co/${id.slice(-6)}pic`,
    expanded_url: `https://x.com/a/status/${id}/photo/1`,
  };
  if (mediaId !== undefined) urls.push(picture);
  return {
    id,
    text: mediaId === undefined ? shown : `${shown} ${picture.url}`,
    created_at: new Date(at).toISOString(),
    edit_history_tweet_ids: [id],
    ...(urls.length === 0 ? {} : { entities: { urls } }),
  };
}

function token(): string {
  return randomBytes(18).toString("base64url").replace(/[-_]/g, "x");
}
