import { Alert, Button, Checkbox, Modal, Stack, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useAddByAddress } from "./queries.ts";

export default function AddByAddress({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const add = useAddByAddress(onClose);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    add.mutate({
      title: String(form.get("title")).trim(),
      url: String(form.get("url")).trim(),
      isPublic: form.get("isPublic") !== null,
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("documents.addUrl")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          {add.error !== null && (
            <Alert color="red" variant="light" role="alert">
              {add.error.message}
            </Alert>
          )}
          <TextInput
            name="title"
            label={t("documents.title")}
            description={t("documents.titleHint")}
            required
            withAsterisk={false}
            maxLength={200}
          />
          <TextInput
            name="url"
            type="url"
            label={t("documents.url")}
            placeholder="https://"
            required
            withAsterisk={false}
          />
          <Checkbox
            name="isPublic"
            label={t("documents.makePublic")}
            description={t("documents.publicHint")}
          />
          <Button type="submit" loading={add.isPending}>
            {t("documents.add")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
