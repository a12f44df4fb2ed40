import {
  ActionIcon,
  Anchor,
  Badge,
  Button,
  Group,
  HoverCard,
  Text,
  Tooltip,
  VisuallyHidden,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import type { HistoryEntry, MessagePart } from "../api/types.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import classes from "./inbox.module.css";
import type { useDesk } from "./queries.ts";
import { standingOf, type Tick } from "./standing.ts";

const OURS = ["answered", "reply", "phone"];

/** One thing in the history, by whom, with what became of it. */
export function Entry({
  entry,
  isAwaited,
  desk,
  mayAct,
  onPassport,
}: {
  readonly entry: HistoryEntry;
  /** The bot still owes its answer. */
  readonly isAwaited: boolean;
  readonly desk: ReturnType<typeof useDesk>;
  readonly mayAct: boolean;
  readonly onPassport: (messageId: string) => void;
}) {
  const { t } = useTranslation();
  const { person } = useSigned();
  const formats = useFormats();
  const { kind, messageId, citations, files, parts, media } = entry;
  const mayRemove = mayAct && kind === "note" && entry.author?.personId === person.id;
  return (
    <article
      className={classes.entry}
      data-kind={kind}
      data-side={OURS.includes(kind) ? "ours" : "theirs"}
    >
      <Group gap={6} mb={2} wrap="nowrap">
        <Text size="xs" fw={600} className="soft" truncate flex={1}>
          {kind === "note" && <Icon name="note" size={13} />} <Author entry={entry} />
        </Text>
        {messageId !== null && (
          <Tooltip label={t("passport.open")}>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={t("passport.open")}
              onClick={() => onPassport(messageId)}
            >
              <Icon name="timeline" size={15} />
            </ActionIcon>
          </Tooltip>
        )}
        {mayRemove && (
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t("note.remove")}
            onClick={() => desk.removeNote.mutate(entry.id)}
          >
            <Icon name="close" size={15} />
          </ActionIcon>
        )}
      </Group>
      {entry.text !== null && entry.text !== "" ? (
        <Text size="sm" className="prose">
          {entry.text}
        </Text>
      ) : (
        media === null &&
        files.length === 0 && (
          <Text size="sm" className="soft" fs="italic">
            {t(entry.content === "erased" ? "entry.erased" : "entry.noText")}
          </Text>
        )
      )}
      {media !== null && messageId !== null && (
        <Media messageId={messageId} kind={media.kind} sizeBytes={media.sizeBytes} />
      )}
      {files.map(({ fileName, sizeBytes }) => (
        <Group key={fileName} gap={6} mt={4}>
          <Icon name="attach" size={15} />
          <Text size="xs">
            {fileName} · {formats.number(Math.ceil(sizeBytes / 1024))} kB
          </Text>
        </Group>
      ))}
      {citations.length > 0 && <Citations citations={citations} />}
      <Group gap={6} justify="flex-end" mt={4}>
        {entry.state === "dead" && (
          <Badge size="xs" color="red" variant="light" tt="none">
            {t("entry.dead")}
          </Badge>
        )}
        {isAwaited && (
          <Text size="xs" className="soft">
            {t("entry.pending")}
          </Text>
        )}
        <Text
          size="xs"
          className="soft tabular"
          component="time"
          dateTime={entry.at}
          title={formats.long(entry.at)}
        >
          {formats.time(entry.at)}
        </Text>
        <Delivery parts={parts} />
      </Group>
      {mayAct &&
        parts
          .filter(({ state, resentAs }) => state === "unknown" && resentAs === null)
          .map(({ outboxId }) => (
            <Group key={outboxId} gap="xs" mt={6}>
              <Text size="xs">{t("delivery.unknownHint")}</Text>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => desk.resend.mutate(outboxId)}
              >
                {t("delivery.resend")}
              </Button>
            </Group>
          ))}
    </article>
  );
}

function Author({ entry }: { readonly entry: HistoryEntry }) {
  const { t } = useTranslation();
  switch (entry.kind) {
    case "heard":
      return entry.senderName ?? t("entry.citizen");
    case "answered":
      return t("entry.bot");
    case "notice":
      return t("entry.notice");
    case "phone":
      return t("entry.phone");
    default:
      return entry.author?.name ?? t("entry.formerMember");
  }
}

function Citations({ citations }: Pick<HistoryEntry, "citations">) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <ul className={classes.citations} aria-label={t("entry.sources")}>
      {citations.map(({ number, source, edition, date, page, printedPage, quote, url }) => (
        <li key={number}>
          <HoverCard width={320} openDelay={250} withinPortal>
            <HoverCard.Target>
              <Anchor
                // Nowhere to go: what it tells is told by what a keyboard can reach.
                {...(url === undefined
                  ? { component: "button" as const }
                  : { href: url, target: "_blank", rel: "noreferrer" })}
                size="xs"
                fw={600}
              >
                [{number}] {t("entry.page", { page: printedPage ?? page })}
                <VisuallyHidden>{t("entry.cited", { source, edition })}</VisuallyHidden>
              </Anchor>
            </HoverCard.Target>
            <HoverCard.Dropdown>
              <Text size="xs" fw={600}>
                {source} · {edition} · {formats.day(`${date}T12:00:00`)}
              </Text>
              <Text size="xs" className="prose" lineClamp={8}>
                {quote}
              </Text>
            </HoverCard.Dropdown>
          </HoverCard>
        </li>
      ))}
    </ul>
  );
}

function Media({
  messageId,
  kind,
  sizeBytes,
}: {
  readonly messageId: string;
  readonly kind: string;
  readonly sizeBytes: number | null;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { conversationId = "" } = useParams({ strict: false });
  const download = useMutation({
    onError: tellFailure,
    mutationFn: async () => {
      const params = { path: { conversationId, messageId } };
      const { data } = await GET(
        "/api/v1/conversations/{conversationId}/messages/{messageId}/media",
        { params, parseAs: "blob" },
      );
      const url = URL.createObjectURL(data);
      const link = document.createElement("a");
      link.href = url;
      link.download = `${messageId}`;
      link.click();
      URL.revokeObjectURL(url);
    },
  });
  const size = sizeBytes === null ? "" : ` · ${formats.number(Math.ceil(sizeBytes / 1024))} kB`;
  return (
    <Button
      size="compact-sm"
      variant="default"
      mt={4}
      leftSection={<Icon name="attach" size={15} />}
      loading={download.isPending}
      onClick={() => download.mutate()}
    >
      {t("entry.file", { kind })}
      {size}
    </Button>
  );
}

const TICKS = {
  queued: ["clock", undefined],
  attempting: ["clock", undefined],
  sent: ["tick", undefined],
  delivered: ["ticks", undefined],
  read: ["ticks", "teal"],
  failed: ["warning", "red"],
  unknown: ["question", "orange"],
} as const satisfies Record<Tick, readonly [IconName, string | undefined]>;

function Delivery({ parts }: { readonly parts: readonly MessagePart[] }) {
  const { t } = useTranslation();
  const standing = standingOf(parts);
  if (standing === undefined) return null;
  const [icon, color] = TICKS[standing];
  const reason = parts.find((part) => part.reason !== null)?.reason;
  const label = t(`delivery.${standing}`) + (reason == null ? "" : ` (${reason})`);
  return (
    <Tooltip label={label}>
      <Text component="span" c={color ?? "var(--soft)"} role="img" aria-label={label} lh={1}>
        <Icon name={icon} size={16} />
      </Text>
    </Tooltip>
  );
}
