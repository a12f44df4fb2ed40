import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Draft } from "./draft.ts";
import { FieldDiff } from "./field-diff.tsx";

/** Somebody else saved meanwhile: shows field by field what they have and what stands here, and lets one choose. */
export default function ConflictDialog({
  mine,
  theirs,
  isSaving,
  onMine,
  onTheirs,
  onClose,
}: {
  readonly mine: Draft;
  readonly theirs: Draft;
  readonly isSaving: boolean;
  readonly onMine: () => void;
  readonly onTheirs: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("conflict.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Text size="sm">{t("conflict.lead")}</Text>
        <FieldDiff
          one={{ label: t("conflict.theirs"), draft: theirs }}
          other={{ label: t("conflict.mine"), draft: mine }}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("conflict.goOn")}
          </Button>
          <Button variant="default" onClick={onTheirs}>
            {t("conflict.takeTheirs")}
          </Button>
          <Button loading={isSaving} onClick={onMine}>
            {t("conflict.takeMine")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
