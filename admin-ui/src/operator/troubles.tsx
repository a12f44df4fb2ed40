import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { DELETE, EVERYWHERE } from "../api/api.ts";
import { type HealthComponent, isTrouble, useHealthWords } from "../parts/health-words.ts";
import { Icon } from "../parts/icon.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useFormats, useNow } from "../parts/time.ts";

/** What is not well, the worst first: since when, by what it is seen, and what a person does about it. */
export function Troubles({
  components,
  onShow,
}: {
  readonly components: readonly HealthComponent[];
  readonly onShow: (tab: string) => void;
}) {
  const { t } = useTranslation();
  const troubles = components.filter(isTrouble);
  if (troubles.length === 0) {
    return (
      <Alert
        color="green"
        variant="light"
        icon={<Icon name="tick" />}
        title={t("operator.allWell")}
      >
        {t("operator.allWellHint")}
      </Alert>
    );
  }
  return (
    <section aria-label={t("operator.troubles")}>
      <Stack gap="xs">
        {troubles.map((component) => (
          <Trouble
            key={`${component.kind} ${component.id}`}
            component={component}
            onShow={onShow}
          />
        ))}
      </Stack>
    </section>
  );
}

function Trouble({
  component,
  onShow,
}: {
  readonly component: HealthComponent;
  readonly onShow: (tab: string) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const words = useHealthWords();
  const now = useNow(30_000);
  const { state, since } = component;
  const verbatim = words.verbatim(component);
  const toDo = words.toDo(component);
  return (
    <Alert
      color={state === "down" ? "red" : "yellow"}
      variant="light"
      icon={<Icon name="warning" />}
      title={words.title(component)}
    >
      <Stack gap={6}>
        <Text size="sm">{words.said(component)}</Text>
        <Text size="xs" component="time" dateTime={since} title={formats.long(since)}>
          {t("operator.since", { ago: formats.ago(since, now) })}
        </Text>
        {verbatim !== undefined && (
          <Code block lang="en" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {verbatim}
          </Code>
        )}
        {toDo !== undefined && (
          <Text size="sm" fw={600}>
            {toDo}
          </Text>
        )}
        <Way component={component} onShow={onShow} />
      </Stack>
    </Alert>
  );
}

/** To where it can be put right from here. */
function Way({
  component: { kind, id, code },
  onShow,
}: {
  readonly component: HealthComponent;
  readonly onShow: (tab: string) => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const lift = useMutation({
    mutationFn: (pauseId: string) =>
      DELETE("/api/v1/pauses/{pauseId}", { params: { path: { pauseId } }, headers: EVERYWHERE }),
    onError: tellFailure,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["health"] });
      await queries.invalidateQueries({ queryKey: ["queues"] });
    },
  });
  const button = { size: "xs", variant: "default" } as const;
  return (
    <Group gap="xs">
      {code === "paused" && (
        <Button {...button} loading={lift.isPending} onClick={() => lift.mutate(id)}>
          {t("operator.lift")}
        </Button>
      )}
      {code === "switched-off" && (
        <Button {...button} onClick={() => onShow("load")}>
          {t("operator.tab.load")}
        </Button>
      )}
      {kind === "provider" && (
        <Button {...button} onClick={() => onShow("models")}>
          {t("operator.tab.models")}
        </Button>
      )}
      {kind === "queue" && (
        <Button {...button} renderRoot={(props) => <Link to="/queues" {...props} />}>
          {t("nav.queues")}
        </Button>
      )}
    </Group>
  );
}
