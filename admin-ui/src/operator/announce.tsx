import { Alert, MultiSelect, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { POST } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { useTenants } from "./queries.ts";

const SEVERITIES = ["info", "warning", "critical"] as const;
const LANGUAGES = ["es", "en"] as const;

/** Tells all institutions' people something, or some institutions'. */
export default function Announce({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const tenants = useTenants();
  const [chosen, setChosen] = useState<string[]>([]);
  const publish = useMutation({
    mutationFn: (body: Schema<"AnnouncementRequest">) =>
      POST("/api/v1/platform/announcements", { body }),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["announcements"] });
    },
  });
  const submit = (form: FormData) => {
    const texts = LANGUAGES.flatMap((language) => {
      const title = textOf(form, `title-${language}`);
      const body = textOf(form, `body-${language}`);
      return title === "" || body === "" ? [] : [[language, { title, body }] as const];
    });
    const until = textOf(form, "until");
    publish.mutate({
      texts: Object.fromEntries(texts),
      severity: SEVERITIES.find((each) => each === textOf(form, "severity")) ?? "info",
      until: until === "" ? null : new Date(until).toISOString(),
      tenants: chosen.length === 0 ? null : chosen,
    });
  };
  return (
    <FormDialog
      title={t("announce.add")}
      submit={t("announce.publish")}
      isBusy={publish.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      {publish.error !== null && (
        <Alert color="red" variant="light" role="alert">
          {publish.error.message}
        </Alert>
      )}
      <NativeSelect
        name="severity"
        label={t("announce.severity")}
        data={SEVERITIES.map((value) => ({ value, label: t(`announce.severity.${value}`) }))}
      />
      {LANGUAGES.map((language) => (
        <div key={language}>
          <TextInput
            name={`title-${language}`}
            label={t(`announce.title.${language}`)}
            required={language === "es"}
            withAsterisk={false}
            maxLength={200}
          />
          <Textarea
            name={`body-${language}`}
            label={t(`announce.body.${language}`)}
            required={language === "es"}
            withAsterisk={false}
            maxLength={5_000}
            autosize
            minRows={2}
            mt="xs"
          />
        </div>
      ))}
      <TextInput name="until" type="datetime-local" label={t("announce.untilLabel")} />
      <MultiSelect
        label={t("announce.to")}
        placeholder={chosen.length === 0 ? t("announce.toAll") : ""}
        data={tenants.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={chosen}
        onChange={setChosen}
      />
    </FormDialog>
  );
}
