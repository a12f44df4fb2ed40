import {
  ActionIcon,
  Badge,
  Button,
  Checkbox,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  VisuallyHidden,
} from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { Icon } from "../parts/icon.tsx";
import { useFormats } from "../parts/time.ts";
import classes from "./assistants.module.css";
import { type DraftLink, moved, newLink } from "./draft.ts";

const MOST_LINKS = 10;
const LINK = /^([a-z0-9-]+):(\S+)$/;

const STATE_COLORS = {
  ok: "green",
  "needs-key": "yellow",
  resting: "orange",
  "too-dear": "red",
  "price-unknown": "yellow",
} as const;

/**
 * Models in the order in which they are tried. The order changes by dragging, by the arrow buttons, and by Alt with the
 * arrow keys, which tells the new place to whoever hears the page.
 */
export function ChainEditor({
  label,
  links,
  states,
  isReadOnly,
  onChange,
}: {
  readonly label: string;
  readonly links: readonly DraftLink[];
  /** As they were when last saved. */
  readonly states: readonly Schema<"ModelState">[];
  readonly isReadOnly: boolean;
  readonly onChange: (links: readonly DraftLink[]) => void;
}) {
  const { t } = useTranslation();
  const [dragged, setDragged] = useState<number>();
  const [told, setTold] = useState("");
  const list = useRef<HTMLOListElement>(null);

  const move = (from: number, to: number) => {
    const link = links[from];
    if (link === undefined || to < 0 || to >= links.length) return;
    onChange(moved(links, from, to));
    setTold(t("chain.moved", { link: nameOf(link), position: to + 1, count: links.length }));
    // The row keeps its key, and so its focus, except in browsers that blur what is moved in the page.
    requestAnimationFrame(() => {
      list.current?.querySelectorAll<HTMLElement>("[data-handle]")[to]?.focus();
    });
  };
  const change = (at: number, patch: Partial<DraftLink>) =>
    onChange(links.map((link, place) => (place === at ? { ...link, ...patch } : link)));

  return (
    <fieldset className={classes.chain} disabled={isReadOnly}>
      <legend className={classes.legend}>{label}</legend>
      {links.length === 0 && (
        <Text size="sm" className="soft">
          {t("chain.empty")}
        </Text>
      )}
      <ol className={classes.links} ref={list}>
        {links.map((link, at) => (
          <li
            key={link.id}
            data-dragged={dragged === at || undefined}
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              if (dragged === at) return;
              onChange(moved(links, dragged, at));
              setDragged(at);
            }}
            onDrop={(event) => event.preventDefault()}
          >
            <LinkRow
              link={link}
              at={at}
              last={links.length - 1}
              state={states.find((each) => each.link === nameOf(link))}
              onDrag={setDragged}
              onMove={(to) => move(at, to)}
              onChange={(patch) => change(at, patch)}
              onRemove={() => onChange(links.filter((_, place) => place !== at))}
            />
          </li>
        ))}
      </ol>
      {!isReadOnly && links.length < MOST_LINKS && (
        <AddLink label={label} onAdd={(link) => onChange([...links, link])} />
      )}
      <VisuallyHidden role="status">{told}</VisuallyHidden>
    </fieldset>
  );
}

function nameOf({ provider, model }: DraftLink): string {
  return `${provider}:${model}`;
}

function LinkRow({
  link,
  at,
  last,
  state,
  onDrag,
  onMove,
  onChange,
  onRemove,
}: {
  readonly link: DraftLink;
  readonly at: number;
  readonly last: number;
  readonly state: Schema<"ModelState"> | undefined;
  readonly onDrag: (at: number | undefined) => void;
  readonly onMove: (to: number) => void;
  readonly onChange: (patch: Partial<DraftLink>) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  const name = nameOf(link);
  const byKey = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    onMove(event.key === "ArrowUp" ? at - 1 : at + 1);
  };
  return (
    <Paper className="sheet" p="xs">
      <Group wrap="nowrap" gap="xs" align="center">
        <button
          type="button"
          className={classes.handle}
          draggable
          data-handle
          aria-label={t("chain.handle", { link: name, position: at + 1 })}
          onKeyDown={byKey}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", name);
            onDrag(at);
          }}
          onDragEnd={() => onDrag(undefined)}
        >
          {at + 1}
        </button>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {name}
          </Text>
          {state !== undefined && (
            <Group gap={6}>
              <Badge size="sm" variant="light" color={STATE_COLORS[state.state]} tt="none">
                {t(`chain.state.${state.state}`)}
              </Badge>
              <Text size="xs" className="soft tabular">
                {t("chain.month", {
                  calls: formats.number(state.calls),
                  cost: formats.money(state.costMicroUsd),
                })}
              </Text>
            </Group>
          )}
        </div>
        <Group gap={2} wrap="nowrap">
          <RowButton
            label={t("chain.up", { link: name })}
            icon="up"
            disabled={at === 0}
            onClick={() => onMove(at - 1)}
          />
          <RowButton
            label={t("chain.down", { link: name })}
            icon="down"
            disabled={at === last}
            onClick={() => onMove(at + 1)}
          />
          <RowButton
            label={t("chain.options", { link: name })}
            icon="settings"
            isExpanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          />
          <RowButton label={t("chain.remove", { link: name })} icon="close" onClick={onRemove} />
        </Group>
      </Group>
      {isOpen && (
        <Stack gap="xs" mt="xs">
          <TextInput
            size="xs"
            label={t("chain.baseUrl")}
            description={t("chain.baseUrlHint")}
            value={link.baseUrl}
            maxLength={300}
            onChange={(event) => onChange({ baseUrl: event.currentTarget.value })}
          />
          <PasswordInput
            size="xs"
            label={t("chain.apiKey")}
            description={t(link.hasKey ? "chain.keyKept" : "chain.noKey")}
            value={link.apiKey}
            autoComplete="off"
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
            onChange={(event) => onChange({ apiKey: event.currentTarget.value })}
          />
          <Checkbox
            size="xs"
            label={t("chain.unlisted")}
            checked={link.unlisted}
            onChange={(event) => onChange({ unlisted: event.currentTarget.checked })}
          />
        </Stack>
      )}
    </Paper>
  );
}

function RowButton({
  label,
  icon,
  disabled = false,
  isExpanded,
  onClick,
}: {
  readonly label: string;
  readonly icon: "up" | "down" | "settings" | "close";
  readonly disabled?: boolean;
  readonly isExpanded?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
      {...(isExpanded !== undefined && { "aria-expanded": isExpanded })}
    >
      <Icon name={icon} size={17} />
    </ActionIcon>
  );
}

function AddLink({
  label,
  onAdd,
}: {
  readonly label: string;
  readonly onAdd: (link: DraftLink) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [isWrong, setWrong] = useState(false);
  const add = () => {
    const [, provider, model] = LINK.exec(text.trim()) ?? [];
    setWrong(provider === undefined);
    if (provider === undefined || model === undefined) return;
    onAdd(newLink(provider, model));
    setText("");
  };
  return (
    <Group align="flex-start" gap="xs" wrap="nowrap" mt="xs">
      <TextInput
        flex={1}
        size="sm"
        aria-label={t("chain.add", { chain: label })}
        placeholder="openai:gpt-5-mini"
        value={text}
        error={isWrong && t("chain.wrong")}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // Adds the model; the form is not sent.
          event.preventDefault();
          add();
        }}
      />
      <Button variant="default" onClick={add}>
        {t("chain.addButton")}
      </Button>
    </Group>
  );
}
