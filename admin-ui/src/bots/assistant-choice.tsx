import { Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { GET, PUT } from "../api/api.ts";
import type { Bot } from "../api/types.ts";
import { tellDone, tellFailure } from "../parts/tell.ts";

/** Of the choice that names no assistant: no name is empty. */
const DEFAULT = "";

/** Which assistant answers for a bot; nothing where the tenant has none. */
export function AssistantChoice({ bot }: { readonly bot: Bot }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const assistants = useQuery({
    queryKey: ["assistants"],
    queryFn: async () => (await GET("/api/v1/assistants")).data.assistants,
  });
  const use = useMutation({
    mutationFn: (assistant: string | null) =>
      PUT("/api/v1/bots/{botId}/assistant", {
        params: { path: { botId: bot.id } },
        body: { assistant },
      }),
    onError: tellFailure,
    onSuccess: () => {
      tellDone(t("bots.assistantChanged"));
      return queries.invalidateQueries({ queryKey: ["assistants"] });
    },
  });
  if (assistants.data === undefined || assistants.data.length === 0) return null;
  const own = assistants.data.find(({ bots }) => bots.includes(bot.id));
  const preset = assistants.data.find(({ isDefault }) => isDefault);
  return (
    <Select
      mt="sm"
      maw={320}
      size="sm"
      label={t("bots.assistant")}
      value={own?.name ?? DEFAULT}
      disabled={use.isPending}
      allowDeselect={false}
      data={[
        {
          value: DEFAULT,
          label:
            preset === undefined
              ? t("bots.installationAssistant")
              : t("bots.defaultAssistant", { name: preset.name }),
        },
        ...assistants.data.map(({ name }) => ({ value: name, label: name })),
      ]}
      onChange={(name) => {
        if (name !== null && name !== (own?.name ?? DEFAULT)) {
          use.mutate(name === DEFAULT ? null : name);
        }
      }}
    />
  );
}
