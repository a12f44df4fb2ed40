import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** A question with a few fields: what stands in them is handed over as it was typed. */
export function FormDialog({
  title,
  lead,
  submit,
  color,
  isBusy,
  isReady = true,
  onClose,
  onSubmit,
  children,
}: {
  readonly title: string;
  readonly lead?: string | undefined;
  /** What the button says. */
  readonly submit: string;
  /** Of what cannot be taken back: red. */
  readonly color?: string | undefined;
  readonly isBusy: boolean;
  readonly isReady?: boolean;
  readonly onClose: () => void;
  readonly onSubmit: (form: FormData) => void;
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation();
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={send}>
        <Stack>
          {lead !== undefined && <Text size="sm">{lead}</Text>}
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={isBusy} disabled={!isReady} {...(color && { color })}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

export function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? "").trim();
}
