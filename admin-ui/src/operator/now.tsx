import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isTrouble } from "../parts/health-words.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { Tile, Tiles } from "../parts/tile.tsx";
import { useFormats } from "../parts/time.ts";
import { HealthMap } from "./health-map.tsx";
import {
  useAllQueues,
  useShedding,
  useToday,
  useWholeHealth,
  type WholeHealth,
} from "./queries.ts";
import { Troubles } from "./troubles.tsx";

/** What is broken first, then everything there is. */
export function Now({ onShow }: { readonly onShow: (tab: string) => void }) {
  const health = useWholeHealth();
  return (
    <Stack gap="lg">
      <Pulse health={health.data} />
      {health.isError && <Failure error={health.error} retry={() => health.refetch()} />}
      {health.isPending && <LoadingRows height={90} />}
      {health.data !== undefined && (
        <>
          <Troubles components={health.data.components} onShow={onShow} />
          <HealthMap components={health.data.components} />
        </>
      )}
    </Stack>
  );
}

/** How much comes, how fast it is answered, how far it is behind. What cannot be read shows a dash. */
function Pulse({ health }: { readonly health: WholeHealth | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: shedding } = useShedding();
  const { data: queues } = useAllQueues();
  const { data: today } = useToday();
  const perMinute = (name: "received" | "answered" | "sent") =>
    formats.number(queues?.reduce((sum, queue) => sum + queue.perMinute[name], 0) ?? 0);
  const seconds = (ms: number | null | undefined) =>
    ms === null || ms === undefined ? "–" : `${formats.number(Math.round(ms / 100) / 10)} s`;
  return (
    <Tiles>
      <Tile
        name={t("operator.broken")}
        value={
          health === undefined ? "–" : formats.number(health.components.filter(isTrouble).length)
        }
        hint={health && t("operator.looked", { at: formats.time(health.checkedAt) })}
      />
      <Tile
        name={t("operator.waiting")}
        value={shedding === undefined ? "–" : formats.number(shedding.waiting)}
        hint={
          shedding &&
          t("operator.waitedFor", { seconds: formats.number(Math.round(shedding.waitSeconds)) })
        }
      />
      <Tile
        name={t("operator.rate")}
        value={queues === undefined ? "–" : perMinute("received")}
        hint={t("operator.rates", { answered: perMinute("answered"), sent: perMinute("sent") })}
      />
      <Tile
        name={t("operator.answerTime")}
        value={seconds(today?.answerTimeP95Ms)}
        hint={t("operator.answerMedian", { time: seconds(today?.answerTimeP50Ms) })}
      />
      <Tile
        name={t("operator.failedToday")}
        value={today === undefined ? "–" : formats.number(today.failed)}
        hint={t("operator.ofMessages", { count: today?.messages ?? 0 })}
      />
    </Tiles>
  );
}
