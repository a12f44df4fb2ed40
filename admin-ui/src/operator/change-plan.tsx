import { Alert, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { GET, PUT } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";

const MOST_QUESTIONS = 1_000_000_000;

/** A new plan, or another one: as it was read, so that nobody's change is overwritten unseen. */
export default function ChangePlan({
  name,
  onClose,
}: {
  /** Undefined: a new one. */
  readonly name: string | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const read = useQuery({
    queryKey: ["plans", "one", name],
    enabled: name !== undefined,
    gcTime: 0,
    queryFn: async () => {
      const params = { path: { name: name ?? "" } };
      const { data, response } = await GET("/api/v1/plans/{name}", { params });
      return { plan: data, etag: response.headers.get("etag") ?? "" };
    },
  });
  const save = useMutation({
    mutationFn: ({ to, body }: { to: string; body: Schema<"SetPlanRequest"> }) =>
      PUT("/api/v1/plans/{name}", {
        params: {
          path: { name: to },
          ...(read.data !== undefined && { header: { "If-Match": read.data.etag } }),
        },
        body,
      }),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["plans"] });
    },
  });
  const isReady = name === undefined || read.data !== undefined;
  const error = read.error ?? save.error;
  const fields = [
    ["questionsPerDay", t("plans.perDay"), t("plans.perDayHint")],
    ["questionsPerContactDay", t("plans.perPerson"), t("plans.perPersonHint")],
  ] as const;
  return (
    <FormDialog
      title={name === undefined ? t("plans.add") : t("plans.changeOf", { name })}
      submit={t("action.save")}
      isBusy={save.isPending}
      isReady={isReady}
      onClose={onClose}
      onSubmit={(form) =>
        save.mutate({
          to: name ?? textOf(form, "name"),
          body: {
            questionsPerDay: questionsOf(form, "questionsPerDay"),
            questionsPerContactDay: questionsOf(form, "questionsPerContactDay"),
          },
        })
      }
    >
      {error !== null && (
        <Alert color="red" variant="light" role="alert">
          {error.message}
        </Alert>
      )}
      {name === undefined && (
        <TextInput
          name="name"
          label={t("plans.name")}
          description={t("plans.nameHint")}
          pattern="[a-z][a-z0-9\-]{0,39}"
          autoComplete="off"
          required
          withAsterisk={false}
        />
      )}
      {isReady &&
        fields.map(([field, label, description]) => (
          <NumberInput
            key={field}
            name={field}
            label={label}
            description={description}
            defaultValue={read.data?.plan[field] ?? ""}
            min={1}
            max={MOST_QUESTIONS}
            allowDecimal={false}
            hideControls
          />
        ))}
    </FormDialog>
  );
}

/** Null: as many as they ask. */
function questionsOf(form: FormData, name: string): number | null {
  const typed = textOf(form, name);
  return typed === "" ? null : Number(typed);
}
