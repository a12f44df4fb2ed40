import { Alert, Modal, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ToCopy } from "../parts/to-copy.tsx";

/** A link or a key that is nowhere else: it is gone when this closes, which only its button does. */
export default function ShownOnce({
  title,
  value,
  onClose,
}: {
  readonly title: string;
  readonly value: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={title}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <OnceToCopy value={value} />
    </Modal>
  );
}

export function OnceToCopy({ value }: { readonly value: string }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Alert color="yellow" variant="light" py="xs" role="status">
        {t("once.warning")}
      </Alert>
      <ToCopy label={t("once.value")} value={value} />
    </Stack>
  );
}
