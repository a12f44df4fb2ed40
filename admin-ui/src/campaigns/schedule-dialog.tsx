import {
  Alert,
  Button,
  Group,
  Modal,
  NativeSelect,
  Radio,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { tellFailure } from "../parts/tell.ts";
import { useTenant } from "../shell/tenant.ts";
import { useThreshold } from "./queries.ts";
import type { Draft } from "./use-draft.ts";

const ZONES = Intl.supportedValuesOf("timeZone");

/** Now, or at a time of the clock of a zone; a time that clocks show twice is asked for again. */
export default function ScheduleDialog({
  draft,
  onClose,
}: {
  readonly draft: Draft;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const tenant = useTenant();
  const threshold = useThreshold();
  const [when, setWhen] = useState("now");
  const [zone, setZone] = useState<string>();
  const [twice, setTwice] = useState("");
  const timeZone =
    zone ?? tenant.data?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const schedule = useMutation({
    mutationFn: (startsAt: string) =>
      draft.schedule(
        when === "now"
          ? {}
          : {
              startsAt,
              timeZone,
              ...(twice !== "" && { whenTwice: twice === "later" ? "later" : "earlier" }),
            },
      ),
    onError: (error) => {
      if (!isProblem(error, "start-time")) tellFailure(error);
    },
    onSuccess: onClose,
  });
  const refused = isProblem(schedule.error, "start-time") ? schedule.error : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    schedule.mutate(String(new FormData(event.currentTarget).get("startsAt") ?? ""));
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("campaigns.schedule")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Radio.Group label={t("campaigns.when")} value={when} onChange={setWhen}>
            <Stack gap="xs" mt="xs">
              <Radio value="now" label={t("campaigns.now")} />
              <Radio value="later" label={t("campaigns.later")} />
            </Stack>
          </Radio.Group>
          {when === "later" && (
            <>
              <TextInput
                type="datetime-local"
                name="startsAt"
                label={t("campaigns.startsAt")}
                required
                withAsterisk={false}
              />
              <NativeSelect
                label={t("campaigns.timeZone")}
                data={[...new Set([timeZone, ...ZONES])]}
                value={timeZone}
                onChange={({ currentTarget }) => setZone(currentTarget.value)}
              />
            </>
          )}
          {refused !== undefined && (
            <>
              <Alert color="red" variant="light" role="alert">
                {refused.message}
              </Alert>
              <NativeSelect
                label={t("campaigns.whenTwice")}
                data={[
                  { value: "", label: "–" },
                  { value: "earlier", label: t("campaigns.earlier") },
                  { value: "later", label: t("campaigns.laterOne") },
                ]}
                value={twice}
                onChange={({ currentTarget }) => setTwice(currentTarget.value)}
              />
            </>
          )}
          {threshold.data !== undefined && (
            <Text size="sm" className="soft">
              {t("campaigns.needsSecond", { count: threshold.data })}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={schedule.isPending}>
              {t(when === "now" ? "campaigns.sendNow" : "campaigns.scheduleIt")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
