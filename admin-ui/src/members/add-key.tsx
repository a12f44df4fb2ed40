import { Alert, Button, Checkbox, Modal, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { POST } from "../api/api.ts";
import { SCOPES, scopeKey } from "./scopes.ts";
import { OnceToCopy } from "./shown-once.tsx";

type Draft = Schema<"AddKeyRequest">;

/** Asks what a program may, then shows its key, which is nowhere else. */
export default function AddKey({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [scopes, setScopes] = useState<readonly string[]>(["ask"]);
  const add = useMutation({
    mutationFn: async (body: Draft) => (await POST("/api/v1/api-keys", { body })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["api-keys"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const day = String(form.get("expires"));
    add.mutate({
      name: String(form.get("name")).trim(),
      scopes: SCOPES.filter((scope) => scopes.includes(scope)),
      // To the end of that day, where whoever chose it is.
      ...(day !== "" && { expiresAt: new Date(`${day}T23:59:59`).toISOString() }),
    });
  };
  const isDone = add.data !== undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={!isDone}
      closeOnEscape={!isDone}
      title={isDone ? t("once.keyTitle", { name: add.data.name }) : t("keys.add")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {isDone ? (
        <OnceToCopy value={add.data.key} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {add.error !== null && (
              <Alert color="red" variant="light" role="alert">
                {add.error.message}
              </Alert>
            )}
            <TextInput
              name="name"
              label={t("keys.name")}
              description={t("keys.nameHint")}
              required
              withAsterisk={false}
              maxLength={100}
              autoComplete="off"
            />
            <Checkbox.Group
              label={t("keys.scopes")}
              value={[...scopes]}
              onChange={setScopes}
              error={scopes.length === 0 && t("keys.noScope")}
            >
              <SimpleGrid cols={2} mt="xs" spacing="xs">
                {SCOPES.map((scope) => (
                  <Checkbox key={scope} value={scope} label={t(scopeKey(scope))} />
                ))}
              </SimpleGrid>
            </Checkbox.Group>
            <TextInput
              name="expires"
              type="date"
              label={t("keys.expires")}
              description={t("keys.expiresHint")}
            />
            <Button type="submit" loading={add.isPending} disabled={scopes.length === 0}>
              {t("keys.add")}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
