import { Alert, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { POST } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";

/** A new institution, and the link for its owner, which is shown this once. */
export default function NewTenant({
  onClose,
  onMade,
}: {
  readonly onClose: () => void;
  readonly onMade: (invitation: { email: string; url: string }) => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: async (body: { name: string; slug: string; ownerEmail: string }) =>
      (await POST("/api/v1/tenants", { body })).data,
    onSuccess: async ({ invitation }) => {
      onMade(invitation);
      onClose();
      await queries.invalidateQueries({ queryKey: ["tenants"] });
    },
  });
  const field = { required: true, withAsterisk: false, autoComplete: "off" } as const;
  return (
    <FormDialog
      title={t("tenants.add")}
      submit={t("tenants.add")}
      isBusy={make.isPending}
      onClose={onClose}
      onSubmit={(form) =>
        make.mutate({
          name: textOf(form, "name"),
          slug: textOf(form, "slug"),
          ownerEmail: textOf(form, "ownerEmail"),
        })
      }
    >
      {make.error !== null && (
        <Alert color="red" variant="light" role="alert">
          {make.error.message}
        </Alert>
      )}
      <TextInput {...field} name="name" label={t("tenants.name")} maxLength={120} />
      <TextInput
        {...field}
        name="slug"
        label={t("tenants.slug")}
        description={t("tenants.slugHint")}
        pattern="[a-z][a-z0-9\-]{1,39}"
      />
      <TextInput {...field} name="ownerEmail" type="email" label={t("tenants.ownerEmail")} />
    </FormDialog>
  );
}
