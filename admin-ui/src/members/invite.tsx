import { Alert, Button, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { POST } from "../api/api.ts";
import type { Role } from "../shell/session.ts";
import { ROLES, roleNamed } from "./roles.ts";
import { OnceToCopy } from "./shown-once.tsx";

/** Asks for somebody's address and role, then shows the link, which is nowhere else. */
export default function Invite({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [role, setRole] = useState<Role>("agent");
  const invite = useMutation({
    mutationFn: async (body: { email: string; role: Role }) =>
      (await POST("/api/v1/invitations", { body })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["invitations"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email")).trim();
    invite.mutate({ email, role });
  };
  const isDone = invite.data !== undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={!isDone}
      closeOnEscape={!isDone}
      title={isDone ? t("once.inviteTitle", { email: invite.data.email }) : t("members.invite")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {isDone ? (
        <OnceToCopy value={invite.data.url} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm" className="soft">
              {t("members.inviteHint")}
            </Text>
            {invite.error !== null && (
              <Alert color="red" variant="light" role="alert">
                {invite.error.message}
              </Alert>
            )}
            <TextInput
              name="email"
              type="email"
              label={t("members.email")}
              required
              withAsterisk={false}
              autoComplete="off"
              maxLength={254}
            />
            <Radio.Group
              label={t("members.role")}
              value={role}
              onChange={(value) => setRole(roleNamed(value))}
            >
              <Stack gap="xs" mt="xs">
                {ROLES.map((value) => (
                  <Radio
                    key={value}
                    value={value}
                    label={t(`role.${value}`)}
                    description={t(`members.roleHint.${value}`)}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <Button type="submit" loading={invite.isPending}>
              {t("members.invite")}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
