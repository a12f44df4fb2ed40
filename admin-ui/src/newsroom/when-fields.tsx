import { Alert, NativeSelect, Radio, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { useTenant } from "../shell/tenant.ts";
import type { WhenRequest } from "./publishing-queries.ts";

const ZONES = Intl.supportedValuesOf("timeZone");

/** When it goes: now, or at a time of a zone's clock; a time that clocks show twice is asked for again. */
export function useWhen() {
  const tenant = useTenant();
  const [isLater, setLater] = useState(false);
  const [startsAt, setStartsAt] = useState("");
  const [zone, setZone] = useState<string>();
  const [whenTwice, setTwice] = useState<"" | "earlier" | "later">("");
  const timeZone =
    zone ?? tenant.data?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const request: WhenRequest = isLater
    ? { startsAt, timeZone, ...(whenTwice !== "" && { whenTwice }) }
    : {};
  return {
    ...{ isLater, startsAt, timeZone, whenTwice, request },
    ...{ setLater, setStartsAt, setZone, setTwice },
  };
}

export function WhenFields({
  when,
  error,
}: {
  readonly when: ReturnType<typeof useWhen>;
  readonly error: Error | null;
}) {
  const { t } = useTranslation();
  const refused = isProblem(error, "start-time") ? error : undefined;
  return (
    <>
      <Radio.Group
        label={t("publishing.when")}
        value={when.isLater ? "later" : "now"}
        onChange={(value) => when.setLater(value === "later")}
      >
        <Stack gap={6} mt={6}>
          <Radio value="now" label={t("publishing.now")} />
          <Radio value="later" label={t("publishing.later")} />
        </Stack>
      </Radio.Group>
      {when.isLater && (
        <>
          <TextInput
            type="datetime-local"
            label={t("publishing.startsAt")}
            value={when.startsAt}
            required
            withAsterisk={false}
            onChange={({ currentTarget }) => when.setStartsAt(currentTarget.value)}
          />
          <NativeSelect
            label={t("publishing.timeZone")}
            data={[...new Set([when.timeZone, ...ZONES])]}
            value={when.timeZone}
            onChange={({ currentTarget }) => when.setZone(currentTarget.value)}
          />
        </>
      )}
      {refused !== undefined && (
        <>
          <Alert color="red" variant="light" role="alert">
            {refused.message}
          </Alert>
          <NativeSelect
            label={t("publishing.whenTwice")}
            data={[
              { value: "", label: "–" },
              { value: "earlier", label: t("publishing.earlier") },
              { value: "later", label: t("publishing.laterOne") },
            ]}
            value={when.whenTwice}
            onChange={({ currentTarget: { value } }) =>
              when.setTwice(value === "earlier" || value === "later" ? value : "")
            }
          />
        </>
      )}
    </>
  );
}
