import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";
import DetailsPane from "./details-pane.tsx";

/** The details, where there is no room beside the conversation. */
export default function DetailsDrawer({
  conversationId,
  onClose,
}: {
  readonly conversationId: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="sm"
      title={t("inbox.details")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <DetailsPane conversationId={conversationId} />
    </Drawer>
  );
}
