import { Stack, TagsInput, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import { useConversation, useDesk } from "./queries.ts";

/** What is known of the conversation besides what was said. */
export default function DetailsPane({ conversationId }: { readonly conversationId: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { role } = useSigned();
  const { data } = useConversation(conversationId);
  const desk = useDesk(conversationId);
  if (data === undefined) return <LoadingRows rows={3} />;
  const facts = [
    [t("details.channel"), t(`channel.${data.bot.channel}`)],
    [t("details.bot"), data.bot.name],
    [t("details.since"), formats.long(data.createdAt)],
    [t("details.last"), formats.long(data.lastMessageAt)],
    [t("details.assignee"), data.assignee?.name ?? t("details.nobody")],
    [t("details.state"), t(`conversation.${data.state}`)],
    ...(data.asked === null ? [] : [[t("details.asked"), data.asked.why] as const]),
  ] as const;
  return (
    <Stack p="md" gap="md">
      <Title order={2} size="h5">
        {data.contact?.name ?? t("inbox.nameless")}
      </Title>
      <Stack gap={8}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <Text size="xs" className="soft">
              {label}
            </Text>
            <Text size="sm">{value}</Text>
          </div>
        ))}
      </Stack>
      <TagsInput
        label={t("details.tags")}
        value={[...data.tags]}
        onChange={(tags) => desk.tag.mutate(tags)}
        maxTags={20}
        readOnly={role !== "owner" && role !== "agent"}
        disabled={desk.tag.isPending}
        placeholder={data.tags.length === 0 ? t("details.addTag") : ""}
      />
    </Stack>
  );
}
