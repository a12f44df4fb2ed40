import {
  ActionIcon,
  Popover,
  Stack,
  Text,
  TextInput,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { GET, POST } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { Failure } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";

/** Replies that are kept, filled in for this conversation by the server. */
export function CannedPicker({
  conversationId,
  onText,
}: {
  readonly conversationId: string;
  readonly onText: (text: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const [words, setWords] = useState("");
  const list = useQuery({
    queryKey: ["canned"],
    enabled: isOpen,
    queryFn: async () => (await GET("/api/v1/canned-replies")).data.cannedReplies,
  });
  const fill = useMutation({
    onError: tellFailure,
    mutationFn: async (name: string) => {
      const params = { path: { name } };
      return (
        await POST("/api/v1/canned-replies/{name}/fill", { params, body: { conversationId } })
      ).data.text;
    },
    onSuccess: (text) => {
      onText(text);
      setIsOpen(false);
    },
  });
  const shown = (list.data ?? [])
    .map(({ name, texts }) => {
      const known: Readonly<Record<string, string | undefined>> = texts;
      return { name, text: known[i18n.language] ?? known.es ?? known.en ?? known.pt ?? "" };
    })
    .filter(({ name, text }) => `${name} ${text}`.toLowerCase().includes(words.toLowerCase()));
  return (
    <Popover opened={isOpen} onChange={setIsOpen} width={320} position="top-start" trapFocus>
      <Popover.Target>
        <Tooltip label={t("canned.title")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t("canned.title")}
            onClick={() => setIsOpen(!isOpen)}
          >
            <Icon name="canned" />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("canned.title")}>
        <Stack gap="xs">
          <TextInput
            aria-label={t("canned.search")}
            placeholder={t("canned.search")}
            value={words}
            onChange={({ currentTarget }) => setWords(currentTarget.value)}
            data-autofocus
          />
          {list.isError && <Failure error={list.error} retry={() => list.refetch()} />}
          {list.data !== undefined && shown.length === 0 && (
            <Text size="sm" className="soft">
              {t(list.data.length === 0 ? "canned.none" : "canned.noMatch")}
            </Text>
          )}
          {shown.slice(0, 8).map(({ name, text }) => (
            <UnstyledButton key={name} onClick={() => fill.mutate(name)} disabled={fill.isPending}>
              <Text size="sm" fw={600}>
                {name}
              </Text>
              <Text size="xs" className="soft" lineClamp={2}>
                {text}
              </Text>
            </UnstyledButton>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
