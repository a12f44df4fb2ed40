import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { addressOf, pagePathOf, type Reply, type Span } from "./ask-bot.ts";
import classes from "./start.module.css";

/** A reply as the web chat has it: pages of gazettes open beside it. */
export function Said({
  reply,
  onOpen,
}: {
  readonly reply: Reply;
  readonly onOpen: (path: string) => void;
}) {
  return (
    <div className={classes.said}>
      {(reply.paragraphs ?? []).map((spans, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was said is never moved
        <p key={at}>
          {spans.map((span, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: nor are its stretches
            <Stretch key={place} span={span} onOpen={onOpen} />
          ))}
        </p>
      ))}
    </div>
  );
}

function Stretch({
  span,
  onOpen,
}: {
  readonly span: Span;
  readonly onOpen: (path: string) => void;
}) {
  const { t } = useTranslation();
  const path = pagePathOf(span.url);
  const address = addressOf(span.url);
  if (path !== undefined) {
    return (
      <Anchor
        component="button"
        type="button"
        inherit
        underline="always"
        c="inherit"
        onClick={() => onOpen(path)}
      >
        {styled(span)}
        <span className={classes.unseen}> ({t("start.opensPage")})</span>
      </Anchor>
    );
  }
  if (address === undefined) return styled(span);
  return (
    <Anchor
      href={address.href}
      target="_blank"
      rel="noreferrer"
      inherit
      underline="always"
      c="inherit"
    >
      {styled(span)}
    </Anchor>
  );
}

function styled({ text, style }: Span): ReactNode {
  switch (style) {
    case "bold":
      return <strong>{text}</strong>;
    case "italic":
      return <em>{text}</em>;
    case "code":
      return <code>{text}</code>;
    case undefined:
      return text;
  }
}
