import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

const SHORTCUTS = [
  ["j", "shortcuts.next"],
  ["k", "shortcuts.previous"],
  ["t", "shortcuts.take"],
  ["r", "shortcuts.reply"],
  ["n", "shortcuts.note"],
  ["Ctrl + Enter", "shortcuts.send"],
  ["/", "shortcuts.search"],
  ["?", "shortcuts.help"],
] as const;

export default function ShortcutsHelp({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("shortcuts.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack gap="xs">
        {SHORTCUTS.map(([key, name]) => (
          <Group key={key} justify="space-between">
            <Text size="sm">{t(name)}</Text>
            <Kbd>{key}</Kbd>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
