import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { Tile, Tiles } from "../parts/tile.tsx";
import { useFormats } from "../parts/time.ts";

/** Citizens ask all day long. */
const LOOK_EVERY_MS = 60_000;

/** The tenant's plan, and what is left of it today. */
export default function OwnPlan() {
  const { t } = useTranslation();
  const formats = useFormats();
  const plan = useQuery({
    queryKey: ["own-plan"],
    refetchInterval: LOOK_EVERY_MS,
    queryFn: async () => (await GET("/api/v1/plan")).data,
  });
  if (plan.isError) return <Failure error={plan.error} retry={() => plan.refetch()} />;
  if (plan.data === undefined) return <LoadingRows rows={2} />;
  const { plan: name, questionsPerDay, questionsPerContactDay, today } = plan.data;
  const asked = today?.questions ?? 0;
  return (
    <Section title={t("plans.title")} lead={t(name === null ? "plans.noneHint" : "plans.ownLead")}>
      {name !== null && (
        <>
          <Tiles>
            <Tile name={t("plans.name")} value={name} />
            <Tile
              name={t("plans.today")}
              value={formats.number(asked)}
              hint={
                questionsPerDay === null
                  ? t("plans.unlimited")
                  : t("plans.left", {
                      left: formats.number(Math.max(0, questionsPerDay - asked)),
                      limit: formats.number(questionsPerDay),
                    })
              }
            />
            <Tile
              name={t("plans.refused")}
              value={formats.number(today?.refused ?? 0)}
              hint={t("plans.refusedHint")}
            />
            <Tile
              name={t("plans.perPerson")}
              value={questionsPerContactDay === null ? "–" : formats.number(questionsPerContactDay)}
              hint={questionsPerContactDay === null ? t("plans.unlimited") : undefined}
            />
          </Tiles>
          {today !== null && (
            <Text size="xs" className="soft tabular" mt="xs">
              {t("plans.until", { at: formats.long(today.endsAt) })}
            </Text>
          )}
        </>
      )}
    </Section>
  );
}
