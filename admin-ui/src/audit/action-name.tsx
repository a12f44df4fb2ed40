import { useTranslation } from "react-i18next";

/** An action in the reader's language, where it has a name there; its words come after those of the view. */
export default function ActionName({ action }: { readonly action: string }) {
  const { t } = useTranslation();
  return <>{t(`audit.action.${action}`, { defaultValue: action })}</>;
}
