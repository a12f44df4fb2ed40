import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { GET, PUT } from "../api/api.ts";

export type NewsTemplate = Schema<"NewsTemplates">["templates"][number];

const KEY = ["news-templates"];

const readTemplates = async (): Promise<readonly NewsTemplate[]> =>
  (await GET("/api/v1/news-templates")).data.templates;

/** Of one language of one kind there is one. */
export const keyOf = ({ kind, language }: NewsTemplate) => `${kind} ${language}`;

export function useNewsTemplates() {
  return useQuery({ queryKey: KEY, queryFn: readTemplates });
}

/** They are set all at once: what others have set meanwhile is read first, and stays. */
export function useSetNewsTemplate(onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({
      former,
      wanted,
    }: {
      readonly former: NewsTemplate | undefined;
      /** Undefined: the former one goes. */
      readonly wanted: NewsTemplate | undefined;
    }) => {
      const replaced = [former, wanted].flatMap((each) => (each === undefined ? [] : keyOf(each)));
      const others = (await readTemplates()).filter((each) => !replaced.includes(keyOf(each)));
      const templates = [...others, ...(wanted === undefined ? [] : [wanted])];
      return (await PUT("/api/v1/news-templates", { body: { templates } })).data.templates;
    },
    onSuccess: (templates) => {
      queries.setQueryData(KEY, templates);
      onDone();
    },
  });
}
