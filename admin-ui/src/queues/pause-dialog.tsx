import { Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { POST } from "../api/api.ts";
import type { Queue } from "../api/types.ts";
import { tellFailure } from "../parts/tell.ts";

const STOPS = ["answers", "sending", "both"] as const;
type Stops = (typeof STOPS)[number];

/** Stops a bot's line; what comes in meanwhile is kept, and goes on in its order. */
export default function PauseDialog({
  queue,
  onClose,
}: {
  readonly queue: Queue;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [stops, setStops] = useState<Stops>("answers");
  const pause = useMutation({
    mutationFn: (body: { botId: string; stops: Stops; reason: string }) =>
      POST("/api/v1/pauses", { body }),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["pauses"] });
      await queries.invalidateQueries({ queryKey: ["queues"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get("reason"));
    pause.mutate({ botId: queue.botId, stops, reason });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("queues.pauseTitle", { name: queue.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Radio.Group
            label={t("queues.stops")}
            value={stops}
            onChange={(value) => setStops(STOPS.find((each) => each === value) ?? "answers")}
          >
            <Stack gap="xs" mt="xs">
              {STOPS.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={t(`queues.stops.${value}`)}
                  description={t(`queues.stopsHint.${value}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <TextInput
            name="reason"
            label={t("queues.reason")}
            description={t("queues.reasonHint")}
            required
            minLength={3}
            maxLength={500}
            withAsterisk={false}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={pause.isPending}>
              {t("queues.pause")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
